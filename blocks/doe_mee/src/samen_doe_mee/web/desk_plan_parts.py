"""News, documents and colleagues of a plan at the desk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from citycontent.api import CommandSchema, choice_field
from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import LOGGED_IN, Conflict, Invalid, NotFound, Text, UnitOfWork, _, parse
from samen_core.web.api import current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.labels import PLAN_ROLE_LABELS
from samen_doe_mee.models import Plan
from samen_doe_mee.schemas.plan_parts import (
    AddColleague,
    AddDocument,
    AddDocumentSchema,
    PlanVersionSchema,
    UpdateDocument,
    UpdateDocumentSchema,
    UpdateNews,
    UpdateNewsSchema,
    WriteNews,
    WriteNewsSchema,
)
from samen_doe_mee.services.colleagues import add_colleague, colleagues_of, remove_colleague
from samen_doe_mee.services.plan_documents import (
    add_document,
    document_values,
    documents_of,
    get_document,
    move_document,
    remove_document,
    update_document,
)
from samen_doe_mee.services.plan_news import get_news, news_of, restore_news, update_news, withdraw_news, write_news
from samen_doe_mee.services.plans import EDITORS, may_work
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk

ONE = f"{paths.DESK_PLANS}/<slug>"
NEWS, DOCUMENTS, COLLEAGUES = _("Nieuws"), _("Documenten"), _("Collega’s")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskColleague:
    """Somebody to work at a plan, by their mail address."""

    email: str
    role: str


class AskColleagueSchema(CommandSchema):
    """The form for a colleague."""

    command: ClassVar[type[Any]] = AskColleague

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={"label": _("E-mailadres van uw collega"), "help": _("Het adres waarmee uw collega hier inlogt."), "widget": "email"},
    )
    role = choice_field(PLAN_ROLE_LABELS, _("Rol"), widget="radios")


@pages.route(f"{ONE}/nieuws", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_news(slug: str) -> ResponseReturnValue:
    """The news of a plan, and the form for more."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    id, spec = plan.id, FormSpec(WriteNewsSchema)

    def write(command: WriteNews) -> str:
        write_news(uow, id, command)
        return paths.desk_plan(slug, "nieuws")

    answer = show(uow, spec, {}) if request.method == "GET" else send(uow, spec, write)
    if isinstance(answer, str):
        say(
            _("Het bericht staat erbij. Wie het plan volgt, krijgt het te horen.")
            if plan.state != "draft"
            else _("Het bericht is bewaard.")
        )
        return go(answer)
    plan = plan_at_desk(uow, slug)
    items = [(news, page_url(paths.desk_plan(slug, f"nieuws/{news.id}"))) for news in news_of(uow, plan, all=True)]
    return render_status(
        answer.status,
        "doe_mee/desk_news.html",
        **desk_frame(uow, plan, "nieuws", NEWS),
        items=items,
        writes=may_work(uow, plan, *EDITORS) and plan.state != "withdrawn",
        form=answer.form,
        action=page_url(paths.desk_plan(slug, "nieuws")),
    )


@pages.route(f"{ONE}/nieuws/<uuid:id>", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_news_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change news."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    news = get_news(uow, id)
    if news.plan_id != plan.id:
        raise NotFound

    def write(command: UpdateNews) -> str:
        update_news(uow, id, command)
        return paths.desk_plan(slug, "nieuws")

    page = _form(plan, _("Bericht bewerken"), _("Bewaar het bericht"), "nieuws", f"nieuws/{id}")
    values = {"title": news.title, "text": news.text, "version": news.version}
    return form_page(uow, page, FormSpec(UpdateNewsSchema), (Section(NEWS, ("title", "text")),), write, values=values)


@pages.route(f"{ONE}/nieuws/<uuid:id>/<any(intrekken, terugzetten):act>", permission=LOGGED_IN, methods=["POST"])
def desk_news_act(slug: str, id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Take news back, or let everybody see it again."""
    uow = current_uow()
    plan_at_desk(uow, slug, *EDITORS)
    version = _version()
    with _told(uow):
        if act == "intrekken":
            withdraw_news(uow, id, version)
            say(_("Het bericht is ingetrokken. Niemand anders ziet het nog."))
        else:
            restore_news(uow, id, version)
            say(_("Het bericht is weer te zien."))
    return go(paths.desk_plan(slug, "nieuws"))


@pages.route(f"{ONE}/documenten", permission=LOGGED_IN)
def desk_documents(slug: str) -> ResponseReturnValue:
    """The documents of a plan in order."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    views = documents_of(uow, plan)
    items = [(view, page_url(paths.desk_plan(slug, f"documenten/{view.document.id}"))) for view in views]
    return render_status(
        200,
        "doe_mee/desk_documents.html",
        **desk_frame(uow, plan, "documenten", DOCUMENTS),
        items=items,
        writes=may_work(uow, plan, *EDITORS) and plan.state != "withdrawn",
        new_url=page_url(paths.desk_plan(slug, "documenten/nieuw")),
    )


@pages.route(f"{ONE}/documenten/nieuw", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_document_new(slug: str) -> ResponseReturnValue:
    """Add a file or a link."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    id = plan.id

    def write(command: AddDocument) -> str:
        add_document(uow, id, command)
        return paths.desk_plan(slug, "documenten")

    page = _form(plan, _("Document toevoegen"), _("Voeg het document toe"), "documenten", "documenten/nieuw")
    return form_page(uow, page, FormSpec(AddDocumentSchema), (Section(DOCUMENTS, ("title", "file", "url")),), write, values={})


@pages.route(f"{ONE}/documenten/<uuid:id>", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_document_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change a document, or replace its file."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    document = get_document(uow, id)
    if document.plan_id != plan.id:
        raise NotFound

    def write(command: UpdateDocument) -> str:
        update_document(uow, id, command)
        return paths.desk_plan(slug, "documenten")

    lead = _("Kiest u een ander bestand, dan blijft het oude te vinden als eerdere versie.")
    page = _form(plan, _("Document bewerken"), _("Bewaar het document"), "documenten", f"documenten/{id}", lead=lead)
    values = document_values(document)
    spec = FormSpec(UpdateDocumentSchema)
    sections = (Section(DOCUMENTS, ("title", "file", "url")),)
    return form_page(uow, page, spec, sections, write, values=values, owner=id)


@pages.route(f"{ONE}/documenten/<uuid:id>/<any(omhoog, omlaag, weghalen):act>", permission=LOGGED_IN, methods=["POST"])
def desk_document_act(slug: str, id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Move a document, or take it away."""
    uow = current_uow()
    plan_at_desk(uow, slug, *EDITORS)
    with _told(uow):
        if act == "weghalen":
            remove_document(uow, id, _version())
            say(_("Het document is weggehaald."))
        else:
            move_document(uow, id, up=act == "omhoog")
    return go(paths.desk_plan(slug, "documenten"))


@pages.route(f"{ONE}/collegas", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_colleagues(slug: str) -> ResponseReturnValue:
    """Who works at a plan, and the form to ask somebody."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    id, spec = plan.id, FormSpec(AskColleagueSchema)

    def write(command: AskColleague) -> str:
        add_colleague(uow, id, AddColleague(email=command.email, role=command.role))
        return paths.desk_plan(slug, "collegas")

    answer = show(uow, spec, {}) if request.method == "GET" else send(uow, spec, write)
    if isinstance(answer, str):
        say(_("Uw collega werkt nu mee aan dit plan."))
        return go(answer)
    plan = plan_at_desk(uow, slug)
    rows = [
        (
            one,
            PLAN_ROLE_LABELS[one.role],
            one.account_id == uow.actor.account_id,
            page_url(paths.desk_plan(slug, f"collegas/{one.id}/weghalen")),
        )
        for one in colleagues_of(uow, plan)
    ]
    return render_status(
        answer.status,
        "doe_mee/desk_colleagues.html",
        **desk_frame(uow, plan, "collegas", COLLEAGUES),
        rows=rows,
        leads=may_work(uow, plan, "lead"),
        form=answer.form,
        action=page_url(paths.desk_plan(slug, "collegas")),
    )


@pages.route(f"{ONE}/collegas/<uuid:id>/weghalen", permission=LOGGED_IN, methods=["POST"])
def desk_colleague_remove(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take somebody off the plan."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    with _told(uow):
        remove_colleague(uow, id)
        say(_("Uw collega werkt niet meer aan dit plan."))
    return go(paths.desk_plan(slug, "collegas") if may_work(uow, plan) else paths.DESK_PLANS)


class _told:  # noqa: N801 used as a function
    """Let what may not be, or what changed in the meantime, be said on the next page."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def __enter__(self) -> None:
        """Nothing to begin."""

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> bool:
        """Whether what went wrong was said."""
        if isinstance(error, Invalid):
            self.uow.rollback()
            for texts in error.errors.values():
                for text in texts:
                    say(text, "error")
            return True
        if isinstance(error, Conflict):
            self.uow.rollback()
            say(_("Iemand anders heeft dit intussen gewijzigd. Kijk of u het nog wilt."), "warning")
            return True
        return False


def _version() -> int:
    version: int = parse(PlanVersionSchema, MultiDict({"version": request.form.get("version", "")})).version
    return version


def _form(plan: Plan, title: Text, submit: Text, tab: str, part: str, *, lead: Text | str = "") -> FormPage:
    here = paths.desk_plan(plan.slug)
    return FormPage(
        title=title,
        submit=submit,
        done=_("Bewaard."),
        path=paths.desk_plan(plan.slug, part),
        back=paths.desk_plan(plan.slug, tab),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, here), (title, None)),
        lead=lead,
    )
