"""Hard negatives: passages that retrieval finds for a question and that do not hold its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qa.training.examples import Example, Text
from qa.training.shelf import find_all

FOUND = 30  # passages looked at for a question
KEPT = 8  # and how many of those without its answer are kept


def find_negatives(
    examples: Sequence[Example], texts: Mapping[str, Text], *, kept: int = KEPT
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each example's id with the ids of the closest texts (BM25) that do not answer it, closest first.

    Texts of the example's own articles are left to its `near`.
    """
    search = _Lexical(texts)
    for example in examples:
        positive = {entry.text for entry in example.positives} | set(example.near)
        chosen: list[str] = []
        for text_id in search.find(example.question, FOUND):
            text = texts[text_id]
            if text_id in positive or text.article_id in example.excluded:
                continue
            if any(find_all(answer, text.words) for answer in example.answers):
                continue
            chosen.append(text_id)
            if len(chosen) == kept:
                break
        yield example.id, tuple(chosen)


class _Lexical:
    """BM25 over texts with their headers, in memory."""

    def __init__(self, texts: Mapping[str, Text]) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("words", tokenizer_name="en_stem")
        schema.add_unsigned_field("number", stored=True)
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(64_000_000, 1)
        self._ids = list(texts)
        for number, text in enumerate(texts.values()):
            writer.add_document(tantivy.Document(words=f"{text.header}\n{text.words}", number=number))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, question: str, limit: int) -> list[str]:
        words = " ".join(re.findall(r"\w+", question.lower()))
        if not words:
            return []
        query = self._index.parse_query(words, ["words"])
        found = self._searcher.search(query, limit)
        return [self._ids[self._searcher.doc(address)["number"][0]] for _, address in found.hits]
