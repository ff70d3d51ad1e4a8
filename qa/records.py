"""The records that scripts read: plain values for JSON, the same bytes for the same things."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from corpus.types import Article
from qa.errors import about_file
from qa.types import Alternative, Answer, Citation, NearArticle, Retrieved, Sentence, TimelineEntry, Weighed
from vectorstore.types import Hit, StoreStatus, SyncReport

CONFIDENCE_DIGITS = 4
SCORE_DIGITS = 6
TIMING_DIGITS = 1  # tenths of a millisecond: the clock is no finer in practice


def answer_record(answer: Answer, *, question_id: str = "") -> dict[str, Any]:
    """Return the record of an answer: only `timings_ms` differs from run to run."""
    return {
        "id": question_id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "short_answer": answer.short_answer,
        "answer": answer.text,
        "confidence": round(float(answer.confidence), CONFIDENCE_DIGITS),
        "citations": [_citation_record(citation) for citation in answer.citations],
        "hits": [_hit_record(hit, answer.weighed.get(hit.passage.id)) for hit in answer.hits],
        "reason": _reason(answer),
        "timings_ms": {stage: round(float(spent), TIMING_DIGITS) for stage, spent in answer.timings_ms.items()},
        "sentences": [_sentence_record(sentence) for sentence in answer.sentences],
        "nearest": [_near_record(article) for article in answer.nearest],
        "notes": list(answer.notes),
        "alternatives": [_alternative_record(rival) for rival in answer.alternatives],
        "timeline": [_entry_record(entry) for entry in answer.timeline],
        "implied": list(answer.implied),
        "generation": answer.generation,
    }


def found_record(item: Retrieved, articles: Mapping[str, Article]) -> dict[str, Any]:
    """Return the record of a passage that was found: a hit, with its article and its words."""
    passage = item.hit.passage
    article = articles[passage.article_id]
    return {
        **_hit_record(item.hit, Weighed(item.dense, item.lexical, item.named)),
        "title": article.title,
        "date": _iso(article.published_day),
        "source": article.source,
        "url": article.url,
        "text": passage.text,
        "copies": [{"article_id": copy.article_id, "start": copy.start, "end": copy.end} for copy in item.copies],
    }


def article_record(article: Article) -> dict[str, Any]:
    """Return the record of an article as it is stored; `date` is "" when it has none."""
    return {
        "id": article.id,
        "title": article.title,
        "date": _iso(article.published),
        "updated": _iso(article.updated),
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "language": article.language,
        "content_hash": article.content_hash,
        "metadata": dict(article.metadata),
        "text": article.text,
    }


def report_record(report: SyncReport) -> dict[str, Any]:
    """Return the record of a sync: counts of articles, and each failure with its reason."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "failed": len(report.failed),
        "failures": [{"path": failure.path, "reason": failure.reason} for failure in report.failed],
    }


def status_record(status: StoreStatus) -> dict[str, Any]:
    """Return the record of what an index holds; `earliest` and `latest` are "" when no article has a date."""
    return {
        "folder": status.folder,
        "articles": status.articles,
        "undated": status.undated,
        "passages": status.passages,
        "earliest": _iso(status.earliest),
        "latest": _iso(status.latest),
        "sources": [{"source": count.source, "articles": count.articles} for count in status.sources],
        "model": status.manifest.model,
        "manifest": dataclasses.asdict(status.manifest),
        "generation": status.generation,
        "bytes_on_disk": dict(sorted(status.bytes_on_disk.items())),
        "healthy": status.healthy,
        "problems": list(status.problems),
    }


def to_json(record: dict[str, Any], *, indent: int | None = None) -> str:
    """Return a record as JSON, Unicode as it is; on one line unless indented. Refuses NaN, which is not JSON."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write each line as it comes; readers of `path` see its old content until the last one is there.

    A symbolic link is followed; a pipe or a device is written as it is. When a line cannot be made or written, what
    was there before stays. Raises RecordError when the file cannot be written.
    """
    target = path.resolve()
    special = target.exists() and not target.is_file()
    part = target if special else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with about_file("write", path):
            stream = part.open("w", encoding="utf-8", newline="\n")
        try:
            for line in lines:
                with about_file("write", path):
                    stream.write(line + "\n")
                    stream.flush()
        finally:
            with about_file("write", path):  # what the disk had no room for is tried again
                stream.close()
        with about_file("write", path):
            if not special:
                part.replace(target)
    finally:
        if not special:
            with suppress(OSError):  # it was never made, or has become the target
                part.unlink()


def _reason(answer: Answer) -> str:
    """Return why an answer was refused, with the nearest articles by name."""
    names = "; ".join(f"“{article.title}” ({_day_of(article.published) or 'undated'})" for article in answer.nearest)
    return f"{answer.reason} Nearest: {names}." if names else answer.reason


def _iso(moment: date | None) -> str:
    return moment.isoformat() if moment else ""


def _day_of(moment: str) -> str:
    return moment[: len("YYYY-MM-DD")]  # an ISO 8601 moment begins with its day; "" stays ""


def _citation_record(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "article_id": citation.article_id,
        "title": citation.title,
        "date": _day_of(citation.published),
        "source": citation.source,
        "url": citation.url,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "also_in": list(citation.also_in),
        "event": citation.event,
    }


def _hit_record(hit: Hit, weighed: Weighed | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "article_id": hit.passage.article_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(float(hit.score), SCORE_DIGITS),
    }
    return {**record, **_weighed_record(weighed)} if weighed else record


def _weighed_record(weighed: Weighed) -> dict[str, Any]:
    """Return the scores behind a hit; None is a search or a reader that did not return it."""
    scores = {name: getattr(weighed, name) for name in ("dense", "lexical", "named", "reader")}
    return {name: None if score is None else round(float(score), SCORE_DIGITS) for name, score in scores.items()}


def _sentence_record(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "citations": list(sentence.citations), "rules": list(sentence.rules)}


def _alternative_record(rival: Alternative) -> dict[str, Any]:
    return {
        "short_answer": rival.short_answer,
        "citations": list(rival.citations),
        "confidence": round(float(rival.confidence), CONFIDENCE_DIGITS),
        "note": rival.note,
    }


def _entry_record(entry: TimelineEntry) -> dict[str, Any]:
    return {"day": entry.day, "text": entry.text, "citations": list(entry.citations)}


def _near_record(article: NearArticle) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "title": article.title,
        "date": _day_of(article.published),
        "source": article.source,
    }
