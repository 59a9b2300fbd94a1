"""What was just sent, for the page that thanks for it: in a cookie of its own, so that a visitor needs no session.

The code of a receipt is nowhere else than with its owner: not in an address, and not stored on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, after_this_request, current_app, request
from flask.typing import ResponseReturnValue

from samen_core.web.api import go
from samen_inbreng import paths
from samen_inbreng.services.contributions import Given

SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Sent:
    """The number and the code of what was sent, and whether an address is to be confirmed. Without a number nothing was."""

    number: int | None = None
    code: str = ""
    confirms: bool = False


def thank_for(slug: str, given: Given, path: str = "") -> ResponseReturnValue:
    """Go to the page that thanks for what was just sent to the activity at this address; another block has its own at ``path``."""
    one = given.contribution
    confirms = bool(given.receipt_code and one.wants_mail and one.email)
    answer = go(path or paths.activity(slug, "bedankt"))
    answer.set_cookie(_name(), f"{slug}:{one.number}:{given.receipt_code}:{int(confirms)}", max_age=SECONDS, **_options())
    return answer


def take_sent(slug: str) -> Sent:
    """What was just sent to this activity; it is told once."""
    of, _colon, told = request.cookies.get(_name(), "").partition(":")
    number, code, confirms = told.split(":") if told.count(":") == 2 else ("", "", "")
    if of != slug or not number.isdecimal():
        return Sent()
    after_this_request(_forget)
    return Sent(int(number), code, confirms == "1")


def _forget(response: Response) -> Response:
    response.delete_cookie(_name(), **_options())
    return response


def _name() -> str:
    """With https the prefix makes browsers refuse it from another host."""
    return "__Host-samen-sent" if current_app.config["SESSION_COOKIE_SECURE"] else "samen-sent"


def _options() -> dict[str, Any]:
    return {"path": "/", "secure": current_app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
