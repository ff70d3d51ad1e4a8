"""QAGS: does what checks an answer tell sentences that an article supports from those that it does not?

    python benchmarks/qags.py --data DATA --work WORK

Sentences of machine-written summaries, judged by three people each. The verifier of `qa/verify.py` says which numbers,
names and quotations of a sentence its citation does not hold: here it cites the whole article. The other rows are parts
of Dateline by themselves. Nothing is fitted on the set, which is in lower case but for the first letter of a sentence:
names cannot be told from other words in it, so that the verifier is at its weakest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from data import records, sample
from harness import Bench, run
from measures import area_under_curve

from corpus.normalise import normalise_text
from corpus.sentences import sentence_spans
from corpus.types import Article
from qa.evaluation.answers import squad_normal
from qa.terms import keys
from qa.types import Citation, Sentence
from qa.verify import unsupported
from vectorstore.embedder import Embedder, load_embedder

SETS = ("cnndm", "xsum")
JOINED = 2  # sentences of an article that a summary sentence may draw on at once
SIGNALS = (
    "verifier: supported or not",
    "verifier: claims missing",
    "words held by two sentences",
    "pairs of words held by one sentence",
    "meaning: nearest sentence",
    "pairs and meaning",
)


def measure(bench: Bench) -> dict[str, Any]:
    """Score every sentence by each signal; higher says supported."""
    judged = list(records(bench.data / "qags" / "all.jsonl.gz"))
    every = sample(judged, bench.most)
    embedder = load_embedder()
    scores = np.array([list(_signals(record, embedder)) for record in every])
    scores = np.column_stack([scores, _ranks(scores[:, 3]) + _ranks(scores[:, 4])])
    supported = np.array([record["consistent"] for record in every])
    parts = {name: np.array([record["set"] == name for record in every]) for name in SETS}
    parts["all"] = np.ones(len(every), bool)
    rows = {
        signal: {part: area_under_curve(supported[inside], column[inside]) for part, inside in parts.items()}
        for signal, column in zip(SIGNALS, scores.T, strict=True)
    }
    flagged = scores[:, 0] == 0
    verdicts = {
        "verifier": {
            "sentences": len(every),
            "unsupported": int((~supported).sum()),
            "flagged": int(flagged.sum()),
            "precision": float((~supported)[flagged].mean()),
            "recall": float(flagged[~supported].mean()),
        }
    }
    return {"sample": f"{len(every)} of {len(judged)} sentences", "tables": {"auc": rows, "verdicts": verdicts}}


def _signals(record: Mapping[str, Any], embedder: Embedder) -> Iterator[float]:
    text, said = normalise_text(record["article"]), normalise_text(record["sentence"])
    article = Article(record["id"], "", text, None, "")
    cited = Citation(1, article.id, "", "", "", "", 0, len(text), text)
    missing = unsupported(Sentence(said, (1,)), {1: cited}, {article.id: article}, {})
    yield float(not missing)
    yield -float(len(missing))
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    yield _words_held(said, sentences)
    yield _pairs_held(said, sentences)
    vectors = embedder.embed_queries([said, *sentences])
    yield float((vectors[1:] @ vectors[0]).max())


def _words_held(said: str, sentences: list[str]) -> float:
    """Return the largest share of a sentence's words of meaning that two sentences in a row hold."""
    wanted = keys(said)
    held = [keys(sentence) for sentence in sentences]
    runs = [frozenset().union(*held[place : place + JOINED]) for place in range(len(held))]
    return max(len(wanted & run) for run in runs) / len(wanted) if wanted else 1.0


def _pairs_held(said: str, sentences: list[str]) -> float:
    """Return the largest share of a sentence's pairs of words that one sentence holds (ROUGE-2 precision, Lin 2004)."""
    wanted = _pairs(said)
    return max(len(wanted & _pairs(sentence)) for sentence in sentences) / len(wanted) if wanted else 1.0


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(squad_normal(text).split()))


def _ranks(values: Any) -> Any:
    """Return ranks, so that two signals weigh alike."""
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


if __name__ == "__main__":
    run("qags", __doc__ or "", measure, most=10_000)
