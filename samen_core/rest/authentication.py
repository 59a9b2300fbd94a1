"""Who calls the API: the owner of a bearer token (RFC 6750), or nobody in particular. The cookie of the pages is not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.actor import Actor
from samen_core.errors import SamenError
from samen_core.i18n import Text, _

if TYPE_CHECKING:
    from flask import Request

    from samen_core.db.unit_of_work import UnitOfWork


class NotAuthenticated(SamenError):
    """The call needs a token, or its token is not good. ``reason`` is the error code of RFC 6750, empty when no token was sent."""

    status = 401
    title = _("Niet aangemeld")

    def __init__(self, message: Text | None = None, *, reason: str = "") -> None:
        super().__init__(message or _("Stuur een geldig token mee in de kop Authorization: Bearer."))
        self.reason = reason


def bearer_actor(uow: UnitOfWork, request: Request) -> Actor:
    """The actor of an API call with a header ``Authorization``.

    Raises NotAuthenticated for a token or scheme that is not good, also where no token is needed.
    """
    scheme, _space, token = request.headers["Authorization"].partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated(reason="invalid_request")
    from samen_core.accounts.tokens import authenticate_token

    actor = authenticate_token(uow, token)
    if actor is None:
        raise NotAuthenticated(_("Dit token is onbekend, verlopen of ingetrokken."), reason="invalid_token")
    return actor
