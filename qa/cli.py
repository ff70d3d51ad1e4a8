"""The command line: `dateline`, also `python -m qa`.

Exit status 0 means done, 1 that the archive or the input has a problem (one line says which), 2 wrong usage and 130
interrupted. What loads a model is imported by the commands that need it, so that the others start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from corpus.errors import DatelineError
from corpus.walk import walk
from qa.articles import find_article, find_articles
from qa.batch import answer_all
from qa.console import print_record, print_stored, print_text, progress_bar, speak_utf_8, tell, tell_text
from qa.errors import EmptyCorpusError
from qa.evaluation.command import evaluate_file
from qa.expected import expected_articles
from qa.export import answer_markdown
from qa.memory.command import MemoryFile, feedback
from qa.options import AsJson, First, Index, Last, Sources, Today, parse_path, parse_words, print_version
from qa.questions import read_questions
from qa.records import (
    answer_record,
    article_record,
    found_record,
    report_record,
    status_record,
    to_json,
    write_lines,
)
from qa.server.command import AccessFile, keys, users
from qa.settings import HIGHEST_PORT, Settings
from qa.show import answer_text, article_header, hits_text, report_text, status_text
from qa.surroundings import Surroundings, open_as_built, open_to_write
from vectorstore.errors import OutdatedTimesError
from vectorstore.types import Filters, SyncReport

if TYPE_CHECKING:
    from vectorstore.embedder import Embedder

PROBLEM = 1
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells report it
PASSAGES_SHOWN = 10

app = typer.Typer(
    name="dateline",
    help="Answers questions over an archive of dated news articles, with citations that open the article.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def begin(
    context: typer.Context,
    index: Index = None,
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and end")
    ] = False,
) -> None:
    """Keep the options that come before the command."""
    context.obj = replace(context.obj, index=index)


@app.command("index")
def index_articles(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=parse_path, metavar="PATH…", help="Files, and folders with all that is in them"),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles that came from PATH and are gone")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="First embed all articles anew, or their times alone")
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Bring the index in line with files and folders of articles."""
    around: Surroundings = context.obj
    settings = around.settings(index=index)
    if not paths and not rebuild:
        raise typer.BadParameter("name a file or a folder", param_hint="PATH…")
    walk(paths or ())  # refuses a path that does not exist before an index or a model is opened
    report = _sync(settings, around.load_model(settings), paths or (), prune=prune, rebuild=rebuild)
    if as_json:
        print_record(report_record(report))
    else:
        print_text(report_text(report))
    if paths and not (report.added or report.updated or report.unchanged or report.removed):
        raise EmptyCorpusError(f"no article was found in {', '.join(map(str, paths))}")


def _sync(settings: Settings, model: Embedder, paths: Sequence[Path], *, prune: bool, rebuild: bool) -> SyncReport:
    from vectorstore.sync import sync

    renew_times = False
    try:
        opened = open_to_write(settings, model, rebuild=rebuild)
    except OutdatedTimesError:  # an update of Dateline is not to stop whoever adds articles
        tell("the times of all articles are found anew, by this Dateline's tables")
        opened, renew_times = open_to_write(settings, model, rebuild=True), True
    with opened as store, progress_bar() as bar:
        task = bar.add_task("articles", total=None)

        def tell_total() -> None:
            stored = store.status().articles if rebuild or renew_times else 0
            bar.update(task, total=stored + expected_articles(paths))

        def tell_done(articles: int, passages: int) -> None:
            bar.update(task, completed=articles, description=f"articles ({passages} passages)")

        if not bar.disable:
            Thread(target=tell_total, daemon=True).start()  # long folders take a while to count: the work does not wait
        return sync(store, paths, prune=prune, rebuild=rebuild, renew_times=renew_times, progress=tell_done)


@app.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of articles, as `dateline search` shows them")],
    index: Index = None,
) -> None:
    """Remove articles: they cannot be found any more."""
    around: Surroundings = context.obj
    with open_as_built(around.settings(index=index)) as store:
        find_articles(store, ids)
        removed = store.remove(ids)
    print_text(Text(f"removed {removed}\n"))


@app.command()
def ask(  # noqa: PLR0913 one parameter for each option
    context: typer.Context,
    question: Annotated[str, typer.Argument(parser=parse_words, metavar="QUESTION", help="The question")],
    first: First = None,
    last: Last = None,
    sources: Sources = None,
    today: Today = None,
    as_json: AsJson = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown")] = False,
    index: Index = None,
) -> None:
    """Answer one question, with citations."""
    around: Surroundings = context.obj
    if as_json and as_markdown:
        raise typer.BadParameter("not with --json", param_hint="'--markdown'")
    filters = _filters(first, last, sources)
    with around.open_pipeline(around.settings(index=index)) as pipeline:
        answer = pipeline.ask(question, filters=filters, today=today or around.today())
    if as_json:
        print_record(answer_record(answer))
    elif as_markdown:
        print_stored(answer_markdown(answer))
    else:
        print_text(answer_text(answer))


@app.command()
def search(  # noqa: PLR0913 one parameter for each option
    context: typer.Context,
    query: Annotated[str, typer.Argument(parser=parse_words, metavar="QUERY", help="What to look for")],
    k: Annotated[int, typer.Option("-k", min=1, metavar="N", help="How many passages")] = PASSAGES_SHOWN,
    first: First = None,
    last: Last = None,
    sources: Sources = None,
    today: Today = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Show the passages that fit a query, best first."""
    around: Surroundings = context.obj
    filters = _filters(first, last, sources)
    with around.open_pipeline(around.settings(index=index)) as pipeline:
        found = pipeline.search(query, k=k, filters=filters, today=today or around.today())
        articles = pipeline.store.articles(sorted({item.hit.passage.article_id for item in found}))
    if as_json:
        print_record({"query": query, "hits": [found_record(item, articles) for item in found]})
    else:
        print_text(hits_text(found, articles))


@app.command("answer")
def answer_file(
    context: typer.Context,
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Questions, one a line")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="ANSWERS.jsonl", help="Where the answers go")],
    first: First = None,
    last: Last = None,
    sources: Sources = None,
    today: Today = None,
    index: Index = None,
) -> None:
    """Answer a file of questions, one line for each."""
    around: Surroundings = context.obj
    filters, asked_on = _filters(first, last, sources), today or around.today()
    if output.exists() and questions.exists() and output.samefile(questions):
        raise typer.BadParameter("it is the file of the questions", param_hint="'-o'")
    records = read_questions(questions)
    with around.open_pipeline(around.settings(index=index)) as pipeline, progress_bar() as bar:
        answers = answer_all(pipeline, bar.track(records, description="questions"), filters=filters, today=asked_on)
        lines = (
            to_json(answer_record(answer, question_id=record.id))
            for record, answer in zip(records, answers, strict=True)
        )
        write_lines(output, lines)


app.command("eval")(evaluate_file)
app.command("feedback")(feedback)
app.add_typer(users, name="user")
app.add_typer(keys, name="key")


@app.command()
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE_ID", help="Id of an article")],
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Print an article's stored text, in which spans count."""
    around: Surroundings = context.obj
    with open_as_built(around.settings(index=index)) as store:
        article = find_article(store, article_id)
    if as_json:
        print_record(article_record(article))
    else:
        tell_text(article_header(article))
        print_stored(article.text)


@app.command()
def status(context: typer.Context, as_json: AsJson = False, index: Index = None) -> None:
    """Tell what the index holds and whether it is sound."""
    around: Surroundings = context.obj
    with open_as_built(around.settings(index=index)) as store:
        held = store.status()
    if as_json:
        print_record(status_record(held))
    else:
        print_text(status_text(held))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=HIGHEST_PORT, help="Port [default: 7860]")] = None,
    memory: MemoryFile = None,
    access: AccessFile = None,
    index: Index = None,
) -> None:
    """Serve the web chat and the HTTP API until interrupted."""
    around: Surroundings = context.obj
    around.serve(around.settings(index=index, memory=memory, access=access, host=host, port=port))


def _filters(first: date | None, last: date | None, sources: Sequence[str] | None) -> Filters:
    try:
        return Filters(published_from=first, published_to=last, sources=frozenset(sources or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="'--from'") from None


def main(arguments: Sequence[str] | None = None, *, around: Surroundings | None = None) -> int:
    """Run one command and return its exit status."""
    speak_utf_8()
    try:
        status = _run(arguments, around or Surroundings())
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the results has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEM
    return status


def _run(arguments: Sequence[str] | None, around: Surroundings) -> int:
    try:
        app(args=arguments, obj=around, prog_name="dateline")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except DatelineError as problem:
        tell(str(problem))
        return PROBLEM
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0
