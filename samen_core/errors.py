"""The errors that services raise; web, REST and CLI each render them in their own way.

Every error carries a :class:`~samen_core.i18n.Text` for people and a status for HTTP (RFC 9110). Nothing here imports Flask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samen_core.i18n import Text, _


class SamenError(Exception):
    """An expected refusal with a message that its reader understands."""

    status = 500
    title = _("Er ging iets mis")

    def __init__(self, message: Text | None = None) -> None:
        self.message = message or self.title
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(SamenError):
    """Input that cannot be used. ``errors`` maps a field name ("" for the whole) to its messages, all of them at once."""

    status = 400
    title = _("Niet alles is goed ingevuld")

    def __init__(self, errors: Mapping[str, list[Text]] | Text) -> None:
        self.errors: dict[str, list[Text]] = {"": [errors]} if isinstance(errors, Text) else dict(errors)
        super().__init__(errors if isinstance(errors, Text) else None)


class NotAllowed(SamenError):
    """The actor may not do this. ``log_in`` tells that logging in could help."""

    status = 403
    title = _("U mag dit niet doen")

    def __init__(self, message: Text | None = None, *, log_in: bool = False) -> None:
        super().__init__(message)
        self.log_in = log_in


class NotFound(SamenError):
    """There is no such thing, or the actor may not know that there is."""

    status = 404
    title = _("Deze pagina bestaat niet")


class Gone(SamenError):
    """The thing existed and was taken away."""

    status = 410
    title = _("Dit is er niet meer")


class Conflict(SamenError):
    """Somebody else changed the thing in the meantime. ``current`` holds its state now (field name to value), ``version`` its number."""

    status = 409
    title = _("Iemand anders heeft dit intussen gewijzigd")

    def __init__(self, message: Text | None = None, *, current: Mapping[str, Any] | None = None, version: int | None = None) -> None:
        super().__init__(message)
        self.current = dict(current or {})
        self.version = version


class TooMany(SamenError):
    """Too many requests; ``retry_after`` is in seconds."""

    status = 429
    title = _("U doet dit te vaak achter elkaar")

    def __init__(self, message: Text | None = None, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(SamenError):
    """The service is not available now; ``retry_after`` is in seconds, None where nobody knows."""

    status = 503
    title = _("Dit werkt nu even niet")

    def __init__(self, message: Text | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def block_error(block: str, what: str) -> StartupError:
    """A StartupError about a block: its name, what is wrong (with a colon where it starts with one), and how to start without it."""
    said = " ".join(what.split())
    return StartupError(f"block '{block}'{'' if said.startswith(':') else ' '}{said} (or run 'samen blocks disable {block}')")


class StartupError(Exception):
    """The platform cannot start; the message, one line of English for system administrators, says what is wrong and what mends it."""
