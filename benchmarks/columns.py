"""The parts of `benchmarks/README.md`: columns, tables, sections, and the columns that several tables have."""

from __future__ import annotations

from dataclasses import dataclass

from qa.evaluation.metrics import BY_NAME


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: the key of its values, its head, what it means, and how many digits are shown."""

    key: str
    label: str
    meaning: str
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a result: its key, what it is about, the head of its first column, and its other columns."""

    key: str
    about: str
    rows: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that somebody else published; it was not measured here."""

    what: str
    who: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A benchmark: the name of its script and results, a title, what it asks, and its tables."""

    name: str
    title: str
    about: str
    tables: tuple[Table, ...]
    published: tuple[Published, ...] = ()
    caution: str = ""


def score(name: str, label: str = "") -> Column:
    """Return the column of a score of `dateline eval`, which defines it."""
    return Column(name, label or BY_NAME[name].label, BY_NAME[name].meaning)


HIT_4 = Column("hit@4", "hit@4", "share of questions any of whose evidence the first 4 passages hold")
RECALL_4 = Column("evidence_recall@4", "recall@4", "share of the pieces of evidence held by the first 4 passages")
QUESTIONS = Column("questions", "n", "questions", 0)
ANSWERED = Column("answered", "answered", "share of questions that were not refused")
P50 = Column("p50 ms", "p50 ms", "milliseconds that half of the questions took at most", 0)
P95 = Column("p95 ms", "p95 ms", "milliseconds that 95 % of the questions took at most", 0)
