"""The page as Gradio builds it: its parts, and what a visitor's clicks do.

Gradio is imported inside functions, after its switches are set; this module therefore does not postpone the
evaluation of annotations, which Gradio reads to find out what a function takes.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.errors import DatelineError
from qa.chat.clerk import Clerk
from qa.chat.conversation import OUR_MISTAKE, Visitor, converse, judge, resume, stop
from qa.chat.page import ICON, fitting_examples, read_asset, render_archive, render_composer, render_welcome
from qa.chat.render import render_talk
from qa.chat.request import read_name
from qa.chat.sidebar import SHEET, SIDEBAR, TOPBAR, render_history
from qa.chat.types import Answerer, Example, Failed, Talk, Turn
from qa.memory.memory import Memory
from qa.server.identify import OWNER_HEADER
from qa.uploads import Uploads

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import HTML, Blocks, Request

# Questions wait at the desk, in one line with those of programs, and each of them in a thread: of those there must be
# enough for clicks as well. Gradio's own line is only for what goes beyond.
ASKED_AT_ONCE, THREADS = 96, 128
WAITING_AT_MOST = 64  # beyond; further questions are told at once that the server is busy

# Questions about the articles that come with Dateline; each is offered only where its article is in the archive.
EXAMPLES = (
    Example("When was the first India-Japan 2+2?", "2019-11-30-india-japan-first"),
    Example("When did the Kestrel rocket first reach orbit?", "2020-01-17-kestrel-second-launch-succeeds"),
    Example("How many years in prison did Garrick get?", "2018-01-27-garrick-sentenced-mail"),
    Example("Why was the Lantern Fair cancelled in 2020?", "2020-06-04-lantern-fair-cancelled"),
    Example("Who won the Three Lakes Run in 2023?", "2023-09-11-three-lakes-run-balint"),
)

FONT, FIXED_FONT = ("system-ui", "sans-serif"), ("ui-monospace", "monospace")  # the reader's own: nothing is fetched
STYLES = ("style.css", "turn.css", "side.css", "archive.css")
HEAD = (
    '<meta name="color-scheme" content="light dark"><link rel="icon" href="{icon}">'
    "<style>{style}</style><script>{script}</script>"
)
NEVER = str(2**31)
PRIVATELY: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
QUIETLY: dict[str, Any] = {**PRIVATELY, "queue": False}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that change: each is a piece of HTML of our own."""

    sidebar: "HTML"
    history: "HTML"
    welcome: "HTML"
    earlier: "HTML"
    latest: "HTML"
    panel: "HTML"
    composer: "HTML"
    shelf: "HTML"


@dataclass(frozen=True, slots=True)
class Backing:
    """What the page stands on: who answers, what is kept, who takes articles in (None: nobody), and what day it is."""

    answerer: Answerer
    memory: Memory
    uploads: Uploads | None
    today: Callable[[], date]

    @property
    def clerk(self) -> Clerk:
        """What answers what the page asks for besides answers."""
        return Clerk(self.answerer, self.memory, self.uploads, self.today)

    def visitor(self, request: "Request") -> Visitor:
        """Return who a request is from."""
        return Visitor(request.headers.get(OWNER_HEADER, ""), self.memory, self.today())


def build_page(
    answerer: Answerer, *, memory: Memory, uploads: Uploads | None = None, today: Callable[[], date]
) -> "Blocks":
    """Return the page; `today` tells the day on which a question is asked. Without `uploads` nobody adds or deletes."""
    quieten_gradio()
    import gradio as gr

    backing = Backing(answerer, memory, uploads, today)
    page: Blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    page.max_threads = THREADS
    with page:
        parts = _lay_out(backing)
        _open(page, parts, backing)
        _connect(parts, backing)
        _keep(parts, backing)
    page.queue(max_size=WAITING_AT_MOST, default_concurrency_limit=ASKED_AT_ONCE)
    return page


def mount_page(application: "FastAPI", page: "Blocks") -> None:
    """Put the page at `/` of an HTTP application, without any route of Gradio's that it does not need."""
    import gradio as gr

    style = "\n".join(read_asset(name) for name in STYLES)
    gr.mount_gradio_app(
        application,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        theme=gr.themes.Base(font=FONT, font_mono=FIXED_FONT),
        head=HEAD.format(icon=ICON, style=style, script=read_asset("shared.js")),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size=1,
    )


def _surroundings(backing: Backing) -> tuple[str, str, str, str]:
    """Return the welcome, the archive's description, the question's form and the archive's page, as they are now."""
    store = backing.answerer.store
    status, questions = store.status(), fitting_examples(store, EXAMPLES)
    shelf = backing.clerk.shelf()
    welcome = render_welcome(status, questions, open_to=backing.uploads is not None)
    return welcome, render_archive(status, store.days()), render_composer(store.sources()), shelf


def _lay_out(backing: Backing) -> Parts:
    import gradio as gr

    def part(name: str, html: str, script: str | None = None, **more: Any) -> gr.HTML:
        js = read_asset(script) if script else None
        return gr.HTML(html, elem_id=name, js_on_load=js, padding=False, apply_default_css=False, **more)

    clerk = backing.clerk
    welcome, archive, composer, shelf = _surroundings(backing)
    part("topbar", TOPBAR)
    part("sheets", SHEET)
    with gr.Column(elem_id="side"):
        sidebar = part("sidebar", SIDEBAR, "sidebar.js", server_functions=for_page(clerk.export, clerk.feedback))
        history = part("history", render_history(()))
    welcome_part = part("welcome", welcome)
    with gr.Column(elem_id="conversation"):
        earlier, latest = (
            part(name, html) for name, html in zip(("earlier", "latest"), render_talk(Talk()), strict=True)
        )
    opening = for_page(clerk.open_source, clerk.open_evidence)
    composing = for_page(clerk.follow_ups)
    shelving = for_page(clerk.browse, clerk.take_text, clerk.take_out)
    part("follow-ups", '<div class="follow-ups" role="group" aria-label="Further questions"></div>')
    return Parts(
        sidebar=sidebar,
        history=history,
        welcome=welcome_part,
        earlier=earlier,
        latest=latest,
        panel=part("source-panel", archive, "panel.js", server_functions=opening),
        composer=part("composer", composer, "composer.js", server_functions=composing),
        shelf=part("shelf", shelf, "archive.js", server_functions=shelving),
    )


def for_page(*functions: Callable[[str, object], str]) -> list[Callable[..., dict[str, str]]]:
    """Return functions of an owner and what a browser sent as the functions of a request that Gradio calls.

    Each gives `html`, which may be plain text, or `problem`, which is; a defect is logged, and the page outlives it.
    """
    import gradio as gr

    def told(function: Callable[[str, object], str]) -> Callable[..., dict[str, str]]:
        def called(sent: Any, request: gr.Request) -> dict[str, str]:
            try:
                return {"html": function(request.headers.get(OWNER_HEADER, ""), sent), "problem": ""}
            except DatelineError as problem:
                return {"html": "", "problem": str(problem)}
            except Exception:
                log.exception("a click could not be answered")
                return {"html": "", "problem": OUR_MISTAKE}

        called.__name__ = function.__name__
        return called

    return [told(function) for function in functions]


def _open(page: "Blocks", parts: Parts, backing: Backing) -> None:
    """Fill the page when it is opened, and again when the archive has changed."""
    import gradio as gr

    surroundings = [parts.welcome, parts.panel, parts.composer, parts.shelf]

    def refresh() -> tuple[str, str, str, str]:
        return _surroundings(backing)

    def list_conversations(request: gr.Request) -> str:
        visitor = backing.visitor(request)
        return render_history(visitor.memory.conversations(visitor.owner))

    page.load(refresh, outputs=surroundings, **QUIETLY)
    page.load(list_conversations, outputs=parts.history, **QUIETLY)
    parts.shelf.changed(refresh, outputs=surroundings, api_name="changed", **QUIETLY)


def _connect(parts: Parts, backing: Backing) -> None:
    """Let the form ask and stop, and a visitor say what they think of an answer."""
    import gradio as gr

    shown = [parts.earlier, parts.latest, parts.history]

    def history(visitor: Visitor, talk: Talk) -> str:
        return render_history(visitor.memory.conversations(visitor.owner), talk.id)

    def ask(event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        visitor = backing.visitor(request)
        talk, begun = Talk(), False
        for talk in converse(backing.answerer, visitor, event._data):
            earlier, latest = render_talk(talk)
            yield (gr.skip() if begun else earlier), latest, gr.skip()
            begun = True
        yield gr.skip(), gr.skip(), history(visitor, talk)

    def stop_asking(event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        visitor = backing.visitor(request)
        talk = stop(visitor, event._data)
        return *render_talk(talk), history(visitor, talk)

    def note_opinion(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        return render_talk(judge(backing.visitor(request), event._data))

    flow: dict[str, Any] = {"outputs": shown, **PRIVATELY}
    # After a cancelled run Gradio's client takes the event for still pending and with "once" never sends another;
    # the form itself lets only one question through at a time.
    asking = parts.composer.ask(ask, api_name="chat", trigger_mode="multiple", concurrency_id="ask", **flow)
    parts.composer.stop(stop_asking, api_name="stop", cancels=[asking], queue=False, **flow)
    parts.composer.judge(note_opinion, outputs=shown[:2], api_name="judge", **QUIETLY)


def _keep(parts: Parts, backing: Backing) -> None:
    """Let a visitor open, rename and delete conversations that are kept, and begin another."""
    import gradio as gr

    shown = [parts.earlier, parts.latest, parts.history]

    def listed(visitor: Visitor, talk: Talk) -> tuple[str, str, str]:
        return *render_talk(talk), render_history(visitor.memory.conversations(visitor.owner), talk.id)

    def open_conversation(event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        visitor = backing.visitor(request)
        try:
            return listed(visitor, resume(visitor, read_name(event._data, "conversation")))
        except DatelineError as problem:
            return listed(visitor, Talk("", (Turn("", Failed(str(problem))),)))

    def rename(event: gr.EventData, request: gr.Request) -> str:
        visitor, wanted = backing.visitor(request), read_name(event._data, "conversation")
        visitor.memory.rename(visitor.owner, wanted, read_name(event._data, "title"))
        return render_history(visitor.memory.conversations(visitor.owner), read_name(event._data, "current"))

    def forget(event: gr.EventData, request: gr.Request) -> tuple[Any, Any, Any]:
        visitor, wanted = backing.visitor(request), read_name(event._data, "conversation")
        visitor.memory.delete(visitor.owner, wanted)
        if wanted == read_name(event._data, "current"):
            return listed(visitor, Talk())
        kept = render_history(visitor.memory.conversations(visitor.owner), read_name(event._data, "current"))
        return gr.skip(), gr.skip(), kept

    parts.sidebar.resume(open_conversation, outputs=shown, api_name="resume", **QUIETLY)
    parts.sidebar.rename(rename, outputs=parts.history, api_name="rename", **QUIETLY)
    parts.sidebar.forget(forget, outputs=shown, api_name="forget", **QUIETLY)


def quieten_gradio() -> None:
    """Switch off Gradio's telemetry, which looks up outside hosts as it starts, and its summaries of the traffic.

    To be called before Gradio is imported.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = NEVER  # of events between two summaries, made by pandas
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
