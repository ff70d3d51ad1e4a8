"""Rows for words that look like times and are none: habits, titles, rates."""

from __future__ import annotations

from corpus.times.rule import Rule
from corpus.times.vocabulary import FULL_MONTH, WEEKDAY

RULES = (
    Rule(
        "recurring",
        rf"(?:every|each|any)\s(?:other\s|single\s|second\s)?(?:{WEEKDAY}|{FULL_MONTH}|day|week|month|year|weekend|night|morning)",
        None,
    ),
    Rule("recurring", rf"(?:{WEEKDAY})s", None),
    Rule("recurring", rf"on\san?\s(?:{WEEKDAY})", None),
    Rule("recurring", rf"(?<!from\s)(?:monday|tuesday|sunday)\s(?:through|thru)\s(?:{WEEKDAY})", None),
    Rule(
        "title",
        r"(?:super|black|cyber|bloody|fat|giving|small business|ruby)\s"
        rf"(?:{WEEKDAY})",
        None,
    ),
    Rule(
        "title",
        r"(?:ash wednesday|palm sunday) (?:\w+ )?(?:attacks?|bombings?|blaze|storm|(?:bush)?fires?)"
        r"|whit (?:tuesday|wednesday|thursday|friday|saturday)|mail on sunday"
        r"|usa today|today (?:show|programme|program)|friday the 13th|1922 committee|wednesday addams",
        None,
    ),
    Rule("title", r"(?:monday|thursday|sunday|saturday) night (?:football|live)", None),
    Rule(
        "title",
        r"sunday (?:times|telegraph|mirror|express|world|independent|post|school|league|best|roast)",
        None,
    ),
    Rule("title", r"good friday (?:agreement|accords?|peace)", None),
    Rule("title", r"march\smadness|april\sfool(?:s['’]?|['’]s)?(?:\sday)?", None),
    Rule("title", r"(?:20th|twentieth)[\s-]century[\s-](?:fox|studios)", None),
    Rule("name", r"(?:theresa|brian|james|imelda|elaine|ms|mrs|mr)\.?\smay", None),
)
