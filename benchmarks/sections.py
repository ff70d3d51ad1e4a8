"""What `benchmarks/README.md` says of each benchmark: its tables, what each column means, what others published."""

from __future__ import annotations

from columns import ANSWERED, HIT_4, P50, P95, QUESTIONS, Column, Published, Section, Table, score
from sections_of_cost import INDEXING, LATENCY, PEERS

MULTIHOP = Section(
    "multihop",
    "MultiHop-RAG",
    "609 news articles of September to December 2023, and questions that need two to four of them.",
    (
        Table(
            "retrieval",
            "Is the evidence found? Plain BM25 is over chunks of whole sentences, about 190 words, with title, source "
            "and date in front.",
            "system",
            (
                QUESTIONS,
                HIT_4,
                score("hit@10", "hit@10"),
                score("mrr@10", "MRR@10"),
                score("evidence_recall@10", "evidence recall@10"),
                score("all_evidence@10", "all evidence@10"),
                Column("ms", "ms", "median milliseconds of a search", 1),
            ),
        ),
        Table(
            "answers",
            "Is it answered? By type of question; those of type null have no answer in the articles. The last row is "
            "what one answer for each type, its most frequent, would get, null refused.",
            "type",
            (
                QUESTIONS,
                score("accuracy", "share right"),
                score("em", "EM"),
                score("f1", "F1"),
                score("refusal_recall", "null refused"),
                score("refusal_precision", "refusals right"),
                score("citation_precision", "citations right"),
            ),
        ),
    ),
    (
        Published("hit@10, hit@4, MRR@10", "voyage-02 and bge-reranker-large (Tang and Yang 2024)", ".747, .663, .586"),
        Published(
            "the same",
            "Multi-Meta-RAG: a language model extracts filters (Poliakov and Shvai 2024)",
            ".904, .792, .675",
        ),
        Published(
            "share right", "GPT-4 on retrieved passages; on the evidence itself (Tang and Yang 2024)", ".56; .89"
        ),
        Published("exact match", "best self-reported local model, 9 B parameters, GPU, 9 s a question", ".757"),
    ),
)

NEWSQA = Section(
    "newsqa",
    "NewsQA",
    "Questions about CNN articles, asked of their own article and of all 470. Many make sense only beside their "
    "article (“What did he say?”).",
    (
        Table(
            "answers",
            "“Never refusing” gives the best answer there is, whatever its confidence.",
            "asked of",
            (
                QUESTIONS,
                score("em", "EM"),
                score("f1", "F1"),
                ANSWERED,
                score("evidence_recall@1", "evidence recall@1"),
                score("evidence_recall@5", "evidence recall@5"),
                score("evidence_recall@20", "evidence recall@20"),
            ),
        ),
    ),
    (Published("EM, F1, article given", "BERT-base of the MRQA task (Fisch et al. 2019)", "about .50, .66"),),
)

REALTIMEQA = Section(
    "realtimeqa",
    "RealTimeQA",
    "Weekly news quizzes asked openly of up to 26,829 articles; the quiz's choices are used only to score.",
    (
        Table(
            "passages",
            "Do the passages found hold the answer?",
            "questions",
            (
                QUESTIONS,
                *(
                    Column(
                        f"answer_recall@{k}",
                        f"answer recall@{k}",
                        "share of questions of which one of the first k passages holds an answer as whole words, after "
                        "SQuAD's normalisation (Karpukhin et al. 2020)",
                    )
                    for k in (1, 5, 10, 20)
                ),
                P50,
                P95,
            ),
        ),
        Table(
            "answers",
            "Is it answered?",
            "questions",
            (
                QUESTIONS,
                score("em", "EM"),
                score("f1", "F1"),
                Column(
                    "choice",
                    "choice right",
                    "share of questions where the choice that shares most words with the short answer, or else with "
                    "the text shown, is the right one; a refusal and an answer that shares none are wrong",
                ),
                ANSWERED,
                Column("latency_p50_ms", "p50 ms", P50.meaning, 0),
                Column("latency_p95_ms", "p95 ms", P95.meaning, 0),
            ),
        ),
        Table(
            "cost",
            "What does an archive of that size cost?",
            "system",
            (
                Column("articles", "articles", "articles indexed", 0),
                Column("passages", "passages", "passages they were split into", 0),
                Column("index minutes", "index, min", "minutes that `dateline index` took", 1),
                Column("index peak MB", "index, peak MB", "the most memory it held", 0),
                Column("MB on disk", "MB on disk", "the index: database, vectors, lexical index", 0),
                Column("answering peak MB", "answering, peak MB", "the most memory held while answering", 0),
            ),
        ),
    ),
    (
        Published("EM, F1", "GPT-3 with web search (Kasai et al. 2022)", ".375, .493"),
        Published("EM, F1", "best reported in 2026, with web search", ".357, .476"),
    ),
)

REFUSAL = Section(
    "refusal",
    "Refusal: CLAP NQ, SQuAD 2.0, RGB",
    "Each question is asked of its own passages only. CLAP NQ has Wikipedia passages and long answers; "
    "its unanswerable questions, and questions of our own about its passages, were trained on, so that how often "
    "they are refused says little. SQuAD "
    "2.0 has paragraphs and RGB snippets of a web search, some of which were changed to say something "
    "false; neither was trained on.",
    (
        Table(
            "refusals",
            "Does it know what is not there?",
            "set",
            (
                QUESTIONS,
                score("refusal_precision", "refusal precision"),
                score("refusal_recall", "refusal recall"),
                score("refusal_f1", "refusal F1"),
                score("f1", "F1, answerable"),
                Column(
                    "best F1",
                    "best F1",
                    "F1 over all questions at the confidence that suits the set best, a refusal being 1 where there is "
                    "no answer and 0 where there is (SQuAD 2.0); CLAP NQ's answers are paragraphs, so that F1 is low",
                ),
                Column(
                    "confidence AUC",
                    "confidence AUC",
                    "chance that an answerable question's best answer has a higher confidence than an unanswerable "
                    "one's (area under the ROC curve)",
                ),
                Column(
                    "chosen",
                    "from a chosen sentence",
                    "share of answers to answerable questions that cite a sentence which people chose",
                ),
            ),
        ),
        Table(
            "rgb",
            "RGB: up to five passages, a share of them noise; or only passages made false; or two true and two false.",
            "passages",
            (
                QUESTIONS,
                Column("right", "right", "share of questions whose answer, as shown, holds the expected words"),
                Column("false", "says what is false", "share whose answer holds the false words"),
                Column("refused", "refused", "share refused, which is right where there is only noise"),
            ),
        ),
    ),
    (
        Published(
            "F1 over all, SQuAD 2.0",
            "MiniLM of 6 and of 12 layers, trained on all of SQuAD (Wang et al. 2020)",
            ".729, .817",
        ),
        Published("refuses when only noise is given, RGB", "ChatGPT (Chen et al. 2023)", ".45"),
    ),
)

QAGS = Section(
    "qags",
    "QAGS: is a sentence supported?",
    "Sentences of machine-written summaries of news articles, each judged by three people. The verifier names the "
    "numbers, names and quotations that its citation, here the whole article, does not hold. The other signals are "
    "parts of Dateline, none fitted on this set. The set is in lower case but for the first letter of a sentence, so "
    "that names cannot be told from other words: the verifier is at its weakest here.",
    (
        Table(
            "auc",
            "Chance that a supported sentence scores above one that is not (area under the ROC curve); .5 is no better "
            "than guessing.",
            "signal",
            (
                Column("cnndm", "CNN/Daily Mail", "sentences copied from their article for the most part"),
                Column("xsum", "XSum", "sentences in words of their own"),
                Column("all", "all", "both"),
            ),
        ),
        Table(
            "verdicts",
            "The verifier's verdicts.",
            "",
            (
                Column("sentences", "sentences", "sentences judged", 0),
                Column("unsupported", "unsupported", "those that most people found unsupported", 0),
                Column("flagged", "flagged", "those of which the verifier misses a claim", 0),
                Column("precision", "precision", "share of the flagged that are unsupported"),
                Column("recall", "recall", "share of the unsupported that are flagged"),
            ),
        ),
    ),
)

_REWRITING = (
    QUESTIONS,
    Column("recall@5", "recall@5", "share of the wanted articles among the first five found"),
    Column("recall@10", "recall@10", "share of them among the first ten"),
    score("mrr@10", "MRR@10"),
    score("ndcg@10", "nDCG@10"),
)
REWRITING = Section(
    "rewriting",
    "Follow-up questions",
    "Is as much found by a follow-up question as when it is written out? As asked, as Dateline rewrites it from the "
    "questions before, and as a person did.",
    (
        Table("judged", "mtRAG: the wanted passages are those that answer the question.", "question", _REWRITING),
        Table(
            "like a person",
            "mtRAG and CAsT with a person's rewrite and no passages: the wanted articles are the first three that the "
            "person's question finds among MultiHop-RAG's, so that the person's has 1 throughout.",
            "question",
            (
                *_REWRITING,
                Column(
                    "words",
                    "words",
                    "share of the words of the person's rewrite that the question holds (ROUGE-1 recall), over all "
                    "of the set",
                ),
            ),
        ),
    ),
)


TIMES = (
    QUESTIONS,
    Column("with time", "with time", "share answered exactly, or rightly refused"),
    Column("without order", "without order", "the same, where the question's own window and order are not read"),
    Column("without time", "without time", "the same, where nothing is made of days at all"),
)
STORIES = Section(
    "stories",
    "Stories in time",
    "68 stories told over 305 articles, written for this project, and questions about their days, orders, updates and "
    "corrections; and the shipped questions. One index holds the articles of both. Only the test parts are asked, "
    "which neither the reader nor any rule has seen; every way of answering weighs the same candidates.",
    (
        Table("stories test", "The stories. An answer must say its day by itself.", "questions", TIMES),
        Table("shipped test", "The shipped questions, likewise.", "questions", TIMES),
    ),
)
RESOLVING = Section(
    "resolving",
    "Days, months and years",
    "Is the day found that a sentence means? Each question of the packaged stories whose answer is a day, a month or a "
    "year has it written out, and the sentence that tells it, in words such as “on Thursday”.",
    (
        Table(
            "days",
            "The rules were mended on these same sentences.",
            "asked for",
            (QUESTIONS, Column("found", "found", "share whose sentence has a time that is resolved to just this")),
        ),
        Table(
            "cost",
            "What it takes on one core.",
            "articles of",
            (
                Column("articles", "articles", "articles", 0),
                Column("words", "words", "words", 0),
                Column("times", "times", "times found", 0),
                Column("seconds", "CPU s", "seconds of processor time", 0),
            ),
        ),
    ),
)

WITH_NULLS = "F1 over all: a refusal is right where there is no answer"
LEARNING = Section(
    "learning",
    "What each source of examples is worth to the reader",
    "A reader trained from the encoder for some minutes on all sources, and again without one of them, the others in "
    "its place: F1 with the article given, never refusing, and over all with refusals at the best threshold.",
    (
        Table(
            "left out",
            "The questions measured on, 100 of a source, are held out from training. Each row is one run of a few "
            "minutes: only what differs by far more than .1 tells anything.",
            "left out",
            (
                Column("examples", "examples", "examples that were drawn from", 0),
                Column("newsqa", "NewsQA", "F1 of its answerable questions"),
                Column("squad", "SQuAD", "F1 of its answerable questions"),
                Column("squad over all", "SQuAD & nulls", WITH_NULLS),
                Column("written", "written", "F1 of the answerable questions about articles that we wrote"),
                Column("written over all", "written & nulls", WITH_NULLS),
                Column("rivals", "stories", "F1 of the answerable questions about stories that we wrote"),
                Column("rivals over all", "stories & nulls", WITH_NULLS),
                Column("asked", "real news", "F1 of our answerable questions about real news"),
                Column("asked over all", "real news & nulls", WITH_NULLS),
            ),
        ),
    ),
)

SECTIONS = (
    STORIES,
    RESOLVING,
    MULTIHOP,
    NEWSQA,
    REALTIMEQA,
    REFUSAL,
    QAGS,
    REWRITING,
    PEERS,
    INDEXING,
    LATENCY,
    LEARNING,
)
