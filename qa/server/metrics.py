"""What is counted, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

# Seconds: from an answer that was remembered to one that waited behind a full queue.
BUCKETS_S = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one server; each server has its own, so that several may run in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "dateline_requests", "HTTP requests", ["method", "route", "status"], registry=self._registry
        )
        self.request_s = Histogram(
            "dateline_request_seconds",
            "Time to the end of the response",
            ["route"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self.answers = Counter(
            "dateline_answers", "Questions answered, by what came of them", ["status"], registry=self._registry
        )
        self.stage_s = Histogram(
            "dateline_answer_seconds",
            "Time in each stage of an answer",
            ["stage"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self.remembered = Counter("dateline_answers_remembered", "Answers given from memory", registry=self._registry)
        self.refused = Counter("dateline_refused", "Requests refused, by why", ["reason"], registry=self._registry)

    def observe(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a value that is asked for each time the metrics are read."""
        Gauge(name, meaning, registry=self._registry).set_function(value)

    def text(self) -> bytes:
        """Return everything in Prometheus' own form."""
        return generate_latest(self._registry)
