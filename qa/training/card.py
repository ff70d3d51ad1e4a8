"""Writes the model card: what the reader is, what it was trained on and on whose terms, and how it measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LICENCES = {
    "written": ("Dateline's own questions over articles written for it (`qa/training/data/written_qa`)", "Apache-2.0"),
    "stories": ("Dateline's own stories with questions about time", "Apache-2.0"),
    "rivals": ("Dateline's own stories in which similar things stand close together", "Apache-2.0"),
    "series": ("Dateline's own stories of successions, yearly events and their rivals", "Apache-2.0"),
    "asked": (
        "Dateline's own questions about texts of RealTimeQA, NewsQA and CLAP NQ (`qa/training/data/asked`)",
        "Apache-2.0; the texts are their publishers'",
    ),
    "newsqa": ("NewsQA: CNN articles, questions by crowd workers", "research use; the articles are CNN's"),
    "multihop-inference": ("MultiHop-RAG: inference questions", "ODC-BY 1.0; the articles are their publishers'"),
    "multihop-null": ("MultiHop-RAG: questions without an answer", "ODC-BY 1.0; the articles are their publishers'"),
    "clapnq": ("CLAP NQ: unanswerable questions", "Apache-2.0; text from Wikipedia, CC BY-SA"),
    "quiz": ("RealTimeQA: weekly news quizzes with the evidence they gave", "none stated: research use"),
    "quiz-open": ("RealTimeQA: the same with articles found for them", "none stated: research use"),
    "twins": ("Unanswerable twins of the above, made by putting in another name, ordinal or year", "as the above"),
    "squad": ("SQuAD 2.0, a sample", "CC BY-SA 4.0; measured on, not trained on"),
}
_BAR = 20  # characters of a full bar

_HEAD = """# Dateline's reader

A BERT encoder of 22.7 million parameters that marks the words of a passage that answer a question, or says that
the passage does not hold the answer. It started from all-MiniLM-L6-v2 (Apache-2.0), whose 11.7 million
parameters of word embeddings it keeps unchanged; this folder holds the other {parameters} in half precision. It
generates nothing: whatever it answers stands in the passage.

**Input**: `[CLS] question [SEP] title | source | date [SEP] passage [SEP]`. **Output**: a score for each span
of up to {longest_span} word pieces; the absence of an answer scores nought. Training normalises over all spans
of all passages of a question and no answer (shared normalisation, Clark & Gardner 2018), and asks of each
passage alone whether it holds the answer. Hard negatives are passages that BM25 finds over all texts and that
do not hold the answer's words, and the passages that answer a question when one of its names, ordinals or years is
put in for another (twins).

**Use**: English news, answers that are a few words long. **Not for** yes-or-no questions, comparisons, sums, or
reasons that stand in another sentence. It has learned from news between 1970 and 2026, mostly Western and in
English, and shares its gaps. It can point at words that look right in the wrong article: that is what its
confidence, and Dateline's checks after it, are for.
"""

_TERMS = """
Some of these texts may be used for research only, or state no terms. Whether weights trained on them carry those terms
is unsettled; who must avoid the question can train again on the first set alone, which is in the repository:
`python -m qa.training --out DIR`.
"""


def model_card(record: Mapping[str, Any], parameters: int) -> str:
    """Return the card of the weights that a record describes, as Markdown."""
    parts = [
        _HEAD.format(parameters=f"{parameters / 1e6:.1f} million", longest_span=record["longest_span"]),
        "\n## Trained on\n",
        _data_table(record["examples"]),
        _TERMS,
        _training(record["training"]),
        "\n## Measured\n",
        "On questions held out by article, story, quiz day or question. *Given*: only the passages of the right "
        "article (or close to the question) are read. *Among found*: up to four more that retrieval finds. F1 and EM "
        "are over the answerable questions, without refusing; *over all* refuses below the threshold that is best for "
        "the row.\n",
        _measure_table(record["per_source"]),
        "\n## Confidence\n",
        f"A logistic regression on {sum(record['fitted_on'].values())} held-out questions of the rows above; right "
        f"means that half of the words agree (F1 of at least 0.5). Expected calibration error, cross-validated: "
        f"{record['error']:.3f}. Best threshold: {record['threshold']}.\n",
        _curve(record["curve"]),
    ]
    return "\n".join(parts) + "\n"


def _data_table(examples: Mapping[str, Mapping[str, int]]) -> str:
    lines = ["| set | trained on | held out | terms |", "|---|---|---|---|"]
    for source, (name, terms) in LICENCES.items():
        trained, held_out = (examples[part].get(source, 0) for part in ("trained", "held_out"))
        if trained or held_out:
            lines.append(f"| {name} | {trained} | {held_out} | {terms} |")
    return "\n".join(lines)


def _training(training: Mapping[str, Any]) -> str:
    about = (
        f"{training['steps']} steps of {training['questions_per_step']} questions, {training['pieces'] / 1e6:.1f} "
        f"million word pieces in {training['minutes']} minutes, {training['precision']}, seed {training['seed']}."
    )
    notes = "".join(f"\n- {note}" for note in training.get("notes", ()))
    return f"{about}\n{notes}" if notes else about


def _measure_table(per_source: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    lines = ["| set | read | questions | EM | F1 | over all | nulls refused |", "|---|---|---|---|---|---|---|"]
    for source, measured in per_source.items():
        for kind, row in measured.items():
            refused = "" if row["refused"] is None else f"{row['refused']:.3f}"
            answered = (f"{row['exact']:.3f}", f"{row['f1']:.3f}") if row["answerable"] else ("", "")
            lines.append(
                f"| {source} | {kind.replace('_', ' ')} | {row['count']} | {answered[0]} | {answered[1]} | "
                f"{row['best_f1']:.3f} | {refused} |"
            )
    return "\n".join(lines)


def _curve(curve: Sequence[Sequence[float]]) -> str:
    lines = ["| said | right | questions | |", "|---|---|---|---|"]
    for chance, share, count in curve:
        bar = "█" * round(share * _BAR) + "·" * (_BAR - round(share * _BAR))
        lines.append(f"| {chance:.2f} | {share:.2f} | {count} | `{bar}` |")
    return "\n".join(lines)
