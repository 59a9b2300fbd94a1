"""Errors of the API as problem details (RFC 9457), in the language that the caller asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from samen_core.db.changes import plain
from samen_core.errors import Conflict, Invalid, NotAllowed, SamenError, TooMany, Unavailable
from samen_core.i18n import Text, _
from samen_core.rest.authentication import NotAuthenticated

PROBLEM_TYPE = "application/problem+json"

_WORDS: dict[int, tuple[Text, Text]] = {
    400: (_("Het verzoek klopt niet"), _("Dit verzoek is niet te begrijpen. Kijk in de beschrijving van de API hoe het moet.")),
    401: (_("Niet aangemeld"), _("Stuur een geldig token mee in de kop Authorization: Bearer.")),
    403: (_("Dit mag niet"), _("U hebt hiervoor geen rechten.")),
    404: (_("Niet gevonden"), _("Op dit adres is niets te vinden.")),
    405: (_("Deze methode kan hier niet"), _("Gebruik een van de methoden uit de kop Allow.")),
    406: (_("Deze vorm is er niet"), _("De API antwoordt met application/json. Pas de kop Accept aan.")),
    409: (_("Iemand anders heeft dit intussen gewijzigd"), _("Haal de huidige versie op en probeer het opnieuw.")),
    410: (_("Dit is er niet meer"), _("Dit is weggehaald.")),
    412: (
        _("Iemand anders heeft dit intussen gewijzigd"),
        _("De versie in If-Match is niet meer de huidige. Haal die op en probeer het opnieuw."),
    ),
    413: (_("Te groot"), _("Dit verzoek is groter dan hier mag.")),
    414: (_("Het adres is te lang"), _("Gebruik een korter adres.")),
    415: (_("Deze vorm kan hier niet"), _("Stuur de gegevens in de vorm die de beschrijving van de API noemt, meestal application/json.")),
    428: (_("Zeg op welke versie dit slaat"), _("Stuur de versie mee die u hebt gezien, in de kop If-Match.")),
    429: (_("Te veel verzoeken"), _("U doet dit te vaak achter elkaar. Wacht even en probeer het opnieuw.")),
    500: (_("Er ging iets mis"), _("De fout ligt bij ons en is vastgelegd. Probeer het later opnieuw.")),
    503: (_("Dit werkt nu even niet"), _("Probeer het later opnieuw.")),
}


class BadInput(Invalid):
    """Input of a call that cannot be used; ``place`` is where it stood: ``body``, ``query``, ``path`` or ``header``."""

    def __init__(self, errors: Mapping[str, list[Text]] | Text, place: str) -> None:
        super().__init__(errors)
        self.place = place


def problem(status: int, detail: Text | str | None = None, *, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """A problem document with ``type``, ``title``, ``status``, ``detail`` and further members."""
    title, standard = _WORDS.get(status, (Text(HTTPStatus(status).phrase), Text(HTTPStatus(status).phrase)))
    content = {"type": "about:blank", "title": str(title), "status": status, "detail": str(detail or standard), **members}
    # Escaped to ASCII: a name in the input may hold half Unicode characters, which UTF-8 cannot carry.
    return Response(json.dumps(content), status, dict(headers or {}), content_type=PROBLEM_TYPE)


def problem_response(error: Exception) -> BaseResponse:
    """The answer to any error of an API call. One that nobody expected tells nothing about the inside."""
    if isinstance(error, SamenError):
        return _expected(error)
    if isinstance(error, HTTPException):
        return _http(error)
    return problem(500)


def _expected(error: SamenError) -> Response:
    detail = error.message if error.message is not type(error).title else None
    if isinstance(error, Invalid):
        return problem(400, detail or _count(error), errors=_fields(error))
    if isinstance(error, NotAuthenticated) or (isinstance(error, NotAllowed) and error.log_in):
        return problem(401, detail, headers={"WWW-Authenticate": challenge(getattr(error, "reason", ""))})
    if isinstance(error, Conflict):
        members = {"version": error.version, "current": plain(error.current)} if error.version is not None else {}
        return problem(412 if members and "If-Match" in request.headers else 409, detail, **members)
    if isinstance(error, TooMany | Unavailable) and error.retry_after is not None:
        return problem(error.status, detail, headers={"Retry-After": str(error.retry_after)})
    return problem(error.status, detail)


def _http(error: HTTPException) -> BaseResponse:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after or 60)
    if error.code == 401:
        headers["WWW-Authenticate"] = challenge()
    return problem(error.code, headers=headers)


def challenge(reason: str = "") -> str:
    """The value of ``WWW-Authenticate`` (RFC 6750 section 3)."""
    name = current_app.extensions["samen"].config.city.short_name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    return f'Bearer realm="{name}"' + (f', error="{reason}"' if reason else "")


def _count(error: Invalid) -> Text:
    number = sum(len(messages) for messages in error.errors.values())
    return _("Er klopt één ding niet; zie errors.") if number == 1 else _("Er kloppen {number} dingen niet; zie errors.", number=number)


def _fields(error: Invalid) -> list[dict[str, str]]:
    """Every message with its place: a JSON pointer in the body, or the name of a parameter."""
    place = error.place if isinstance(error, BadInput) else "query" if request.method in ("GET", "HEAD", "DELETE") else "body"
    found = []
    for name, messages in error.errors.items():
        where = {"pointer": "#" + "".join(f"/{_escape(part)}" for part in name.split(".") if part)} if place == "body" else {"name": name}
        found += [{"in": place, **where, "detail": str(message)} for message in messages]
    return found


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
