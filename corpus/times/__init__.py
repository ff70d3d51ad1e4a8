"""Times in news: found in a text, resolved to days against the day it was published, and said in words."""

from corpus.times.describe import describe, describe_day, describe_days
from corpus.times.find import find_times
from corpus.times.phrases import resolve_phrase

__all__ = ["describe", "describe_day", "describe_days", "find_times", "resolve_phrase"]
