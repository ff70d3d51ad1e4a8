"""Pages of our own beside the chat: no script, nothing loaded."""

from __future__ import annotations

from html import escape

STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.55 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
code,pre{font:.9em/1.5 ui-monospace,monospace}
pre{padding:.8rem;overflow-x:auto;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.4rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0}
.sign-in{max-width:20rem;margin:12vh auto}.sign-in label{display:block;margin:.8rem 0}
.sign-in input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.45rem}
.sign-in button{font:inherit;padding:.45rem 1rem}
.problem{border-left:.25rem solid #c33;padding-left:.6rem}
"""


def plain_page(title: str, body: str) -> str:
    """Return a page of HTML; `title` is text, `body` HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Dateline</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )
