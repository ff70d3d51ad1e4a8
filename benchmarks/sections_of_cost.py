"""What `benchmarks/README.md` says of the benchmarks that measure what Dateline costs, beside other systems."""

from __future__ import annotations

from columns import P50, P95, QUESTIONS, RECALL_4, Column, Section, Table, score

PEERS = Section(
    "peers",
    "Other systems",
    "Articles of MultiHop-RAG, each system with its documented defaults, the same embedding model and no reranker, one "
    "after the other on the same machine: a plain LangChain RAG (1,000 characters, FAISS), LlamaIndex's "
    "`VectorStoreIndex` (1,024 tokens), Haystack (200 words, BM25 and embeddings joined by rank) and txtai "
    "(`hybrid=True`, paragraphs). Dateline's passages count without their heads. Versions are in `peers/*.txt`.",
    (
        Table(
            "peers",
            "A quote is found when one text holds all of it.",
            "system",
            (
                QUESTIONS,
                *(
                    Column(
                        f"recall in {words} words",
                        f"{words:,} words",
                        f"share of the pieces of evidence in the first {words:,} words returned",
                    )
                    for words in (500, 1000, 2000)
                ),
                RECALL_4,
                score("evidence_recall@10", "recall@10"),
                Column("words a text", "words a text", "mean length of the first ten texts", 0),
                Column("texts", "texts", "texts the articles were split into", 0),
                Column("index s", "index, s", "seconds to split, embed and index the articles", 0),
                Column("index processor s", "index, CPU s", "seconds of processor time of that, of all cores", 0),
                Column("p50 ms", "p50 ms", "median milliseconds of a search for ten texts", 0),
                Column("peak MB", "peak MB", "the most memory held, indexing and searching", 0),
            ),
        ),
    ),
)

LATENCY = Section(
    "latency",
    "Latency",
    "As a user runs it, in processes of its own, over MultiHop-RAG's articles.",
    (
        Table(
            "answer",
            "Milliseconds of a question of `dateline answer`, as its answers tell, by stage.",
            "stage",
            (P50, P95, Column("p99 ms", "p99 ms", "milliseconds that 99 % of the questions took at most", 0)),
        ),
        Table(
            "whole",
            "Whole commands, with the start of Python and the models.",
            "command",
            (
                Column("seconds", "seconds", "from start to end; of `ask` the median of five", 1),
                Column("questions a second", "questions a second", "questions divided by seconds", 1),
                Column("peak MB", "peak MB", "the most memory held", 0),
            ),
        ),
    ),
)

INDEXING = Section(
    "indexing",
    "Indexing",
    "MultiHop-RAG's articles indexed by Dateline and by a plain LangChain stack in the same run: recursive splitter "
    "(1000, 200), FAISS, the same model in float32.",
    (
        Table(
            "indexing",
            "Pieces are word pieces of passage text; overlapping chunks count in LangChain's favour, and the heads "
            "that Dateline embeds with its passages do not count.",
            "system",
            (
                Column("seconds", "seconds", "from articles to an index that can be searched", 1),
                Column("processor seconds", "CPU s", "seconds of processor time of that, of all cores", 0),
                Column("passages", "passages", "texts that were embedded", 0),
                Column("pieces a second", "pieces a second", "word pieces divided by seconds", 0),
                Column("times LangChain's", "times", "pieces a second, divided by LangChain's", 2),
                Column("seconds, nothing changed", "again, s", "seconds of a second run with nothing changed", 2),
            ),
        ),
    ),
)
