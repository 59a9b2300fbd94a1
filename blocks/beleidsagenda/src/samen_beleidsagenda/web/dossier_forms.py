"""Entering and changing dossiers: their text, with a hint on how it reads, their phase and how much residents have to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    Atlas,
    FormPage,
    FormSpec,
    Named,
    Options,
    Section,
    area_choices,
    atlas,
    form_page,
    send,
    show,
    suggestions,
    theme_choices,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import PHASE_HELP, PHASE_LABELS
from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.structure import portfolio_posts
from samen_beleidsagenda.readability import hints, read
from samen_beleidsagenda.schemas.dossiers import (
    ChooseLevel,
    ChooseLevelSchema,
    CreateDossier,
    CreateDossierSchema,
    MoveDossier,
    MoveDossierSchema,
    UpdateDossier,
    UpdateDossierSchema,
)
from samen_beleidsagenda.services.common import require_write
from samen_beleidsagenda.services.dossiers import choose_level, create_dossier, dossier_values, move_phase, update_dossier
from samen_beleidsagenda.services.phases import Move, moves_from
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.dossier import dossier_at
from samen_beleidsagenda.web.dossiers import TITLE
from samen_core.api import Invalid, Text, UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, go, page_url, render_part, render_status, say

NAMED = {"organization_id": Named("organization"), "project_ids": Named("project", many=True)}
NEW, CHANGED = FormSpec(CreateDossierSchema, NAMED), FormSpec(UpdateDossierSchema, NAMED)
TEXTS = ("summary", "question", "why")
"""The fields whose reading is looked at."""
PREVIEW = "bekijken"
HINT_PATH = f"{paths.DESK}/leesbaarheid"


def _sections(*, new: bool, secret: bool) -> tuple[Section, ...]:
    last = ("contact", "tags", *(("confidential",) if secret else ()))
    return (
        Section(_("Wat is het?"), ("title", "summary", "question", "why", *(("phase",) if new else ()))),
        Section(_("Waar gaat het over?"), ("theme_ids", "area_ids", "project_ids")),
        Section(_("Wie en wanneer?"), ("holder_id", "organization_id", "start_date", "expected_end")),
        Section(_("Meer gegevens"), last, folded=True),
    )


@pages.route(f"{paths.DOSSIERS}/nieuw", permission=WRITE, methods=["GET", "POST"])
def dossier_new() -> ResponseReturnValue:
    """Add a dossier."""
    uow = current_uow()
    page = FormPage(
        title=_("Een dossier aanleggen"),
        lead=_("Het wordt een concept. Pas als iemand het openbaar maakt, ziet iedereen het."),
        submit=_("Bewaar als concept"),
        done=_("Het dossier is bewaard als concept."),
        path=f"{paths.DOSSIERS}/nieuw",
        back=paths.DOSSIERS,
        trail=((LABEL, paths.HOME), (TITLE, paths.DOSSIERS), (_("Nieuw"), None)),
    )

    def write(command: CreateDossier) -> str:
        return paths.dossier(create_dossier(uow, command).slug)

    return _text_form(uow, page, NEW, write, {"phase": "exploration"}, new=True)


@pages.route(f"{paths.DOSSIERS}/<slug>/bewerken", permission=WRITE, methods=["GET", "POST"])
def dossier_edit(slug: str) -> ResponseReturnValue:
    """Change what is known of a dossier."""
    uow = current_uow()
    dossier = _writable(uow, slug)
    id, path = dossier.id, paths.dossier(slug)
    page = FormPage(
        title=_("{name} bewerken", name=dossier.title),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=paths.dossier(slug, "bewerken"),
        back=path,
        trail=_trail(dossier, _("Bewerken")),
    )

    def write(command: UpdateDossier) -> str:
        return paths.dossier(update_dossier(uow, id, command).slug)

    return _text_form(uow, page, CHANGED, write, dossier_values(uow, dossier), new=False)


def _text_form(
    uow: UnitOfWork, page: FormPage, spec: FormSpec, write: Callable[[Any], str], values: Mapping[str, Any], *, new: bool
) -> ResponseReturnValue:
    """Show the form with what would make its texts easier to read, or do what it asks. "Bekijk hoe het leest" stores nothing."""
    options = _options(uow, atlas(uow), values.get("holder_id"))
    looks = PREVIEW in request.form

    def write_unless_looking(command: Any) -> str:
        if looks:
            raise Invalid({})
        return write(command)

    answer = show(uow, spec, values, options) if request.method == "GET" else send(uow, spec, write_unless_looking, options, values)
    if isinstance(answer, str):
        say(page.done)
        return go(answer)
    form = answer.form
    texts = {name: str(form[name].value or "") for name in TEXTS}
    if looks and not form.errors and form.conflict is None:
        answer = replace(answer, status=200)
    return render_status(
        answer.status,
        "beleidsagenda/dossier_form.html",
        page=page,
        form=form,
        sections=_sections(new=new, secret=SEE_CONFIDENTIAL.somewhere(uow.actor)),
        readings={name: _hints(text) for name, text in texts.items()} if request.method == "POST" or not new else {},
        preview=texts["summary"] if looks else "",
        preview_name=PREVIEW,
        hint_url=page_url(HINT_PATH),
        suggestions=suggestions(uow, spec),
        action=page_url(page.path),
        cancel_url=page_url(page.back),
        breadcrumbs=crumbs(*page.trail),
    )


@pages.route(HINT_PATH, permission=WRITE, methods=["POST"])
def readability_hint() -> ResponseReturnValue:
    """What would make a text easier to read, as a part of a page: asked while somebody writes."""
    return render_part("beleidsagenda/reading.html", hints=_hints(request.form.get("text", "")[:20_000]))


def _hints(text: str) -> list[Text] | None:
    """The hints for a text; None for an empty one."""
    return hints(read(text)) if text.strip() else None


@pages.route(f"{paths.DOSSIERS}/<slug>/fase", permission=WRITE, methods=["GET", "POST"])
def dossier_phase(slug: str) -> ResponseReturnValue:
    """Bring a dossier to another phase."""
    uow = current_uow()
    dossier = _writable(uow, slug)
    id, path = dossier.id, paths.dossier(slug)
    page = FormPage(
        title=_("Andere fase"),
        lead=_(
            "“{title}” is nu in de fase {phase}. {help}",
            title=dossier.title,
            phase=PHASE_LABELS[dossier.phase],
            help=PHASE_HELP[dossier.phase],
        ),
        submit=_("Verplaats het dossier"),
        done=_("Het dossier is nu in de nieuwe fase."),
        path=paths.dossier(slug, "fase"),
        back=path,
        trail=_trail(dossier, _("Fase")),
    )
    moves = moves_from(dossier.phase, dossier.phase_before)
    options = [(move.phase, _move_words(move)) for move in moves]

    def write(command: MoveDossier) -> str:
        move_phase(uow, id, command)
        return path

    sections = (Section(_("De volgende fase"), ("phase", "reason")),)
    return form_page(
        uow, page, FormSpec(MoveDossierSchema), sections, write, values={"version": dossier.version}, options={"phase": options}
    )


@pages.route(f"{paths.DOSSIERS}/<slug>/niveau", permission=WRITE, methods=["GET", "POST"])
def dossier_level(slug: str) -> ResponseReturnValue:
    """Choose how much residents have to say, or tell why they do not."""
    uow = current_uow()
    dossier = _writable(uow, slug)
    id, path = dossier.id, paths.dossier(slug)
    page = FormPage(
        title=_("Niveau van samenspraak"),
        lead=_(
            "Hoeveel hebben inwoners te zeggen over “{title}”? Het niveau en de reden staan op de pagina van het dossier.",
            title=dossier.title,
        ),
        submit=_("Kies dit niveau"),
        done=_("Het niveau is gekozen en staat op de pagina."),
        path=paths.dossier(slug, "niveau"),
        back=path,
        trail=_trail(dossier, _("Niveau")),
    )

    def write(command: ChooseLevel) -> str:
        choose_level(uow, id, command)
        return path

    values = {"level": dossier.level, "reason": dossier.level_reason, "version": dossier.version}
    return form_page(uow, page, FormSpec(ChooseLevelSchema), (Section(_("Het niveau"), ("level", "reason")),), write, values=values)


def _writable(uow: UnitOfWork, slug: str) -> Dossier:
    dossier = dossier_at(uow, slug)
    require_write(uow, dossier)
    return dossier


def _move_words(move: Move) -> Text:
    words = {"phase": PHASE_LABELS[move.phase], "help": PHASE_HELP[move.phase]}
    return _("{phase}: {help} U moet een reden geven.", **words) if move.needs_reason else _("{phase}: {help}", **words)


def _trail(dossier: Dossier, last: Text) -> tuple[tuple[Text | str, str | None], ...]:
    return (LABEL, paths.HOME), (TITLE, paths.DOSSIERS), (dossier.title, paths.dossier(dossier.slug)), (last, None)


def _options(uow: UnitOfWork, book: Atlas, holder_id: Any) -> Options:
    posts = [(post.id, _("{post}, {organization}", post=post.label, organization=post.organization)) for post in portfolio_posts(uow)]
    if holder_id and holder_id not in [id for id, _label in posts]:
        posts.append((holder_id, _("De portefeuillehouder van nu")))
    return {"area_ids": area_choices(book), "theme_ids": theme_choices(book), "holder_id": posts}
