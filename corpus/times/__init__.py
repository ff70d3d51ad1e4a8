"""Times in news: found in a text, resolved to days against the day it was published, and said in words.

Each module of rules ends in a table of rows: a name, a pattern over lower-case text, and the function that turns a
match into days. `find.TABLE` puts them in the order in which they are tried. A new row needs only its line, and a word
in `openings` when it begins with one that no row began with before.
"""

from corpus.times.describe import MONTH_NAMES, describe, describe_day, describe_days, describe_interval
from corpus.times.find import find_times
from corpus.times.phrases import resolve_phrase

TIME_TABLES = "times-7"  # names these tables in an index's manifest: change it with anything that resolves a time anew

__all__ = [
    "MONTH_NAMES",
    "TIME_TABLES",
    "describe",
    "describe_day",
    "describe_days",
    "describe_interval",
    "find_times",
    "resolve_phrase",
]
