"""An answer as a Markdown document: what articles say is text in it, never markup."""

from __future__ import annotations

import re

from qa.markdown import escape_markdown
from qa.show import one_line
from qa.types import Answer, Citation, Status

_LINK = re.compile(r"https?://[^\s<>()\[\]\\]+")


def answer_markdown(answer: Answer) -> str:
    """Return an answer as Markdown, with its timeline as a table and a numbered list of what it cites."""
    parts = [f"# {escape(answer.question)}"]
    if answer.status is Status.NOT_IN_CORPUS:
        parts.append(f"**Not in the archive.** {escape(answer.reason)}".rstrip())
    elif answer.timeline:
        rows = "\n".join(
            f"| {entry.day.replace('/', ' to ')} | {escape(entry.text)} {_marks(entry.citations)} |"
            for entry in answer.timeline
        )
        parts.append(f"| day | what happened |\n| --- | --- |\n{rows}")
    else:
        parts.append(f"**{escape(answer.short_answer)}**")
        parts.append(" ".join(f"{escape(each.text)} {_marks(each.citations)}" for each in answer.sentences))
    parts.extend(f"*{escape(note)}*" for note in answer.notes)
    rivals = [f"- {escape(r.short_answer)} {_marks(r.citations)}: {escape(r.note)}" for r in answer.alternatives]
    parts.extend(["\n".join(rivals)] if rivals else [])
    parts.extend(["\n".join(map(_source, answer.citations))] if answer.citations else [])
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Return text on one line, that Markdown shows as it is and a terminal does not obey."""
    return escape_markdown(one_line(text))


def _marks(numbers: tuple[int, ...]) -> str:
    return "".join(f"\\[{number}\\]" for number in numbers)


def _source(citation: Citation) -> str:
    published = citation.published[: len("YYYY-MM-DD")] or "undated"
    about = ", ".join(filter(None, (escape(citation.source), published)))
    event = f"; event {citation.event.replace('/', ' to ')}" if citation.event else ""
    link = f" <{citation.url}>" if _LINK.fullmatch(citation.url) else ""
    return f"{citation.number}. {escape(citation.title)} ({about}{event}): “{escape(citation.quote)}”{link}"
