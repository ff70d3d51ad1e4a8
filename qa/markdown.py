"""Words as Markdown in which nothing is a mark, for programs that will show them as such."""

from __future__ import annotations

import re

# Whatever may begin a mark of CommonMark or of GitHub's dialect of it, anywhere or at the beginning of a line. What
# stands in the middle of ordinary prose (full stops, commas, hyphens, brackets) is left as it is.
ANYWHERE = re.compile(r"[\\`*_\[\]<>~|&$]")
AT_THE_START = re.compile(r"^(?:[#+\-=:]|\d+(?=[.)]))")


def escape_markdown(text: str) -> str:
    """Return text on one line that Markdown shows as it is."""
    line = ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    start = AT_THE_START.match(line)
    if start is None:
        return line
    if start.group()[0].isdigit():
        return f"{start.group()}\\{line[start.end() :]}"
    return f"\\{line}"
