"""Training: gold spans stay gold, steps repeat and resume, and a handful of questions is learned by heart."""

from __future__ import annotations

import itertools
import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from reading_fakes import tiny_shape, word_pieces, word_tokenizer, write_encoder

from qa.span_inputs import PieceReader, Pieces
from qa.span_model import start_from_encoder
from qa.span_reader import ReaderError, load_packaged_reader
from qa.span_scorer import SpanScorer
from qa.span_scores import UNREACHABLE, all_spans
from qa.training.batches import Groups, Recipe, crop, draw_steps
from qa.training.calibrate import best_threshold, calibration_error, fit_confidence
from qa.training.examples import Example, share_of
from qa.training.loss import PRESENCE_WEIGHT, passage_sums, shared_loss
from qa.training.measure import Outcome, measure, summarise
from qa.training.prepare import Prepared, prepare
from qa.training.quiz import HELD_OUT_QUIZ
from qa.training.run import Run, calibrate_run, prepare_run, train_run, write_run
from qa.training.shelf import Data, find_all
from qa.training.sources import HELD_OUT_NEWSQA, read_data
from qa.training.train import Plan, Trainer, train

TOWNS = ["Arden", "Brill", "Corby", "Dover", "Esher", "Frome", "Goole", "Hythe"]
PEOPLE = ["Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal"]


def written_set(folder: Path) -> None:
    """Write a set of the written form: who is mayor of each town, and a question about a harbour that none has."""
    articles, questions = [], []
    for number, (town, mayor) in enumerate(zip(TOWNS, PEOPLE, strict=True)):
        text = f"The mayor of {town} is {mayor}. The town of {town} has a market on Monday."
        articles.append({"id": f"a-{number}", "title": town, "date": "2020-01-02", "source": "Wire", "text": text})
        questions.append(
            {
                "id": f"a-{number}-q0",
                "question": f"who is mayor of {town}",
                "answers": [mayor],
                "answerable": True,
                "evidence": [{"article_id": f"a-{number}", "quote": mayor}],
            }
        )
        questions.append(
            {
                "id": f"a-{number}-n0",
                "question": f"where is the harbour of {town}",
                "answers": [],
                "answerable": False,
                "near": [f"a-{number}"],
            }
        )
    folder.mkdir(parents=True)
    for name, rows in (("articles", articles), ("questions", questions)):
        write_rows(folder / f"{name}.jsonl", rows)


def write_rows(file: Path, rows: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


WORDS = (
    "the mayor of is town has a market on monday who where harbour | 2 january 2020 ( 2020 - 01 - 02 ) wire . ",
    *TOWNS,
    *PEOPLE,
)


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    written_set(tmp_path / "data" / "written_qa")
    pieces = word_pieces(*WORDS)
    return prepare(tmp_path / "data", tmp_path / "run", lambda text: pieces.cut([text])[0].spans)


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    write_encoder(tmp_path / "encoder", word_tokenizer(*WORDS), tiny_shape(100, hidden=48))
    return tmp_path / "encoder"


def trainer_of(encoder: Path, plan: Plan, *, workers: int = 1) -> Trainer:
    torch.manual_seed(0)
    return Trainer(start_from_encoder(encoder), plan, workers=workers, device="cpu", dtype=torch.float32)


def steps_of(prepared: Prepared, *, start: int = 0):  # type: ignore[no-untyped-def]
    groups = Groups(word_pieces(*WORDS), prepared.texts, prepared.found, Recipe())
    return draw_steps(groups, prepared.trained, size=8, seed=5, start=start)


def test_gold_spans_of_every_source_are_the_answers_words(prepared: Prepared) -> None:
    for example in (*prepared.trained, *prepared.held_out):
        for positive in example.positives:
            for start, end in positive.spans:
                assert prepared.texts[positive.text].words[start:end] in example.answers


def test_the_best_form_of_an_answer_that_its_quote_holds_is_what_is_marked(tmp_path: Path) -> None:
    story = tmp_path / "rivals"
    story.mkdir()
    text = "The talks were chaired by Ada Quill on Friday. Quill had six years in office."
    article = {"id": "r1-000-a0", "title": "Talks", "date": "2021-03-05", "source": "Wire", "text": text}
    (story / "articles.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    asked = (
        ("q0", "Who chaired the talks?", ["Ada Quill", "Quill"], "chaired by Ada Quill on Friday"),
        ("q1", "When were the talks?", ["2021-03-05", "March 5, 2021", "Friday", "on Friday"], "Ada Quill on Friday"),
    )
    records = [
        {
            "id": f"r1-000-{number}",
            "question": question,
            "answers": answers,
            "answerable": True,
            "evidence": [{"article_id": "r1-000-a0", "quote": quote}],
        }
        for number, question, answers, quote in asked
    ]
    (story / "questions.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    pieces = word_pieces(text)
    data = read_data(tmp_path, lambda words: pieces.cut([words])[0].spans)
    marked = [[text[a:b] for p in example.positives for a, b in p.spans] for example in data.trained]
    assert marked == [["Ada Quill"], ["Friday"]]


def test_our_questions_about_articles_of_another_set_are_read_where_that_set_is(tmp_path: Path) -> None:
    told = "Ann Ray swam the lake on Monday. Ann Ray is nine."
    text = f"{told} Bo Holt was ill."
    questions = [
        {"id": "q0", "article": "x", "read_to": len(told), "question": "Who swam?", "spans": [[0, 7], [33, 40]]},
        {"id": "q1", "article": "x", "read_to": len(told), "question": "Who was ill?", "spans": []},
        {"id": "q2", "article": "gone", "read_to": 9, "question": "Who went?", "spans": [[0, 3]]},
    ]
    (tmp_path / "asked").mkdir()
    write_rows(tmp_path / "asked" / "questions.jsonl", questions)
    pieces = word_pieces(text)

    def cut(words: str) -> list[tuple[int, int]]:
        return list(pieces.cut([words])[0].spans)

    assert read_data(tmp_path, cut).trained == []
    (tmp_path / "realtimeqa").mkdir()
    write_rows(tmp_path / "realtimeqa" / "articles.jsonl", [{"id": "x", "date": "2020-01-02", "text": text}])
    data = read_data(tmp_path, cut, sets=["asked"])
    swam, ill = sorted((*data.trained, *data.held_out), key=lambda example: example.id)
    assert (swam.answers, ill.answers, ill.positives) == (("Ann Ray",), (), ())
    (positive,) = swam.positives
    assert positive.spans == ((0, 7), (33, 40))
    # An article that answers a held-out question of the quiz teaches nothing.
    held_out_day = next(day for day in (f"2020-01-{n:02}" for n in range(1, 29)) if share_of(day) < HELD_OUT_QUIZ)
    quiz = [{"id": "z", "date": held_out_day, "question": "Who?", "answers": ["Ann Ray"], "answer_in": ["x"]}]
    write_rows(tmp_path / "realtimeqa" / "questions.jsonl", quiz)
    barred = read_data(tmp_path, cut, sets=["asked"])
    assert not barred.trained
    assert not barred.held_out
    # What stands behind the part that was read is not there: "Bo Holt" would answer the second question.
    assert [data.texts[text_id].words for text_id in ill.near] == [told]


def test_of_the_other_sets_only_texts_that_may_be_trained_on_are_asked_about(tmp_path: Path) -> None:
    told = "Ann Ray swam the lake on Monday."
    pieces = word_pieces(told)
    held_out = next(name for name in map(str, range(99)) if share_of(name) < HELD_OUT_NEWSQA)
    trained = next(name for name in map(str, range(99)) if share_of(name) >= HELD_OUT_NEWSQA)
    for name in ("asked", "newsqa", "clapnq"):
        (tmp_path / name).mkdir()
    write_rows(
        tmp_path / "newsqa" / "articles.jsonl",
        [{"id": name, "date": "2009-05-01", "title": "Ann Ray", "text": told} for name in (held_out, trained)],
    )
    write_rows(tmp_path / "clapnq" / "all.jsonl", [{"id": "1", "title": "Lake", "passage": told}])
    write_rows(
        tmp_path / "asked" / "questions.jsonl",
        [
            {"id": f"{about}-q", "article": about, "read_to": len(told), "question": "Who swam?", "spans": [[0, 7]]}
            for about in (held_out, trained, "clapnq-1")
        ],
    )
    data = read_data(tmp_path, lambda words: list(pieces.cut([words])[0].spans), sets=["asked"])
    asked = {example.id: example for example in data.trained}
    assert sorted(asked) == sorted([f"asked/{trained}-q", "asked/clapnq-1-q"])
    assert data.held_out == []  # these sets have held-out questions of their own
    assert {example.answers for example in asked.values()} == {("Ann Ray",)}
    headers = {data.texts[example.positives[0].text].header for example in asked.values()}
    assert not any("Ann Ray" in header for header in headers)  # NewsQA's titles are no titles
    assert any("Lake" in header for header in headers)


def test_an_article_s_questions_are_all_trained_on_or_all_held_out(prepared: Prepared) -> None:
    trained = {example.id.rsplit("-", 1)[0] for example in prepared.trained}
    held_out = {example.id.rsplit("-", 1)[0] for example in prepared.held_out}
    assert trained
    assert not trained & held_out


def test_prepared_data_are_the_same_when_read_back(prepared: Prepared, tmp_path: Path) -> None:
    assert prepare(tmp_path / "elsewhere", tmp_path / "run", lambda text: []) == prepared


def test_found_negatives_never_hold_the_answer_nor_come_from_the_same_article(prepared: Prepared) -> None:
    for example in (*prepared.trained, *prepared.held_out):
        for text_id in prepared.found[example.id]:
            text = prepared.texts[text_id]
            assert text.article_id not in example.excluded
            assert not any(find_all(answer, text.words) for answer in example.answers)


def test_a_folder_with_no_set_gives_no_examples(tmp_path: Path) -> None:
    data = read_data(tmp_path, lambda text: [])
    assert (data.texts, data.trained, data.held_out) == ({}, [], [])


def test_a_share_depends_on_the_key_alone_and_spreads() -> None:
    shares = [share_of(f"key {number}") for number in range(1000)]
    assert shares[7] == share_of("key 7")
    assert 0.45 < sum(shares) / 1000 < 0.55
    assert all(0 <= share < 1 for share in shares)


@given(st.integers(0, 59), st.integers(1, 8), st.integers(5, 40), st.integers(0, 99))
def test_a_crop_has_the_length_asked_for_and_keeps_the_gold_span(
    start: int, width: int, length: int, seed: int
) -> None:
    spans = tuple((2 * place, 2 * place + 1) for place in range(60))
    words = Pieces(tuple(range(60)), spans)
    last = min(start + width, 60) - 1
    gold = (spans[start][0], spans[last][1])
    cropped = crop(words, [gold], length, random.Random(seed))
    assert cropped.spans[0][0] <= gold[0]
    assert cropped.spans[-1][1] >= gold[1]
    assert len(cropped.ids) in (length, 60)
    assert [spans[place] for place in cropped.ids] == list(cropped.spans)


def test_the_shared_loss_is_that_of_all_spans_written_out() -> None:
    torch.manual_seed(2)
    answer = torch.tensor([[0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 1, 1, 0, 0]], dtype=torch.bool)
    starts, ends, here = torch.randn(3, 5), torch.randn(3, 5), torch.randn(3)
    gold = [[(1, 2), (3, 3)], [], []]
    groups = [0, 0, 1]
    spans = {
        (row, a, b): float(starts[row, a] + ends[row, b] + here[row])
        for row, a, b in itertools.product(range(3), range(5), range(5))
        if a <= b and answer[row, a] and answer[row, b]
    }
    odds = [sum(math.exp(score) for (row, _, _), score in spans.items() if row == wanted) for wanted in range(3)]
    right = math.exp(spans[0, 1, 2]) + math.exp(spans[0, 3, 3])
    shared = -math.log(right / (1 + odds[0] + odds[1])) + math.log(1 + odds[2])
    alone = -math.log(odds[0] / (1 + odds[0])) + math.log(1 + odds[1]) + math.log(1 + odds[2])
    totals, golds = passage_sums(all_spans(starts, ends, here, answer), gold)
    expected = shared + PRESENCE_WEIGHT * 2 / 3 * alone
    assert float(shared_loss(totals, golds, groups)) == pytest.approx(expected, rel=1e-4)


def test_no_span_leaves_the_words_of_the_passage() -> None:
    answer = torch.tensor([[False, True, True, False]])
    scores = all_spans(torch.zeros(1, 4), torch.zeros(1, 4), torch.zeros(1), answer)
    reachable = (scores[0] > UNREACHABLE / 2).nonzero().tolist()
    assert reachable == [[1, 0], [1, 1], [2, 0]]


def test_the_gradients_are_those_of_attention_as_torch_computes_it(encoder: Path) -> None:
    model = start_from_encoder(encoder).double()
    ids = torch.randint(4, 40, (2, 12))
    real = torch.ones(2, 12, dtype=torch.bool)
    real[1, 8:] = False
    weight = model.layers[0].attention.weight

    def loss() -> torch.Tensor:
        starts, ends, here = model(ids, torch.zeros_like(ids), real)
        return (starts[real] ** 2).sum() + ends[real].sin().sum() + here.sum()

    (gradient,) = torch.autograd.grad(loss(), [weight])
    step = torch.zeros_like(weight)
    step[3, 5] = step[60, 2] = step[120, 7] = 1e-3
    with torch.no_grad():
        weight += step
        above = loss()
        weight -= 2 * step
        below = loss()
    assert float((gradient * step).sum()) == pytest.approx(float(above - below) / 2, rel=1e-3)


def test_the_same_seed_gives_the_same_weights_with_one_worker_or_two(prepared: Prepared, encoder: Path) -> None:
    results = []
    for workers in (1, 1, 2):
        trainer = trainer_of(encoder, Plan(3, parts=2), workers=workers)
        stream = steps_of(prepared)
        for _ in range(3):
            trainer.step(next(stream))
        results.append(torch.cat([parameter.detach().flatten() for parameter in trainer.parameters]))
    assert torch.equal(results[0], results[1])
    assert torch.allclose(results[0], results[2], atol=1e-6)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(prepared: Prepared, encoder: Path, tmp_path: Path) -> None:
    plan = Plan(4, parts=2, rate=1e-3)
    whole = trainer_of(encoder, plan)
    train(whole, steps_of(prepared), tmp_path / "whole", lambda row: None)
    stopped = trainer_of(encoder, plan)
    stream = steps_of(prepared)
    for _ in range(2):
        stopped.step(next(stream))
    stopped.save(tmp_path / "stopped")
    resumed = trainer_of(encoder, plan)
    assert resumed.restore(tmp_path / "stopped")
    train(resumed, steps_of(prepared, start=resumed.progress.step), tmp_path / "stopped", lambda row: None)
    for one, other in zip(whole.parameters, resumed.parameters, strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_a_handful_of_questions_is_learned_by_heart(encoder: Path, tmp_path: Path) -> None:
    written_set(tmp_path / "data" / "written_qa")
    run = Run(tmp_path / "run", tmp_path / "data", encoder=encoder, size=8, workers=1)
    prepared = prepare_run(run)
    model, progress = train_run(run, prepared, steps=150, rate=2e-3)
    calibration = calibrate_run(run, prepared, model)
    record = write_run(run, prepared, model, progress, calibration)
    assert record["training"]["steps"] == 150
    assert "| 14 |" in (run.out / "MODEL_CARD.md").read_text(encoding="utf-8")
    scorer = SpanScorer(model.eval().requires_grad_(False), PieceReader.of_folder(encoder), device="cpu")
    summary = summarise([entry.given for entry in measure(scorer, prepared.trained, prepared)])
    assert summary.f1 > 0.9
    assert summary.refused is not None
    assert summary.refused > 0.9
    with pytest.raises(ReaderError, match="SHA-256"):  # the packaged encoder is not the one it was trained on
        load_packaged_reader(run.out, device="cpu", dtype="float32")


def outcome(odds: float, *, right: bool, answerable: bool = True) -> Outcome:
    return Outcome("x-1", "written", answerable, "", float(right), float(right), odds, (odds, -0.5, -0.5))


def test_the_confidence_finds_the_odds_that_outcomes_were_drawn_with() -> None:
    source = np.random.default_rng(0)
    odds = source.uniform(-4, 4, 4000)
    drawn = source.uniform(size=4000) < 1 / (1 + np.exp(-(0.7 * odds - 0.5)))
    outcomes = [outcome(float(x), right=bool(y)) for x, y in zip(odds, drawn, strict=True)]
    fitted = fit_confidence(outcomes)
    chances = [fitted.probability(entry.features) for entry in outcomes]
    assert fitted.presence == pytest.approx(0.7, abs=0.06)
    assert calibration_error(chances, [float(y) for y in drawn]) < 0.03


def test_a_reader_that_is_always_sure_and_half_right_is_off_by_half() -> None:
    assert calibration_error([1.0, 1.0], [1.0, 0.0]) == pytest.approx(0.5)


def test_the_threshold_keeps_right_answers_and_refuses_nulls() -> None:
    outcomes = [
        outcome(3.0, right=True),
        outcome(2.0, right=True),
        outcome(1.0, right=False, answerable=False),
        outcome(0.0, right=False, answerable=False),
    ]
    summary = summarise(outcomes)
    assert (summary.best_f1, summary.kept, summary.refused) == (1.0, 1.0, 1.0)
    assert 1.0 < summary.threshold < 2.0
    assert 0.3 < best_threshold([0.9, 0.8, 0.3, 0.2], outcomes) < 0.8


def test_a_question_is_learned_from_as_the_reader_is_asked_it() -> None:
    data = Data()
    data.add(Example("a", "written", "When was the first 2+2?", ()), held_out=False)
    data.add(Example("b", "written", "Who won?", ()), held_out=True)
    assert [example.question for example in data.trained] == [
        "When was the first meeting of foreign and defence ministers?"
    ]
    assert [example.question for example in data.held_out] == ["Who won?"]
