"""How often a client may ask: a bucket of tokens for each, which fills up again as time passes.

The rate limiters that are to be had keep a thread or a timer for their memory; this needs neither.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

MOST_CLIENTS = 10_000  # the one that has been silent longest is forgotten first; its bucket is most likely full again


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_s: float


class RateLimit:
    """Lets each client act `each_minute` times a minute, and as many times at once after a quiet minute."""

    def __init__(self, each_minute: int, *, clock_s: Callable[[], float] = monotonic) -> None:
        self._most = float(each_minute)
        self._clock_s = clock_s
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, client: str) -> float:
        """Count one act of a client and return 0, or count none and return in how many seconds it may act."""
        if not self._most:
            return 0.0
        with self._lock:
            bucket = self._refilled(client)
            if bucket.tokens < 1:
                return (1 - bucket.tokens) * 60 / self._most
            bucket.tokens -= 1
            return 0.0

    def _refilled(self, client: str) -> _Bucket:
        now = self._clock_s()
        bucket = self._buckets.setdefault(client, _Bucket(self._most, now))
        bucket.tokens = min(self._most, bucket.tokens + (now - bucket.filled_s) * self._most / 60)
        bucket.filled_s = now
        self._buckets.move_to_end(client)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return bucket
