"""Following one's own contributions: with the code of a receipt, or with an account."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from citycontent.api import CommandSchema
from citycontent.web.api import list_page
from samen_core.api import LOGGED_IN, Invalid, UnitOfWork, _, clean_code, hidden_reasons, parse
from samen_core.web.api import (
    BoundForm,
    crumbs,
    current_actor,
    current_platform,
    current_uow,
    go,
    limit_visitor,
    page_url,
    render,
    render_status,
    say,
)
from samen_inbreng import paths
from samen_inbreng.models import Contribution
from samen_inbreng.queries.contributions import ContributionFilter, by_id, list_contributions
from samen_inbreng.schemas.contribution import UseReceipt, UseReceiptSchema
from samen_inbreng.services.common import get_activity
from samen_inbreng.services.guard import count_mail
from samen_inbreng.services.own import may_edit
from samen_inbreng.services.receipts import TRIES, WINDOW, claim, follow, mail_receipt, page_of_code
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.common import pages
from samen_inbreng.web.mine import rows_of
from samen_inbreng.web.views import contribution_views

TITLE = _("Volgen met uw code")


class MailReceiptSchema(CommandSchema):
    """Where the code is mailed to."""

    command = dict

    email = fields.Email(required=True, validate=validate.Length(max=254), metadata={"label": _("Uw e-mailadres"), "autocomplete": "email"})


@pages.route(paths.FOLLOW, public=True, cache=False)
def follow_page() -> ResponseReturnValue:
    """Ask for the code."""
    return _ask(BoundForm(UseReceiptSchema))


@pages.route(paths.FOLLOW, public=True, cache=False, methods=["POST"])
def followed_page() -> ResponseReturnValue:
    """The contribution with this code, and what its sender may do with it; the code of something else goes to the page that knows it."""
    limit_visitor("inbreng.receipt", TRIES, WINDOW)
    uow = current_uow()
    try:
        command = parse(UseReceiptSchema, request.form)
        contribution = follow(uow, command)
    except Invalid as error:
        elsewhere = page_of_code(uow, clean_code(request.form.get("code", "")[:40]) or "")
        if elsewhere is not None:
            # 307: the browser sends the same form there, so that the code stays out of the address.
            return redirect(page_url(elsewhere), 307)
        return _ask(BoundForm(UseReceiptSchema, data=request.form, errors=error.errors), 400)
    return _followed(uow, contribution, command)


@pages.route(f"{paths.FOLLOW}/account", permission=LOGGED_IN, methods=["POST"])
def claim_page() -> ResponseReturnValue:
    """Tie the contribution to the account of who is logged in."""
    limit_visitor("inbreng.receipt", TRIES, WINDOW)
    uow = current_uow()
    try:
        claim(uow, parse(UseReceiptSchema, request.form))
    except Invalid as error:
        return _ask(BoundForm(UseReceiptSchema, data=request.form, errors=error.errors), 400)
    say(_("De bijdrage hoort nu bij uw account. De code hebt u niet meer nodig."))
    return go(paths.MINE)


@pages.route(f"{paths.FOLLOW}/mail", public=True, cache=False, methods=["POST"])
def mail_page() -> ResponseReturnValue:
    """Mail the code to its sender."""
    limit_visitor("inbreng.receipt", TRIES, WINDOW)
    count_mail(current_platform(), request.form.get("email", ""))
    uow = current_uow()
    code = clean_code(request.form.get("code", "")[:40]) or ""
    try:
        found = parse(MailReceiptSchema, request.form)
        mail_receipt(uow, UseReceipt(code=code), found["email"])
    except Invalid as error:
        uow.rollback()
        return render_status(
            400,
            "inbreng/mail_receipt.html",
            form=BoundForm(MailReceiptSchema, data=request.form, errors=error.errors),
            code=code,
            action=page_url(f"{paths.FOLLOW}/mail"),
            breadcrumbs=crumbs((LABEL, paths.HOME), (_("Mail mij de code"), None)),
        )
    say(_("De code is onderweg naar uw e-mailadres."))
    return go(paths.FOLLOW)


@pages.route(paths.MINE, permission=LOGGED_IN)
def mine_page() -> ResponseReturnValue:
    """What the account contributed, and what was done with it."""
    uow = current_uow()
    where = list_page(paths.MINE)
    found = list_contributions(uow, ContributionFilter(account_id=uow.actor.account_id, replies=True), where.request())
    return render(
        "inbreng/mine.html",
        rows=rows_of(uow, found.items),
        follow_url=page_url(paths.FOLLOW),
        home_url_of_block=page_url(paths.HOME),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Mijn bijdragen"), None)),
        **where.pager(found),
    )


def _ask(form: BoundForm, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "inbreng/follow.html",
        title=TITLE,
        form=form,
        action=page_url(paths.FOLLOW),
        mine_url=None if current_actor().is_anonymous else page_url(paths.MINE),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


def _followed(uow: UnitOfWork, contribution: Contribution, command: UseReceipt) -> ResponseReturnValue:
    activity = get_activity(uow, contribution.activity_id)
    row = by_id(uow, contribution.id)
    why = hidden_reasons(uow, [contribution.id]).get(contribution.id)
    path = page_url(paths.contribution(activity.slug, contribution.number))
    return render(
        "inbreng/followed.html",
        one=replace(contribution_views(uow, activity, [row])[0], may_support=False, may_reply=False, log_in_url=""),
        activity=activity,
        activity_url=page_url(paths.activity(activity.slug)),
        why=why.reason if why else "",
        own_text=contribution.text if contribution.state == "hidden" else "",
        code=command.code,
        path=path,
        may_edit=may_edit(uow, contribution),
        may_withdraw=contribution.state != "withdrawn",
        claim_url=None if uow.actor.is_anonymous else page_url(f"{paths.FOLLOW}/account"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.FOLLOW), (_("Uw bijdrage"), None)),
    )
