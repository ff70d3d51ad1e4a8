"""The page of a report in a browser: its filters, with nothing asked of the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from evaluation_fakes import ALL, ANSWERS, EVIL, QUESTIONS

from qa.evaluation.report_json import read_baseline
from qa.evaluation.run import evaluate, write_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 360, "height": 740}


@dataclass
class Opened:
    """A report in a browser, with all that it said and asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        """Return the verdict of each question that is shown."""
        # The text and not what is painted of it: a question just shown again may be laid out a frame later.
        return [str(chip) for chip in self.page.locator(".question:visible > summary > .chip").all_text_contents()]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open a report, compared with itself before its last answer, on a phone."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("install Debian's chromium")
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("report")
    earlier = evaluate("earlier.jsonl", QUESTIONS, (ANSWERS[2], *ANSWERS[1:]), ALL)
    write_report(folder, earlier, ALL)
    baseline = ("earlier.json", read_baseline(folder / "report.json"))
    write_report(folder, evaluate("questions.jsonl", QUESTIONS, ANSWERS, ALL, baseline=baseline), ALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        found = Opened(browser.new_page(viewport=PHONE))
        found.page.on("console", lambda message: found.said.append(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.on("request", lambda request: found.asked.append(request.url))
        found.page.goto(Path(folder / "report.html").as_uri())
        yield found
        browser.close()
    assert found.said == []
    assert found.asked == [Path(folder / "report.html").as_uri()]


@pytest.fixture
def page(opened: Opened) -> Any:
    """Give the page with every question shown."""
    opened.page.select_option("#type", "")
    opened.page.fill("#find", "")
    opened.page.click("[data-filter=all]")
    return opened.page


@pytest.mark.parametrize(
    ("button", "verdicts"),
    [
        ("right", ["right", "right"]),
        ("wrong", ["wrong"]),
        ("refused", ["refused but answerable"]),
        ("answered", ["answered but should have refused"]),
        ("changed", ["right"]),
    ],
)
def test_each_button_shows_its_questions(page: Any, opened: Opened, button: str, verdicts: list[str]) -> None:
    assert len(opened.shown()) == 5
    page.click(f"[data-filter={button}]")
    assert opened.shown() == verdicts
    assert page.inner_text("#shown") == f"{len(verdicts)} shown"
    assert page.get_attribute(f"[data-filter={button}]", "aria-pressed") == "true"
    assert page.inner_text(f"[data-filter={button}] b") == str(len(verdicts))


def test_a_type_and_words_narrow_the_list(page: Any, opened: Opened) -> None:
    page.select_option("#type", "who")
    assert opened.shown() == ["right", "answered but should have refused"]
    page.fill("#find", "MAYOR penn")
    assert opened.shown() == ["answered but should have refused"]
    page.select_option("#type", EVIL)
    page.fill("#find", "")
    assert opened.shown() == ["right"]


def test_a_question_opens_at_its_citation_in_context(page: Any) -> None:
    first = page.locator(".question").first
    first.locator("summary").first.click()
    assert first.locator("mark").inner_text() == "Ida Krohn"
    assert "Defence Minister Ida Krohn leads the delegation." in first.locator(".context").inner_text()


def test_the_page_fits_a_phone(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
