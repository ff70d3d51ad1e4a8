"""The report: one page that asks nothing of any other, JSON that can be compared with, Markdown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from evaluation_fakes import ALL, ANSWERS, EVIL, QUESTIONS, cite, outcome

from qa.evaluation.report import Report, risk_curve
from qa.evaluation.report_json import read_baseline, report_record
from qa.evaluation.report_text import escaped, report_markdown, report_text
from qa.evaluation.run import evaluate, write_report
from qa.questions import Evidence
from qa.records import to_json


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate("my <b>questions</b>.jsonl", QUESTIONS, ANSWERS, ALL, peak_memory_mb=512.0)


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(folder / "new", report, ALL)
    return folder / "new"


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_allows_nothing_to_be_loaded(folder: Path) -> None:
    elements = Elements((folder / "report.html").read_text(encoding="utf-8")).found
    tags = {tag for tag, _ in elements}
    assert not tags & {"img", "link", "iframe", "object", "embed", "base", "form", "audio", "video"}
    assert [attributes for tag, attributes in elements if tag == "script"] == [{}]
    assert all(str(attributes["href"]).startswith("#") for tag, attributes in elements if tag == "a")
    assert not any(name.startswith("on") or name in ("src", "style") for _, each in elements for name in each)
    policy = next(str(each["content"]) for tag, each in elements if "http-equiv" in each)
    assert policy.startswith("default-src 'none';")


def test_everything_of_articles_questions_and_answers_is_escaped(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in page
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "my &lt;b&gt;questions&lt;/b&gt;.jsonl" in page
    attribute = next(each["data-types"] for _, each in Elements(page).found if "script" in str(each.get("data-types")))
    assert json.loads(str(attribute)) == [EVIL]


def test_the_page_has_each_question_under_its_filter(folder: Path) -> None:
    elements = Elements((folder / "report.html").read_text(encoding="utf-8")).found
    verdicts = [attributes["data-verdict"] for _, attributes in elements if "data-verdict" in attributes]
    assert verdicts == ["right", "wrong", "refused", "answered", "right"]
    filters = [attributes["data-filter"] for _, attributes in elements if "data-filter" in attributes]
    assert filters == ["all", "right", "wrong", "refused", "answered"]


def test_a_citation_is_shown_in_its_context(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Defence Minister <mark>Ida Krohn</mark> leads the delegation." in page


def test_the_files_are_the_same_every_time(report: Report, folder: Path, tmp_path: Path) -> None:
    again = evaluate("my <b>questions</b>.jsonl", QUESTIONS, ANSWERS, ALL, peak_memory_mb=512.0)
    write_report(tmp_path, again, ALL)
    for name in ("report.html", "report.json", "report.md"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_report_read_back_has_the_outcomes_that_were_written(report: Report, folder: Path) -> None:
    assert read_baseline(folder / "report.json") == report.examination.outcomes


def test_the_record_holds_the_scores_and_keeps_timings_apart(report: Report) -> None:
    record = report_record(report)
    assert record["scores"]["em"] == {"value": 0.5, "low": 0.0, "high": 1.0, "count": 4}
    assert record["scores"]["quote_exactness"]["value"] == 1.0
    assert record["by_type"]["who"]["accuracy"]["value"] == 0.5
    assert record["timings"]["latency_p50_ms"]["value"] == 10.0
    assert "cited" not in record["outcomes"][0]
    slower = [replace(item, total_ms=99.0) for item in ANSWERS]
    other = report_record(evaluate("my <b>questions</b>.jsonl", QUESTIONS, slower, ALL))
    assert {**record, "timings": 0} == {**other, "timings": 0}


def test_what_changed_since_the_baseline_is_shown(report: Report, folder: Path, tmp_path: Path) -> None:
    baseline = ("earlier.json", read_baseline(folder / "report.json"))
    better = (ANSWERS[0], replace(ANSWERS[1], short_answer="7 September 2022"), *ANSWERS[2:])
    now = evaluate("q", QUESTIONS, better, ALL, baseline=baseline)
    assert now.comparison is not None
    assert (now.comparison.better, now.comparison.worse, now.comparison.changed) == (("wrong",), (), ("wrong",))
    assert now.comparison.differences["em"].change == pytest.approx(0.25)
    write_report(tmp_path, now, ALL)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    changed = [each for _, each in Elements(page).found if "data-changed" in each]
    assert [each["data-verdict"] for each in changed] == ["right"]
    assert "was: 8 September 2022" in page
    assert "changed since baseline <b>1</b>" in page
    assert "better: 1 (wrong)" in report_text(now).plain
    assert "before: 8 September 2022" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_markdown_has_each_question_and_no_markup_of_its_texts(report: Report) -> None:
    text = report_markdown(report)
    assert re.findall(r"^### (\w+) · (.+)$", text, re.MULTILINE) == [
        ("right", "right"),
        ("wrong", "wrong"),
        ("refused", "refused but answerable"),
        ("answered", "answered but should have refused"),
    ]
    assert not re.search(r"(?<!\\)<(?:script|img|b>)", text)
    assert escaped("a|b\n# c <i>") == "a\\|b \\# c \\<i\\>"
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in tables}) == 2


def test_evidence_that_no_article_holds_is_named_and_counts_as_no_miss() -> None:
    evidence = (Evidence("talks", "Ida Krohn"), Evidence("talks", "Ida Kron"), Evidence("gone"))
    asked = (replace(QUESTIONS[0], evidence=evidence),)
    found = evaluate("q", asked, ANSWERS[:1], ALL)
    assert found.examination.outcomes[0].found_at == (1,)
    assert [str(problem) for problem in found.examination.problems] == [
        "question 'right': article 'talks' does not hold the quote 'Ida Kron'",
        "question 'right': its evidence names article 'gone', not in the index",
    ]
    assert [problem["quote"] for problem in report_record(found)["evidence_problems"]] == ["Ida Kron", ""]
    only_bad = evaluate("q", (replace(QUESTIONS[0], evidence=evidence[1:]),), ANSWERS[:1], ALL)
    assert only_bad.scores["hit@10"].value is None


def test_a_quote_that_is_not_exact_is_told_in_the_report() -> None:
    cited = replace(cite(1, "talks", "Ida Krohn"), quote="Ida Kron")
    found = evaluate("q", QUESTIONS[:1], (replace(ANSWERS[0], citations=(cited,)),), ALL)
    assert found.scores["quote_exactness"].value == 0.0
    assert found.warnings == ("1 quotes do not stand in their article at their span: every one must.",)


def test_the_curve_of_risk_has_a_point_for_each_confidence() -> None:
    outcomes = [
        outcome(confidence=0.9),
        outcome(confidence=0.5),
        outcome(confidence=0.5, exact=0.0),
        outcome(refused=True),
    ]
    assert risk_curve(outcomes) == ((0.25, 0.0), (0.75, pytest.approx(1 / 3)))


def test_the_record_is_json(report: Report) -> None:
    assert json.loads(to_json(report_record(report, details=True)))["dateline_report"] == 1
