"""Showing which block is asked what, for who writes one: ``SAMEN_TRACE_HOOKS=1``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def traced(function: Callable[..., Any], block: str, **place: str) -> Callable[..., Any]:
    """The function, with a log line ``block_asked`` per call: the block, the hook or slot, the milliseconds, and what it gave.

    ``gave`` is the number of answers of a list, 1 or 0 for another answer or none, and the name of the error for a call that raised.
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        gave: int | str = 0
        try:
            answer = function(*args, **kwargs)
            if isinstance(answer, Iterable) and not isinstance(answer, str):
                # What a generator does counts too.
                answer = list(answer)
                gave = len(answer)
            else:
                gave = int(bool(answer))
        except Exception as error:
            gave = type(error).__name__
            raise
        finally:
            milliseconds = round((time.perf_counter() - start) * 1000, 3)
            log.info("block_asked", block=block, **place, gave=gave, milliseconds=milliseconds)
        return answer

    return call
