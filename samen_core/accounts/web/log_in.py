"""Logging in with a password or a link, and logging out."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.accounts import links
from samen_core.accounts.schemas import EmailSchema, LogIn, LogInSchema
from samen_core.accounts.security import forget_log_in
from samen_core.accounts.services import log_in as service
from samen_core.accounts.sessions import current_session
from samen_core.accounts.web.common import enter, expired, go_on, limit_log_ins, limit_mails, next_path, with_next
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _, n_
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.layout import crumbs, forget_frame, go, page_url, render, render_status

pages = BlockBlueprint("log_in", __name__)

WRONG = _("Deze combinatie van e-mailadres en wachtwoord klopt niet. Controleer beide, of laat u een link mailen om in te loggen.")
UNCONFIRMED = _("U hebt uw e-mailadres nog niet bevestigd. Wij hebben u de mail met de link nog een keer gestuurd.")


@pages.route("/inloggen", public=True, cache=False)
def form() -> ResponseReturnValue:
    """The log-in form; who is logged in already goes on, unless asked to log in again."""
    if not current_actor().is_anonymous and "opnieuw" not in request.args:
        return go_on(next_path())
    return _page(200, BoundForm(LogInSchema))


@pages.route("/inloggen", public=True, cache=False, methods=["POST"])
def submit() -> ResponseReturnValue:
    """Try to log in with a password. A failure is counted and logged whatever the page then shows."""
    try:
        command: LogIn = parse(LogInSchema, request.form)
    except Invalid as error:
        return _page(400, BoundForm(LogInSchema, data=request.form, errors=error.errors))
    limit_log_ins()
    with current_platform().read(current_actor()) as reading:
        attempt = service.try_password(reading, command, request.remote_addr or "")
    uow = current_uow()
    account = service.record_attempt(uow, attempt)
    uow.commit()
    if account is None:
        return _refused(attempt)
    enter(account, "password", keep=command.keep)
    return go_on(next_path())


def _refused(attempt: service.Attempt) -> Response:
    message = {"wait": _wait_message(attempt.wait), "unconfirmed": UNCONFIRMED}.get(attempt.result, WRONG)
    form = BoundForm(LogInSchema, data=request.form, errors={"": [message]})
    response = _page(429 if attempt.result == "wait" else 400, form)
    if attempt.result == "wait":
        response.headers["Retry-After"] = str(attempt.wait)
    return response


def _wait_message(seconds: int) -> Text:
    if seconds <= 90:
        return n_(
            "Er is een paar keer een verkeerd wachtwoord ingevuld. Wacht nog {n} seconde, of laat u een link mailen om in te loggen.",
            "Er is een paar keer een verkeerd wachtwoord ingevuld. Wacht nog {n} seconden, of laat u een link mailen om in te loggen.",
            seconds,
        )
    return n_(
        "Er is een paar keer een verkeerd wachtwoord ingevuld. Wacht nog {n} minuut, of laat u een link mailen om in te loggen.",
        "Er is een paar keer een verkeerd wachtwoord ingevuld. Wacht nog {n} minuten, of laat u een link mailen om in te loggen.",
        -(-seconds // 60),
    )


def _page(status: int, form: BoundForm) -> Response:
    return render_status(
        status,
        "core/account/log_in.html",
        form=form,
        action=with_next("/inloggen"),
        link_url=with_next("/inloggen/link"),
        register_url=with_next("/registreren"),
        breadcrumbs=crumbs((_("Inloggen"), None)),
    )


@pages.route("/inloggen/link", public=True, cache=False)
def ask_link_form() -> ResponseReturnValue:
    """Ask for a link by mail."""
    return _link_page(200, BoundForm(EmailSchema))


@pages.route("/inloggen/link", public=True, cache=False, methods=["POST"])
def ask_link() -> ResponseReturnValue:
    """Mail the link, if the address is known; the answer does not tell."""
    try:
        email: str = parse(EmailSchema, request.form)["email"]
        limit_mails(email)
        service.ask_link(current_uow(), email, next_path())
    except Invalid as error:
        return _link_page(400, BoundForm(EmailSchema, data=request.form, errors=error.errors))
    return go("/inloggen/link/verstuurd")


def _link_page(status: int, form: BoundForm) -> Response:
    return render_status(
        status,
        "core/account/ask_link.html",
        form=form,
        action=with_next("/inloggen/link"),
        breadcrumbs=crumbs((_("Inloggen"), "/inloggen"), (_("Met een link"), None)),
    )


@pages.route("/inloggen/link/verstuurd", public=True, cache=False)
def link_sent() -> ResponseReturnValue:
    """Look in your mail."""
    return render(
        "core/account/sent.html",
        title=_("Kijk in uw mail"),
        text=_(
            "Is er een account met dit e-mailadres? Dan krijgt u een mail met een link om in te loggen. De link blijft 30 minuten geldig."
        ),
        again=page_url("/inloggen/link"),
        breadcrumbs=crumbs((_("Inloggen"), "/inloggen"), (_("Met een link"), None)),
    )


@pages.route("/inloggen/link/<token>", public=True, cache=False)
def link(token: str) -> ResponseReturnValue:
    """The page behind the link: only its button logs in, because mail scanners open links too."""
    try:
        links.read(current_uow(), "log_in", token)
    except links.LinkExpired as error:
        return expired(error, "/inloggen/link", _("Vraag een nieuwe link"))
    return render("core/account/use_link.html", action=page_url("/inloggen/link/" + token), breadcrumbs=crumbs((_("Inloggen"), None)))


@pages.route("/inloggen/link/<token>", public=True, cache=False, methods=["POST"])
def use_link(token: str) -> ResponseReturnValue:
    """Log in with the link, once."""
    limit_log_ins()
    uow = current_uow()
    try:
        go_to = links.read(uow, "log_in", token).go_to
        account = service.use_link(uow, token)
    except links.LinkExpired as error:
        return expired(error, "/inloggen/link", _("Vraag een nieuwe link"))
    uow.commit()
    enter(account, "link", keep="keep" in request.form)
    return go_on(go_to)


@pages.route("/uitloggen", public=True, cache=False, methods=["POST"])
def log_out() -> ResponseReturnValue:
    """End the session on the server; whose session had ended already is logged out too."""
    service.logged_out(current_uow())
    leave()
    return go("/uitgelogd")


def leave() -> None:
    """End the session of this request."""
    forget_log_in()
    current_session().end()
    forget_frame()


@pages.route("/uitgelogd", public=True)
def logged_out() -> ResponseReturnValue:
    """You are logged out."""
    return render("core/account/logged_out.html", breadcrumbs=crumbs((_("Uitgelogd"), None)))
