"""Error pages: what is wrong and how to go on, never how the program works inside."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from samen_core.blocks.state import BlockPaused
from samen_core.characters import without_bad
from samen_core.db.engine import is_clash
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, SamenError, TooMany, Unavailable
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE
from samen_core.web.context import current_actor, current_platform, is_api
from samen_core.web.csrf import StaleForm, is_own_site
from samen_core.web.layout import page_url, render_status


class Explanation(NamedTuple):
    """The title of an error page and what the reader can do."""

    title: Text
    advice: Text


EXPLANATIONS: dict[int, Explanation] = {
    400: Explanation(_("Wij begrijpen deze vraag niet"), _("Ga terug, controleer wat u hebt ingevuld en probeer het nog eens.")),
    403: Explanation(NotAllowed.title, _("Denkt u dat u dit wel zou moeten kunnen? Neem dan contact op met de gemeente.")),
    404: Explanation(
        NotFound.title, _("Misschien is het adres verkeerd getypt, of is de pagina verplaatst. Zoek hierboven, of begin bij de voorpagina.")
    ),
    405: Explanation(_("Dit kan hier niet"), _("Ga terug en gebruik de knop op de pagina.")),
    409: Explanation(Conflict.title, _("Ga terug, bekijk wat er nu staat en voer uw wijziging opnieuw in.")),
    410: Explanation(Gone.title, _("Wat hier stond, is weggehaald. Zoek naar iets anders.")),
    413: Explanation(_("Dit bestand is te groot"), _("Kies een kleiner bestand en probeer het nog eens.")),
    429: Explanation(TooMany.title, _("Wacht even en probeer het dan nog eens.")),
    500: Explanation(
        _("Er ging bij ons iets mis"), _("Het is niet uw schuld. Wij hebben het genoteerd. Probeer het over een paar minuten nog eens.")
    ),
    503: Explanation(Unavailable.title, _("Probeer het over een paar minuten nog eens.")),
}


LOG_IN = Explanation(
    _("Log in om verder te gaan"),
    _("Bent u lang weggeweest? Dan bent u misschien niet meer ingelogd. Log in, en vul het formulier daarna opnieuw in."),
)
STALE_FORM = Explanation(StaleForm.title, _("Open de pagina met het formulier opnieuw, en verstuur het nog een keer."))


PAUSED = _("Wat hier staat, blijft bewaard. Kijk later nog eens.")


def error_page(
    status: int, message: Text | None = None, explanation: Explanation | None = None, *, block: str = "", reason: str = ""
) -> Response:
    """The page of an error. It gives back the words that were sent with a form: they are stored nowhere.

    ``block`` is the paused block that the page belongs to, ``reason`` what a manager wrote about it, in Dutch.
    """
    found = explanation or EXPLANATIONS.get(status) or EXPLANATIONS[500 if status >= 500 else 400]
    message = message if message is not None and message != found.title else None
    return render_status(
        status,
        "core/error.html",
        status=status,
        title=found.title,
        message=message,
        advice=found.advice,
        reason=reason,
        typed=_typed() if status != 413 else [],
        back_url=_page_before(),
        manage_url=page_url(f"/beheer/bouwstenen/{block.replace('_', '-')}") if block and MANAGE.allows(current_actor()) else None,
    )


def _typed() -> list[str]:
    """What somebody wrote in a form of ours that could not be handled: whole words, no choices, codes or passwords."""
    if request.method != "POST" or not is_own_site():
        return []
    return [without_bad(value) for name, value in request.form.items(multi=True) if "password" not in name and len(value.split()) > 1]


def _page_before() -> str:
    """The path of the page with the form that was sent; "" where the browser does not say."""
    before = urlsplit(request.referrer or "")
    return before.path if request.method == "POST" and before.netloc == request.host and before.path.startswith("/") else ""


def _first(error: Invalid) -> Text:
    """The first of the messages: about the whole, else about whichever field."""
    return next((texts[0] for texts in (error.errors.get("", ()), *error.errors.values()) if texts), error.title)


def register(app: Flask) -> None:
    """Render every error of the pages; the API has its own (problem+json)."""
    app.register_error_handler(SamenError, _expected)
    app.register_error_handler(StaleDataError, _somebody_was_first)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(OperationalError, _clash)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _problem(error: Exception) -> ResponseReturnValue:
    from samen_core.rest.problem import problem_response

    return problem_response(error)


def _expected(error: SamenError) -> ResponseReturnValue:
    if is_api():
        return _problem(error)
    if isinstance(error, NotAllowed) and error.log_in and request.method == "GET":
        wanted = quote(request.script_root + request.full_path.rstrip("?"), safe="/")
        return redirect(f"{page_url('/inloggen')}?volgende={wanted}", 303)
    response = _page_of(error)
    if isinstance(error, TooMany | Unavailable) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _page_of(error: SamenError) -> Response:
    if isinstance(error, NotAllowed) and error.log_in and current_actor().is_anonymous:
        return error_page(error.status, explanation=LOG_IN)
    if isinstance(error, StaleForm):
        return error_page(error.status, error.message, STALE_FORM)
    if isinstance(error, BlockPaused):
        title = _("{block} staat op pauze", block=error.label)
        return error_page(error.status, None, Explanation(title, PAUSED), block=error.block.name, reason=error.reason)
    return error_page(error.status, _first(error) if isinstance(error, Invalid) else error.message)


def _somebody_was_first(_error: StaleDataError) -> ResponseReturnValue:
    """Two editors within the same moment: the version was right when it was checked, but no longer when it was written."""
    return _expected(Conflict())


def _clash(error: IntegrityError | OperationalError) -> ResponseReturnValue:
    """Two requests that both found a name free, that wait for each other, or one took away what the other builds on: try again."""
    if not is_clash(error):
        return _unexpected(error)
    current_platform().log.warning("writers_clashed", endpoint=request.endpoint, exc_info=error)
    return _expected(Conflict())


def _http(error: HTTPException) -> ResponseReturnValue:
    if is_api():
        return _problem(error)
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    response = error_page(error.code or 500)
    if allow := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allow
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    log = current_platform().log
    log.error("request_failed", endpoint=request.endpoint, exc_info=error)
    busy = isinstance(error, OperationalError)
    if is_api():
        return _problem(Unavailable() if busy else SamenError())
    try:
        return error_page(503 if busy else 500)
    except Exception:
        log.exception("error_page_failed")
        return Response(
            "Er ging bij ons iets mis. Probeer het later nog eens.\n", 503 if busy else 500, content_type="text/plain; charset=utf-8"
        )
