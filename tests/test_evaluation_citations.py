"""Does a citation hold what is claimed?"""

from dataclasses import replace

import pytest
from evaluation_fakes import ARTICLES, TALKS, TEXTS, answer, cite

from corpus.sentences import sentence_spans
from qa.evaluation.citations import check_citations, split_marked
from qa.evaluation.given import Cited, GivenAnswer, Said
from qa.evaluation.texts import widened
from qa.questions import Evidence, QuestionRecord
from qa.verify import PUBLICATION_DATE, RESOLVED_DATE

QUESTION = QuestionRecord("q", "?", ("x",))


def holds(given: GivenAnswer) -> list[bool]:
    return [checked.holds for checked in check_citations(QUESTION, given, TEXTS)]


def test_a_citation_that_contains_the_short_answer_is_right() -> None:
    krohn = cite(1, "talks", "Defence Minister Ida Krohn leads the delegation.")
    assert holds(answer("Ida Krohn", "Ida Krohn [1]", krohn)) == [True]
    assert holds(answer("Osric Pell", "It was Osric Pell. [1]", krohn)) == [False]


def test_the_sentence_around_a_span_counts_and_the_next_one_does_not() -> None:
    assert holds(answer("Ida Krohn", "Ida Krohn. [1]", cite(1, "talks", "leads the delegation"))) == [True]
    assert holds(answer("4,200", "4,200. [1]", cite(1, "talks", "leads the delegation"))) == [False]


def test_a_day_entailed_by_a_weekday_of_the_article_is_held() -> None:
    told = cite(1, "talks", "tomorrow (Wednesday)")
    assert holds(answer("7 September 2022", "It is 7 September 2022. [1]", told)) == [True]
    assert holds(answer("2022-09-07", "2022-09-07 [1]", told)) == [True]
    assert holds(answer("8 September 2022", "It is 8 September 2022. [1]", told)) == [False]


def test_a_derived_sentence_is_held_by_the_rules_that_it_names() -> None:
    lead = "7 September 2022: the article of 6 September 2022 says “tomorrow (Wednesday)”."
    told = cite(1, "talks", "tomorrow (Wednesday)")
    for rules, right in [((RESOLVED_DATE, PUBLICATION_DATE), True), ((RESOLVED_DATE,), False)]:
        given = replace(answer("x", lead, told), short_answer="", sentences=(Said(lead, (1,), rules),))
        assert holds(given) == [right]


def test_a_sentence_about_something_else_is_not_held_though_it_names_nothing() -> None:
    pier = cite(1, "bridge", "its third pier had sunk by nine centimetres")
    assert holds(answer("the pier sank", "The bridge closed because a pier had sunk. [1]", pier)) == [True]
    assert holds(answer("the council was broke", "There was no money left for repairs. [1]", pier)) == [False]


def test_two_citations_may_hold_a_sentence_together_and_a_third_adds_nothing() -> None:
    sentence = "Ida Krohn leads the delegation and Mayor Penn said so on Monday. [1][2][3]"
    krohn, penn = cite(1, "talks", "Defence Minister Ida Krohn"), cite(2, "bridge", "Mayor Penn said so")
    crowd = cite(3, "talks", "A crowd of 4,200")
    assert holds(answer("both of them", sentence, krohn, penn, crowd)) == [True, True, False]


def test_no_citation_holds_an_answer_that_says_something_else_than_its_sentences() -> None:
    quoted = "Defence Minister Ida Krohn leads the delegation."
    assert holds(answer("Ida Krohn", f"{quoted} [1]", cite(1, "talks", quoted))) == [True]
    assert holds(answer("Mayor Penn", f"{quoted} [1]", cite(1, "talks", quoted))) == [False]


def test_a_citation_from_an_article_that_is_no_evidence_is_not_right() -> None:
    question = QuestionRecord("q", "?", ("Ida Krohn",), evidence=(Evidence("bridge"),))
    given = answer("Ida Krohn", "Ida Krohn [1]", cite(1, "talks", "Ida Krohn"))
    (checked,) = check_citations(question, given, TEXTS)
    assert (checked.holds, checked.from_evidence, checked.right) == (True, False, False)


def test_evidence_of_an_article_that_is_not_there_is_not_held_against_a_citation() -> None:
    krohn = answer("Ida Krohn", "Ida Krohn [1]", cite(1, "talks", "Ida Krohn"))
    (checked,) = check_citations(replace(QUESTION, evidence=(Evidence("gone"),)), krohn, TEXTS)
    assert checked.right
    (checked,) = check_citations(replace(QUESTION, evidence=(Evidence("gone"), Evidence("bridge"))), krohn, TEXTS)
    assert not checked.right


@pytest.mark.parametrize(
    "cited",
    [
        Cited(1, "talks", 0, 13, "the ministers"),
        Cited(1, "talks", 1, 14, "The ministers"),
        Cited(1, "nowhere", 0, 13, "The ministers"),
        Cited(1, "talks", 0, 0, ""),
        Cited(1, "talks", -5, -1, "cted"),
        Cited(1, "talks", 0, len(TALKS) + 1, TALKS),
    ],
)
def test_a_quote_that_is_not_at_its_span_byte_for_byte_is_not_exact(cited: Cited) -> None:
    (checked,) = check_citations(QUESTION, answer("The ministers", "The ministers [1]", cited), TEXTS)
    assert not checked.exact


def test_a_quote_at_its_span_is_exact() -> None:
    (checked,) = check_citations(QUESTION, answer("x", "x [1]", cite(1, "talks", "Ida Krohn")), TEXTS)
    assert checked.exact


def test_a_refusal_cites_nothing() -> None:
    assert check_citations(QUESTION, answer("", "", cite(1, "talks", "Ida Krohn")), TEXTS) == ()


def test_a_marked_text_is_split_after_its_marks() -> None:
    assert split_marked("One. [1] Two [2][3] three") == (Said("One.", (1,)), Said("Two", (2, 3)))
    assert split_marked("nothing cited") == ()


def test_a_span_widens_to_the_sentences_it_touches() -> None:
    for article in ARTICLES.values():
        spans = sentence_spans(article.text)
        for start, end in spans:
            assert widened(article.text, start + 2, end - 2) == (start, end)
        assert widened(article.text, spans[0][0] + 1, spans[1][1] - 1) == (spans[0][0], spans[1][1])
