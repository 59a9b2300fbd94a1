"""Values in texts that are rendered only when somebody reads them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from samen_core.api import Text, format_date, format_moment


class Listing:
    """Several texts with commas between them."""

    def __init__(self, texts: Iterable[Text | str]) -> None:
        self.texts = tuple(texts)

    def __str__(self) -> str:
        return ", ".join(str(text) for text in self.texts)


class Day:
    """A date written out."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __str__(self) -> str:
        return format_date(self.day)


class When:
    """A moment written out, in the city's time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __str__(self) -> str:
        return format_moment(self.moment)
