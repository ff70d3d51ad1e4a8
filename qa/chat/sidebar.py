"""The side of the page: where to go, and the conversations that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.memory.types import Conversation

TOPBAR = (
    '<header class="topbar"><button type="button" class="quiet" data-menu aria-expanded="false" aria-controls="side">'
    '<span aria-hidden="true">☰</span> Menu</button><span class="brand" aria-hidden="true">Dateline</span>'
    '<button type="button" class="quiet" data-restart>New</button></header>'
)

SIDEBAR = (
    '<div class="side"><div class="side-head"><h1 class="brand">Dateline</h1>'
    '<button type="button" class="quiet" data-menu-close>Close</button></div>'
    '<p class="motto">Answers from dated articles, each with its source.</p>'
    '<nav aria-label="Pages"><a class="page-link" href="#ask" data-page="ask">Ask</a>'
    '<a class="page-link" href="#archive" data-page="archive">Archive</a></nav>'
    '<button type="button" class="new" data-restart>New conversation</button></div>'
)

# Filled in and shown by the page's script; there is one of it, because only one can be open.
SHEET = (
    '<dialog class="sheet" id="conversation-sheet" aria-labelledby="sheet-title"><form method="dialog">'
    '<h2 id="sheet-title">Conversation</h2>'
    '<label>Title <input type="text" name="title" maxlength="120" dir="auto" required></label>'
    '<p class="sheet-row"><button type="submit" class="send" data-rename>Rename</button>'
    '<button type="button" class="quiet" data-export="md">Export as Markdown</button>'
    '<button type="button" class="quiet" data-export="json">Export as JSON</button></p>'
    '<p class="sheet-row"><button type="button" class="quiet danger" data-delete>Delete conversation</button>'
    '<button type="button" class="quiet" data-cancel>Cancel</button></p></form></dialog>'
    '<dialog class="sheet" id="confirm-sheet" aria-labelledby="confirm-title"><form method="dialog">'
    '<h2 id="confirm-title"></h2><p id="confirm-words"></p><p class="sheet-row">'
    '<button type="submit" class="send danger" value="yes">Delete</button>'
    '<button type="submit" class="quiet" value="no" autofocus>Cancel</button></p></form></dialog>'
)


def render_history(conversations: Sequence[Conversation], current: str = "") -> str:
    """Return the list of conversations, the latest first; `current` is the id of the one that is shown."""
    if not conversations:
        return '<p class="hint">Conversations are kept here, on this server, until you delete them.</p>'
    rows = "".join(_row(conversation, conversation.id == current) for conversation in conversations)
    return (
        f'<nav aria-label="Conversations"><h2 class="label">Conversations</h2><ul class="history">{rows}</ul></nav>'
        '<button type="button" class="quiet" data-export-feedback>Export my feedback as questions</button>'
    )


def _row(conversation: Conversation, current: bool) -> str:
    title, mark = escape(conversation.title), ' aria-current="true"' if current else ""
    return (
        f'<li><a href="#c={escape(conversation.id)}" data-conversation-link="{escape(conversation.id)}"{mark}'
        f' dir="auto">{title}</a><button type="button" class="quiet more" data-sheet="{escape(conversation.id)}"'
        f' data-title="{title}" aria-label="Rename, export or delete: {title}">⋯</button></li>'
    )
