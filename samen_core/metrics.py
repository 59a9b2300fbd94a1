"""Numbers for Prometheus: requests by endpoint and status, how long they took, and what waits in the outbox.

Imported on use, when ``web.metrics`` is on. Labels are names of endpoints, never paths.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from samen_core import __version__
from samen_core.config import Config
from samen_core.events.outbox import OutboxDelivery

if TYPE_CHECKING:
    from samen_core.platform import Platform

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
STATES = ("pending", "dead")

_WAITING = (
    select(OutboxDelivery.state, func.count().label("number"), func.min(OutboxDelivery.next_at).label("oldest"))
    .where(OutboxDelivery.state.in_(STATES))
    .group_by(OutboxDelivery.state)
)


def prepare(config: Config) -> None:
    """Call before processes are forked: with several web processes, their counts meet in a folder that goes when the server stops."""
    if not config.web.metrics or config.web.workers < 2 or FOLDER_VARIABLE in os.environ:
        return
    folder, parent = tempfile.mkdtemp(prefix="samen-metrics-"), os.getpid()
    os.environ[FOLDER_VARIABLE] = folder

    def remove() -> None:
        if os.getpid() == parent:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


class Metrics:
    """The counters of one platform."""

    def __init__(self, platform: Platform) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.platform = platform
        self.registry = CollectorRegistry()
        self._requests = Counter("samen_requests", "Requests answered.", ("endpoint", "method", "status"), registry=self.registry)
        self._seconds = Histogram(
            "samen_request_seconds", "Time from a request to its answer.", ("endpoint",), buckets=BUCKETS, registry=self.registry
        )

    def observe(self, endpoint: str | None, method: str, status: int, seconds: float) -> None:
        """Count one answered request; ``endpoint`` is None where no page was found."""
        name = endpoint or "none"
        self._requests.labels(
            name, method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other", status
        ).inc()
        self._seconds.labels(name).observe(seconds)

    def exposition(self) -> tuple[bytes, str]:
        """Everything in Prometheus' text format, with its content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        body = b""
        if FOLDER_VARIABLE in os.environ:
            shared = CollectorRegistry()
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
            body += generate_latest(shared)
        else:
            body += generate_latest(self.registry)
        state = CollectorRegistry()
        state.register(_State(self.platform))
        return body + generate_latest(state), CONTENT_TYPE_LATEST


class _State:
    """What is read from the database at the moment of asking."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def collect(self) -> Iterator[Any]:
        """The version, and the outbox by state with the age of what waits longest (prometheus_client calls this)."""
        from prometheus_client.core import GaugeMetricFamily

        build = GaugeMetricFamily("samen_build_info", "The running version.", labels=("version",))
        build.add_metric((__version__,), 1)
        yield build
        with self.platform.engine.connect() as connection:
            rows = {row.state: row for row in connection.execute(_WAITING)}
        deliveries = GaugeMetricFamily("samen_outbox_deliveries", "Deliveries that wait or were given up.", labels=("state",))
        for state in STATES:
            deliveries.add_metric((state,), rows[state].number if state in rows else 0)
        yield deliveries
        late = (self.platform.clock() - rows["pending"].oldest).total_seconds() if "pending" in rows else 0.0
        yield GaugeMetricFamily("samen_outbox_late_seconds", "How long the oldest waiting delivery is due.", value=max(0.0, late))


def exposition(platform: Platform) -> tuple[bytes, str]:
    """The metrics of a platform in Prometheus' text format, with its content type."""
    return platform.metrics.exposition()
