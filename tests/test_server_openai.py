"""Any chat client can ask: the official client of OpenAI's API does, whole and streaming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chat_fakes import ARTICLES, FakePipeline, make_article, served
from http_calls import call
from markdown_it import MarkdownIt
from openai import BadRequestError, NotFoundError, OpenAI, UnprocessableEntityError

FIRST = "When was the first India-Japan 2+2?"
QUOTE = "The first India-Japan 2+2 was held in New Delhi on 30 November 2019."
HOSTILE = "<script>x</script> ![i](http://evil.example/i.png) [l](javascript:x) **bold** `code` ~~gone~~"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a server over the articles of the fakes, and a hostile one."""
    hostile = make_article(HOSTILE, f"The crystal ferry sailed {HOSTILE}.", published=None, source=HOSTILE)
    with served(FakePipeline((*ARTICLES, hostile))) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    """Give OpenAI's own client."""
    with OpenAI(base_url=f"{address}v1", api_key="none", max_retries=0) as opened:
        yield opened


def ask(client: OpenAI, *questions: str, **more: Any) -> Any:
    """Return the completion of a conversation in which the assistant has answered all questions but the last."""
    messages: list[Any] = [{"role": "system", "content": "You are a pirate."}]
    for question in questions:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": "Aye."}]
    return client.chat.completions.create(model="dateline", messages=messages[:-1], **more)


def test_the_archive_is_the_one_model(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["dateline"]
    assert client.models.retrieve("dateline").owned_by == "dateline"


def test_an_answer_has_its_citations_in_the_message_and_as_a_field(client: OpenAI) -> None:
    completion = ask(client, FIRST, temperature=0.2, max_tokens=50)
    content = completion.choices[0].message.content
    assert content.startswith(f"**30 November 2019**\n\n{QUOTE} [1]")
    assert f"\\[1\\] India and Japan hold second 2+2 in Tokyo, Meridian Wire, 2022-09-06: “{QUOTE}”" in content
    assert completion.choices[0].finish_reason == "stop"
    (citation,) = completion.citations
    assert (citation["article_id"], citation["quote"]) == (ARTICLES[0].id, QUOTE)
    assert (completion.dateline["status"], completion.dateline["confidence"]) == ("answered", 0.93)


def test_history_is_what_the_user_asked_before(client: OpenAI) -> None:
    completion = ask(client, FIRST, "And the 2+2?")
    assert completion.dateline["standalone_question"] == f"And the 2+2? (after: {FIRST})"


def test_the_scope_is_a_field_of_its_own(client: OpenAI) -> None:
    narrow = {"dateline": {"published_to": "2020-12-31"}}
    completion = ask(client, FIRST, extra_body=narrow)
    assert {citation["article_id"] for citation in completion.citations} <= {ARTICLES[1].id}
    with pytest.raises(UnprocessableEntityError, match=r"dateline\.published_to"):
        ask(client, FIRST, extra_body={"dateline": {"published_to": "then"}})


def test_a_streamed_answer_is_the_whole_one_in_pieces(client: OpenAI) -> None:
    whole = ask(client, FIRST)
    chunks = list(ask(client, FIRST, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) >= 3
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert [chunk.citations for chunk in chunks if hasattr(chunk, "citations")] == [whole.citations]
    assert chunks[-1].usage.total_tokens == 0
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_refusal_says_why_and_what_is_near(client: OpenAI) -> None:
    completion = ask(client, "What did the governor of Delhi eat in Tokyo?")
    content = completion.choices[0].message.content
    assert content.startswith("**Not in this archive.** No article says so.")
    assert "Nearest articles:\n- India and Japan hold second 2+2 in Tokyo" in content
    assert (completion.citations, completion.dateline["status"]) == ([], "not_in_corpus")


def test_parts_of_text_are_read_together(client: OpenAI) -> None:
    parts = [{"type": "text", "text": "When was the first"}, {"type": "text", "text": "India-Japan 2+2?"}]
    completion = client.chat.completions.create(model="dateline", messages=[{"role": "user", "content": parts}])
    assert completion.choices[0].message.content.startswith("**30 November 2019**")


def test_words_of_articles_are_no_marks_in_the_message(client: OpenAI) -> None:
    content = ask(client, "crystal ferry sailed").choices[0].message.content
    assert "evil.example" in content
    html = MarkdownIt("default", {"html": True}).render(content)
    for mark in ("<script", "<img", "<a ", "<code", "<s>", "<em>"):
        assert mark not in html


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"messages": [{"role": "assistant", "content": "Aye."}]}, "the last message must be the user's"),
        ({"messages": [{"role": "user", "content": " "}]}, "holds no text"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}, "holds no text"),
        ({"messages": [{"role": "user", "content": "fail"}]}, "the index is being rebuilt"),
        ({"messages": [{"role": "user", "content": "fail"}], "stream": True}, "the index is being rebuilt"),
    ],
)
def test_what_cannot_be_asked_is_an_error_of_the_client(client: OpenAI, sent: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadRequestError, match=problem):
        client.chat.completions.create(model="dateline", **sent)


def test_another_model_and_no_messages_are_errors_in_openais_form(client: OpenAI, address: str) -> None:
    with pytest.raises(NotFoundError) as refused:
        client.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": FIRST}])
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")
    with pytest.raises(UnprocessableEntityError):
        client.chat.completions.create(model="dateline", messages=[])
    told = call(
        address, "/v1/chat/completions", {"model": "dateline", "messages": [{"role": "user", "content": "\ud800"}]}
    )
    assert (told.status, told.record["error"]["type"]) == (400, "invalid_request_error")


def test_a_defect_in_the_middle_of_a_stream_ends_it_without_its_story(address: str) -> None:
    sent = {"model": "dateline", "messages": [{"role": "user", "content": "burst"}], "stream": True}
    told = call(address, "/v1/chat/completions", sent)
    assert "a defect" not in told.text
    assert "Something went wrong inside Dateline" in told.text
