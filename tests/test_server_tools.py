"""An assistant asks and searches by the Model Context Protocol: its official client does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline, served
from mcp import Client

FIRST = "When was the first India-Japan 2+2?"
QUOTE = "The first India-Japan 2+2 was held in New Delhi on 30 November 2019."


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of the tools of a server over the articles of the fakes."""
    with served(FakePipeline(ARTICLES)) as url:
        yield f"{url}mcp"


async def use(address: str, tool: str, **sent: Any) -> Any:
    """Return what a tool gives."""
    async with Client(address) as client:
        return await client.call_tool(tool, sent)


async def test_the_tools_are_ask_and_search(address: str) -> None:
    async with Client(address) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "search"}
    assert tools["ask"].input_schema["required"] == ["question"]
    assert "YYYY-MM-DD" in tools["ask"].input_schema["properties"]["published_from"]["description"]


async def test_ask_gives_an_answer_with_its_citations(address: str) -> None:
    given = await use(address, "ask", question=FIRST)
    record = given.structured_content
    assert not given.is_error
    assert (record["status"], record["short_answer"]) == ("answered", "30 November 2019")
    assert [citation["quote"] for citation in record["citations"]] == [QUOTE]


async def test_ask_takes_history_and_scope(address: str) -> None:
    given = await use(address, "ask", question="And the 2+2?", history=[FIRST], published_to="2020-12-31")
    assert given.structured_content["standalone_question"] == f"And the 2+2? (after: {FIRST})"
    assert {hit["article_id"] for hit in given.structured_content["hits"]} == {ARTICLES[1].id}


async def test_search_gives_passages(address: str) -> None:
    given = await use(address, "search", query="harbour bridge", k=1, sources=["Capital Post"])
    texts = [hit["text"] for hit in given.structured_content["hits"]]
    assert texts == ["The harbour bridge of Ostrava opened on 3 May 2021."]


@pytest.mark.parametrize(
    ("tool", "sent", "problem"),
    [
        ("ask", {"question": " "}, "question: Value error, it is blank"),
        ("ask", {"question": FIRST, "today": "soon"}, "today: "),
        ("ask", {"question": "fail"}, "the index is being rebuilt"),
        ("ask", {"question": "burst"}, "Something went wrong inside Dateline"),
        ("search", {"query": "bridge", "k": 0}, "k: Input should be greater"),
    ],
)
async def test_what_is_wrong_is_told_to_the_assistant(
    address: str, tool: str, sent: dict[str, Any], problem: str
) -> None:
    given = await use(address, tool, **sent)
    assert given.is_error
    assert problem in given.content[0].text
    assert "a defect" not in given.content[0].text
