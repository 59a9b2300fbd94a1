"""Every page of the policy agenda passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content.

Each table says at which addresses an endpoint is looked at; ``{name}`` in one stands for what :func:`things` has under that name.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from citycontent.api import PartialDate
from citycontent.models import Area, Theme
from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.structure import body_by_id
from samen_beleidsagenda.schemas.documents import TreatDocument
from samen_beleidsagenda.schemas.structure import NameHolder
from samen_beleidsagenda.services.themes import name_holder
from samen_beleidsagenda.services.treatments import treat_document
from samen_beleidsagenda.testing import (
    a_body,
    a_commitment,
    a_decision,
    a_document,
    a_dossier,
    a_goal,
    a_meeting,
    a_moment,
    a_motion,
    a_post,
    a_question,
    an_import,
    points_of,
)
from tests.browser.conftest import PHONE
from tests.support.pages import page_endpoints, problems

PUBLIC: dict[str, list[str]] = {
    # dossiers and structure
    "beleidsagenda.dossier_list": [paths.DOSSIERS, f"{paths.DOSSIERS}?q=nergens", f"{paths.DOSSIERS}?licht=on_schedule"],
    "beleidsagenda.dossier_page": [f"{paths.DOSSIERS}/{{dossier}}", f"{paths.DOSSIERS}/{{bare}}"],
    "beleidsagenda.theme_overview": [paths.THEMES],
    "beleidsagenda.theme_of_agenda": [f"{paths.THEMES}/{{theme}}"],
    "beleidsagenda.goal_page": [f"{paths.THEMES}/doelen/{{goal}}"],
    "beleidsagenda.area_overview": [paths.AREAS],
    "beleidsagenda.area_of_agenda": [f"{paths.AREAS}/{{area_slug}}"],
    "beleidsagenda.holder_overview": [paths.HOLDERS],
    "beleidsagenda.holder_of_agenda": [f"{paths.HOLDERS}/{{post}}"],
    "beleidsagenda.body_overview": [paths.BODIES],
    "beleidsagenda.body_of_agenda": [f"{paths.BODIES}/{{body_slug}}"],
    # planning
    # meetings and papers
    "beleidsagenda.meeting_list": [paths.MEETINGS, f"{paths.MEETINGS}?weergave=geweest", f"{paths.MEETINGS}?q=bestaatniet"],
    "beleidsagenda.meeting_page": [f"{paths.MEETINGS}/{{meeting}}", f"{paths.MEETINGS}/{{bare_meeting}}"],
    "beleidsagenda.item_page": [f"{paths.MEETINGS}/punten/{{point}}"],
    "beleidsagenda.document_list": [paths.DOCUMENTS, f"{paths.DOCUMENTS}?q=bestaatniet"],
    "beleidsagenda.document_page": [f"{paths.DOCUMENTS}/{{document}}"],
    "beleidsagenda.decision_list": [paths.DECISIONS, f"{paths.DECISIONS}?q=bestaatniet"],
    "beleidsagenda.decision_page": [f"{paths.DECISIONS}/{{decision}}", f"{paths.DECISIONS}/{{replacement}}"],
    # promises
    # participation and following
    # feeds
    "beleidsagenda.feeds_page": [paths.FEEDS, f"{paths.FEEDS}?dossier={{dossier}}"],
}
OF_A_RESIDENT: dict[str, list[str]] = {
    # participation and following
}
OF_STAFF: dict[str, list[str]] = {
    # dossiers and structure
    "beleidsagenda.dossier_new": [f"{paths.DOSSIERS}/nieuw"],
    "beleidsagenda.dossier_edit": [f"{paths.DOSSIERS}/{{dossier}}/bewerken"],
    "beleidsagenda.dossier_phase": [f"{paths.DOSSIERS}/{{dossier}}/fase"],
    "beleidsagenda.dossier_level": [f"{paths.DOSSIERS}/{{dossier}}/niveau"],
    "beleidsagenda.approval_act": [
        f"{paths.DOSSIERS}/{{draft}}",
        f"{paths.DESK}/akkoord/dossier/{{dossier_id}}/weghalen",
        f"{paths.DESK}/akkoord/goal/{{goal}}/openbaar",
    ],
    "beleidsagenda.goal_new": [f"{paths.THEMES}/{{theme}}/doel"],
    "beleidsagenda.goal_edit": [f"{paths.THEMES}/doelen/{{goal}}/bewerken"],
    "beleidsagenda.desk_bodies": [f"{paths.DESK}/organen"],
    "beleidsagenda.body_new": [f"{paths.DESK}/organen/nieuw"],
    "beleidsagenda.body_edit": [f"{paths.DESK}/organen/{{body_slug}}"],
    "beleidsagenda.body_remove": [f"{paths.DESK}/organen/{{body_slug}}/weghalen"],
    "beleidsagenda.desk_themes": [f"{paths.DESK}/themas"],
    "beleidsagenda.desk_theme": [f"{paths.DESK}/themas/{{theme}}"],
    "beleidsagenda.theme_profile": [f"{paths.DESK}/themas/{{theme}}/bewerken"],
    "beleidsagenda.holder_new": [f"{paths.DESK}/themas/{{theme}}/portefeuillehouder"],
    "beleidsagenda.holder_end": [f"{paths.DESK}/portefeuilles/{{holding}}"],
    # planning
    # meetings and papers
    "beleidsagenda.meeting_new": [f"{paths.MEETINGS}/nieuw"],
    "beleidsagenda.meeting_edit": [f"{paths.MEETINGS}/{{meeting}}/bewerken"],
    "beleidsagenda.meeting_cancel": [f"{paths.MEETINGS}/{{meeting}}/afgelasten"],
    "beleidsagenda.agenda_make": [f"{paths.MEETINGS}/{{meeting}}/agenda", f"{paths.MEETINGS}/{{bare_meeting}}/agenda"],
    "beleidsagenda.item_new": [f"{paths.MEETINGS}/{{meeting}}/agenda/nieuw"],
    "beleidsagenda.item_edit": [f"{paths.MEETINGS}/punten/{{point}}/bewerken"],
    "beleidsagenda.item_result": [f"{paths.MEETINGS}/punten/{{point}}/uitkomst"],
    "beleidsagenda.item_remove": [f"{paths.MEETINGS}/punten/{{point}}/weghalen"],
    "beleidsagenda.item_treat": [f"{paths.MEETINGS}/punten/{{point}}/stukken"],
    "beleidsagenda.item_treatment": [f"{paths.MEETINGS}/punten/{{point}}/stukken/{{treatment}}"],
    "beleidsagenda.document_new": [f"{paths.DOCUMENTS}/nieuw"],
    "beleidsagenda.document_edit": [f"{paths.DOCUMENTS}/{{document}}/bewerken"],
    "beleidsagenda.document_version": [f"{paths.DOCUMENTS}/{{document}}/versie"],
    "beleidsagenda.document_withdraw": [f"{paths.DOCUMENTS}/{{document}}/versies/1/weghalen"],
    "beleidsagenda.decision_new": [f"{paths.DECISIONS}/nieuw", f"{paths.DECISIONS}/nieuw?punt={{point}}"],
    "beleidsagenda.decision_edit": [f"{paths.DECISIONS}/{{draft_decision}}/bewerken"],
    "beleidsagenda.decision_replace": [f"{paths.DECISIONS}/{{replacement}}/vervangen"],
    # promises
    # participation and following
    # feeds
    # import of lists
    "beleidsagenda.imports": [paths.IMPORTS],
    "beleidsagenda.import_new": [f"{paths.IMPORTS}/nieuw"],
    "beleidsagenda.import_list": [f"{paths.IMPORTS}/{{import_list}}", f"{paths.IMPORTS}/{{import_meetings}}"],
    "beleidsagenda.import_edit": [f"{paths.IMPORTS}/{{import_list}}/bewerken"],
    "beleidsagenda.import_list_words": [f"{paths.IMPORTS}/{{import_meetings}}/woorden"],
    "beleidsagenda.import_columns": [f"{paths.IMPORTS}/bestand/{{import_columns}}/kolommen"],
    "beleidsagenda.import_run": [f"{paths.IMPORTS}/bestand/{{import_run}}", f"{paths.IMPORTS}/bestand/{{import_run}}?uitkomst=problem"],
}
IN_ENGLISH: list[str] = []
"""Addresses that are looked at under /en too: one of every shape."""
NO_PAGES: set[str] = {
    "beleidsagenda.calendar_feed",
    "beleidsagenda.changes_feed",
    "beleidsagenda.data_csv",
    "beleidsagenda.data_json",
    "beleidsagenda.import_csv",
}
"""Endpoints that answer with something else than a page: files, feeds, the ORI answers."""


@pytest.fixture(scope="module")
def things(city):
    """What the pages are of, as the ends of their addresses: a full dossier, a bare one, drafts for who approves, and one of everything."""
    with city.write() as uow:
        theme = uow.session.execute(select(Theme).order_by(Theme.sort_name).limit(1)).scalar_one()
        area = uow.session.execute(select(Area).where(Area.classification == "wijk").order_by(Area.code).limit(1)).scalar_one()
        body = a_body(uow, "committee", "Commissie Proef")
        post = a_post(uow, "Wethouder proeven", body)
        dossier = a_dossier(uow, themes=[theme.id], areas=[area.id], holder_id=post.id, title="Een dossier om te bekijken")
        on = {"dossier_id": dossier.id}
        moment = a_moment(uow, dossier, body_id=body.organization_id, has_say=True, say_how="Spreek in op de avond.")
        meeting = a_meeting(uow, body)
        point = points_of(uow, meeting)[1]
        document = a_document(uow, dossier)
        decision = a_decision(uow, body, agenda_item_id=point.id, **on)
        imported = an_import(uow, body)
        made = {
            **{f"import_{name}": id for name, id in imported.items()},
            "treatment": treat_document(uow, point.id, TreatDocument(document_id=document.id, role="decision")).id,
            "replacement": a_decision(uow, body, title="Toch een woonerf", replaces_id=decision.id, **on).id,
            "draft_decision": a_decision(uow, body, title="Een besluit in concept", state="draft", **on).id,
            "dossier": dossier.slug,
            "dossier_id": dossier.id,
            "bare": a_dossier(uow, title="Een dossier waar nog niets bij staat", summary="", why="", question="", level=None).slug,
            "draft": a_dossier(uow, title="Een dossier in concept", state="draft").slug,
            "theme": theme.slug,
            "area": area.code,
            "area_slug": area.slug,
            "body_slug": body_by_id(uow, body.organization_id).slug,
            "holding": name_holder(uow, theme.id, NameHolder(post_id=post.id, start_date=PartialDate("2022"))).id,
            "body": body.organization_id,
            "post": post.id,
            "moment": moment.id,
            "meeting": meeting.event_id,
            "bare_meeting": a_meeting(uow, body, points=(), name="Avond zonder agenda").event_id,
            "point": point.id,
            "document": document.id,
            "motion": a_motion(uow, body, status="adopted", agenda_item_id=point.id, **on).id,
            "submitted_motion": a_motion(uow, body, title="Een motie waar nog over gestemd wordt", **on).id,
            "commitment": a_commitment(uow, body, **on).id,
            "question": a_question(uow, **on).id,
            "decision": decision.id,
            "goal": a_goal(uow, theme.id).id,
        }
    return SimpleNamespace(**made)


def filled(table, things):
    """The addresses of a table with the names of the things in them."""
    return [path.format(**vars(things)) for paths_of_one in table.values() for path in paths_of_one]


def test_every_page_is_looked_at(city):
    endpoints = {name for name in page_endpoints(city.app) if name.startswith("beleidsagenda.")}
    assert endpoints - NO_PAGES == set(PUBLIC) | set(OF_A_RESIDENT) | set(OF_STAFF)


def test_public_pages(open_page, things):
    assert problems(open_page(PHONE), filled(PUBLIC, things)) == []


def test_pages_of_a_resident(open_page, things):
    assert problems(open_page(PHONE, role="resident"), filled(OF_A_RESIDENT, things)) == []


def test_pages_of_staff(open_page, things):
    assert problems(open_page(PHONE, role="manager"), filled(OF_STAFF, things)) == []


def test_pages_in_english(open_page, things):
    page = open_page(PHONE)
    assert problems(page, [f"/en{path.format(**vars(things))}" for path in (paths.HOME, *IN_ENGLISH)]) == []
    assert page.evaluate("document.documentElement.lang") == "en"
