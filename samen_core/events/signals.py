"""Signals: this happens now, inside this transaction. A receiver that raises stops the transaction.

Receivers are connected per platform from the hook ``samen_signal_receivers``; there are no module-level registries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blinker import Namespace

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

ACCOUNT_CONFIRMED = "core.account_confirmed"
"""An account proved its e-mail address. Sent with ``account_id``."""

ACCOUNT_ERASED = "core.account_erased"
"""An account is being erased on request. Sent with ``account_id``; receivers let go of what they tie to it."""


@dataclass(frozen=True, slots=True)
class SignalReceiver:
    """A function called as ``function(uow, **values)`` whenever ``signal`` is sent."""

    signal: str
    function: Callable[..., None]


class Signals:
    """The signals of one platform."""

    def __init__(self) -> None:
        self._namespace = Namespace()

    def connect(self, receiver: SignalReceiver) -> None:
        """Connect a receiver for the life of the platform."""
        self._namespace.signal(receiver.signal).connect(receiver.function, weak=False)

    def send(self, signal: str, uow: UnitOfWork, **values: Any) -> None:
        """Call every receiver in the order of the blocks, inside the transaction of ``uow``."""
        if signal in self._namespace:
            self._namespace[signal].send(uow, **values)
