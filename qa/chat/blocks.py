"""The page as Gradio builds it: its parts, and what a visitor's clicks do.

Gradio is imported inside functions, after its switches are set; this module therefore does not postpone the
evaluation of annotations, which Gradio reads to find out what a function takes.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from corpus.errors import DatelineError
from qa.chat.conversation import OUR_MISTAKE, Turns, converse, stop
from qa.chat.page import ICON, MASTHEAD, fitting_examples, read_asset, render_archive, render_composer, render_welcome
from qa.chat.render import render_conversation
from qa.chat.request import read_target
from qa.chat.source import render_missing, render_source
from qa.chat.types import Answerer, Example

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import HTML, Blocks

ASKED_AT_ONCE = 2  # as many questions are answered at the same time as the smallest machine has cores
WAITING_AT_MOST = 64  # further ones are told at once that the server is busy

# Questions about the articles that come with Dateline; each is offered only where its article is in the archive.
EXAMPLES = (
    Example("When was the first India-Japan 2+2?", "2019-11-30-india-japan-first"),
    Example("When did the Kestrel rocket first reach orbit?", "2020-01-17-kestrel-second-launch-succeeds"),
    Example("How many years in prison did Garrick get?", "2018-01-27-garrick-sentenced-mail"),
    Example("Why was the Lantern Fair cancelled in 2020?", "2020-06-04-lantern-fair-cancelled"),
    Example("Who won the Three Lakes Run in 2023?", "2023-09-11-three-lakes-run-balint"),
)

FONT, FIXED_FONT = ("system-ui", "sans-serif"), ("ui-monospace", "monospace")  # the reader's own: nothing is fetched
HEAD = '<meta name="color-scheme" content="light dark"><link rel="icon" href="{icon}"><style>{style}</style>'
NEVER = str(2**31)
PRIVATELY: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
QUIETLY: dict[str, Any] = {**PRIVATELY, "queue": False}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that change: each is a piece of HTML of our own."""

    welcome: "HTML"
    conversation: "HTML"
    panel: "HTML"
    composer: "HTML"


def build_page(answerer: Answerer, *, today: Callable[[], date]) -> "Blocks":
    """Return the page; `today` tells the day on which a question is asked."""
    quieten_gradio()
    import gradio as gr

    page: Blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with page:
        parts = _lay_out(answerer)
        page.load(partial(_surroundings, answerer), outputs=[parts.welcome, parts.panel, parts.composer], **QUIETLY)
        _connect(parts, answerer, today)
    page.queue(max_size=WAITING_AT_MOST, default_concurrency_limit=ASKED_AT_ONCE)
    return page


def mount_page(application: "FastAPI", page: "Blocks") -> None:
    """Put the page at `/` of an HTTP application, without any route of Gradio's that it does not need."""
    import gradio as gr

    gr.mount_gradio_app(
        application,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        theme=gr.themes.Base(font=FONT, font_mono=FIXED_FONT),
        head=HEAD.format(icon=ICON, style=read_asset("style.css")),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size=1,
    )


def _surroundings(answerer: Answerer) -> tuple[str, str, str]:
    """Return the welcome, the archive's description and the question's form, as the archive is now."""
    status = answerer.store.status()
    questions = fitting_examples(answerer.store, EXAMPLES)
    return render_welcome(status, questions), render_archive(status), render_composer(answerer.store.sources())


def _lay_out(answerer: Answerer) -> Parts:
    import gradio as gr

    def open_source(sent: object) -> str:
        return show_source(answerer, sent)

    def part(name: str, html: str, script: str | None = None, **more: Any) -> gr.HTML:
        js = read_asset(script) if script else None
        return gr.HTML(html, elem_id=name, js_on_load=js, padding=False, apply_default_css=False, **more)

    welcome, archive, composer = _surroundings(answerer)
    part("masthead", MASTHEAD)
    return Parts(
        welcome=part("welcome", welcome),
        conversation=part("conversation", render_conversation(())),
        panel=part("source-panel", archive, "panel.js", server_functions=[open_source]),
        composer=part("composer", composer, "composer.js"),
    )


def _connect(parts: Parts, answerer: Answerer, today: Callable[[], date]) -> None:
    """Let the form ask and stop. The conversation is a value of the visitor's session: it has no public endpoint."""
    import gradio as gr

    turns = gr.State(())

    def ask(event: gr.EventData, earlier: Turns) -> Iterator[tuple[Turns, str]]:
        for grown in converse(answerer, event._data, earlier, today()):
            yield grown, render_conversation(grown)

    def stop_asking(grown: Turns) -> tuple[Turns, str]:
        stopped = stop(grown)
        return stopped, render_conversation(stopped)

    def restart() -> tuple[Turns, str]:
        return (), render_conversation(())

    flow: dict[str, Any] = {"inputs": [turns], "outputs": [turns, parts.conversation], **PRIVATELY}
    # After a cancelled run Gradio's client takes the event for still pending and with "once" never sends another;
    # the form itself lets only one question through at a time.
    asking = parts.composer.ask(ask, api_name="chat", trigger_mode="multiple", concurrency_id="ask", **flow)
    parts.composer.stop(stop_asking, api_name="stop", cancels=[asking], queue=False, **flow)
    parts.composer.restart(restart, outputs=flow["outputs"], api_name="restart", **QUIETLY)


def show_source(answerer: Answerer, sent: object) -> str:
    """Return the source panel for what a clicked link sent, or the panel that says why there is nothing to show."""
    try:
        target = read_target(sent)
        return render_source(answerer.article(target.article_id), target)
    except DatelineError as problem:
        return render_missing(str(problem))
    except ValueError as problem:
        return render_missing(f"This link cannot be opened: {problem}")
    except Exception:  # the page must outlive a defect; its full story goes to the log
        log.exception("a source could not be opened")
        return render_missing(OUR_MISTAKE)


def quieten_gradio() -> None:
    """Switch off Gradio's telemetry, which looks up outside hosts as it starts, and its summaries of the traffic.

    To be called before Gradio is imported.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = NEVER  # of events between two summaries, made by pandas
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
