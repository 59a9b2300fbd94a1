"""What the page of every type of activity is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from samen_core.api import Text, UnitOfWork
from samen_core.web.api import BoundField, Received
from samen_doe_mee.services.activities import Placed
from samen_inbreng.api import Contribution


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was sent and could not be used: as it was typed, what is wrong, and the status of the answer (400, 409 or 410)."""

    received: Received
    errors: Mapping[str, list[Text]]
    status: int = 400
    message: Text | None = None


def no_links(_uow: UnitOfWork, _placed: Placed) -> list[tuple[str, Text, str]]:
    """Nothing besides what one can do with every activity."""
    return []


@dataclass(frozen=True, slots=True)
class EntryPart:
    """What a type asks besides when staff enters what somebody else said: its field, and what is kept of it after entering."""

    field: Callable[[UnitOfWork, Placed], BoundField]
    keep: Callable[[UnitOfWork, Placed, Contribution], None]


@dataclass(frozen=True, slots=True)
class TypePage:
    """The page of one type of activity, around which stands the frame of ``web/activity.py``.

    ``template`` extends ``doe_mee/activity.html`` and fills its blocks ``take_part`` (the form) and ``said`` (what others did). ``show``
    gives what the template needs beside the frame; with a :class:`Refused` the form as it was typed. ``receive`` reads the form that was
    sent, before anything is checked (``receive_files``). ``send`` does what it asks and says where to go, or gives what to show again; it
    raises Invalid, Gone or Conflict, after which the frame shows the page again. ``desk_links`` are what staff can do with it besides:
    icon, words and address.
    """

    code: str
    template: str
    show: Callable[[UnitOfWork, Placed, Refused | None], dict[str, Any]]
    receive: Callable[[UnitOfWork, Placed], Received]
    send: Callable[[UnitOfWork, Placed, Received], ResponseReturnValue | Refused]
    desk_links: Callable[[UnitOfWork, Placed], list[tuple[str, Text, str]]] = no_links
    entry: EntryPart | None = None
