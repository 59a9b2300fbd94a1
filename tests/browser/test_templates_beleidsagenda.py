"""Every page of the policy agenda passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content.

Each table says at which addresses an endpoint is looked at; ``{name}`` in one stands for what :func:`things` has under that name.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from citycontent.api import Area, CreateTheme, Organization, create_theme
from citycontent.testing import make_event
from samen_beleidsagenda import paths
from samen_beleidsagenda.schemas.documents import TreatDocument
from samen_beleidsagenda.schemas.participation import LinkParticipation
from samen_beleidsagenda.schemas.structure import NameHolder, SetThemeProfile
from samen_beleidsagenda.services.participation import link
from samen_beleidsagenda.services.themes import name_holder, set_profile
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

HOME = paths.HOME
MEETING, POINT = f"{paths.MEETINGS}/{{meeting}}", f"{paths.MEETINGS}/punten/{{point}}"
MOTION, COMMITMENT = f"{paths.PROMISES}/moties/{{motion}}", f"{paths.PROMISES}/toezeggingen/{{commitment}}"

PUBLIC: dict[str, list[str]] = {
    # dossiers and structure
    "beleidsagenda.dossier_list": [paths.DOSSIERS, f"{paths.DOSSIERS}?q=xyzzy"],
    "beleidsagenda.dossier_page": [f"{paths.DOSSIERS}/{{{name}}}" for name in ("dossier", "bare", "demo")],
    "beleidsagenda.theme_overview": [paths.THEMES],
    "beleidsagenda.theme_of_agenda": [f"{paths.THEMES}/{{theme}}", f"{paths.THEMES}/{{bare_theme}}"],
    "beleidsagenda.goal_page": [f"{paths.THEMES}/doelen/{{goal}}"],
    "beleidsagenda.area_overview": [paths.AREAS],
    "beleidsagenda.area_of_agenda": [f"{paths.AREAS}/{{area}}"],
    "beleidsagenda.holder_overview": [paths.HOLDERS],
    "beleidsagenda.holder_of_agenda": [f"{paths.HOLDERS}/{{post}}"],
    "beleidsagenda.body_overview": [paths.BODIES],
    "beleidsagenda.body_of_agenda": [f"{paths.BODIES}/{{body}}"],
    # planning
    "beleidsagenda.home": [HOME, f"{HOME}?ingebed=ja"],
    "beleidsagenda.planning": [paths.PLANNING, f"{paths.PLANNING}?q=xyzzy"],
    "beleidsagenda.moment_page": [f"{paths.PLANNING}/{{moment}}", f"{paths.PLANNING}/{{slipped}}"],
    "beleidsagenda.calendar": [paths.CALENDAR, f"{paths.CALENDAR}?weergave=maand"],
    "beleidsagenda.snippet": [f"{HOME}/insluiten"],
    # meetings and papers
    "beleidsagenda.meeting_list": [paths.MEETINGS],
    "beleidsagenda.meeting_page": [MEETING, f"{paths.MEETINGS}/{{bare_meeting}}"],
    "beleidsagenda.item_page": [POINT],
    "beleidsagenda.document_list": [paths.DOCUMENTS],
    "beleidsagenda.document_page": [f"{paths.DOCUMENTS}/{{document}}"],
    "beleidsagenda.decision_list": [paths.DECISIONS],
    "beleidsagenda.decision_page": [f"{paths.DECISIONS}/{{decision}}"],
    # promises
    "beleidsagenda.promises_page": [paths.PROMISES, f"{paths.PROMISES}?q=xyzzy"],
    "beleidsagenda.motion_page": [MOTION, f"{paths.PROMISES}/moties/{{submitted_motion}}"],
    "beleidsagenda.commitment_page": [COMMITMENT],
    "beleidsagenda.questions_page": [paths.QUESTIONS],
    "beleidsagenda.question_page": [f"{paths.QUESTIONS}/{{question}}"],
    # feeds
    "beleidsagenda.feeds_page": [paths.FEEDS],
}
OF_A_RESIDENT: dict[str, list[str]] = {
    "beleidsagenda.following": [paths.FOLLOWING],
    "beleidsagenda.dossier_page": [f"{paths.DOSSIERS}/{{dossier}}"],
}
OF_STAFF: dict[str, list[str]] = {
    # dossiers and structure
    "beleidsagenda.dossier_new": [f"{paths.DOSSIERS}/nieuw"],
    "beleidsagenda.dossier_page": [f"{paths.DOSSIERS}/{{{name}}}" for name in ("dossier", "bare", "draft")],
    "beleidsagenda.dossier_edit": [f"{paths.DOSSIERS}/{{dossier}}/bewerken"],
    "beleidsagenda.dossier_phase": [f"{paths.DOSSIERS}/{{dossier}}/fase"],
    "beleidsagenda.dossier_level": [f"{paths.DOSSIERS}/{{dossier}}/niveau"],
    "beleidsagenda.goal_new": [f"{paths.THEMES}/{{theme}}/doel"],
    "beleidsagenda.goal_edit": [f"{paths.THEMES}/doelen/{{goal}}/bewerken"],
    "beleidsagenda.desk_bodies": [f"{paths.DESK}/organen"],
    "beleidsagenda.body_new": [f"{paths.DESK}/organen/nieuw"],
    "beleidsagenda.body_edit": [f"{paths.DESK}/organen/{{body}}"],
    "beleidsagenda.body_remove": [f"{paths.DESK}/organen/{{body}}/weghalen"],
    "beleidsagenda.desk_themes": [f"{paths.DESK}/themas"],
    "beleidsagenda.desk_theme": [f"{paths.DESK}/themas/{{theme}}"],
    "beleidsagenda.theme_profile": [f"{paths.DESK}/themas/{{theme}}/bewerken"],
    "beleidsagenda.holder_new": [f"{paths.DESK}/themas/{{theme}}/portefeuillehouder"],
    "beleidsagenda.holder_end": [f"{paths.DESK}/portefeuilles/{{holder}}"],
    "beleidsagenda.approval_act": [
        *(f"{paths.DESK}/akkoord/dossier/{{draft_id}}/{act}" for act in ("voorleggen", "openbaar", "weghalen")),
        f"{paths.DESK}/akkoord/dossier/{{submitted_id}}/teruggeven",
    ],
    # planning
    "beleidsagenda.desk": [paths.DESK],
    "beleidsagenda.board": [f"{paths.DESK}/planbord"],
    "beleidsagenda.crowd": [f"{paths.DESK}/drukte"],
    "beleidsagenda.moment_new": [f"{paths.PLANNING}/nieuw?dossier={{dossier_id}}"],
    "beleidsagenda.moment_page": [f"{paths.PLANNING}/{{moment}}"],
    "beleidsagenda.moment_edit": [f"{paths.PLANNING}/{{moment}}/bewerken"],
    "beleidsagenda.moment_postpone": [f"{paths.PLANNING}/{{moment}}/verplaatsen"],
    "beleidsagenda.moment_schedule": [f"{paths.PLANNING}/{{moment}}/agenderen"],
    "beleidsagenda.moment_treated": [f"{paths.PLANNING}/{{moment}}/behandeld"],
    "beleidsagenda.moment_drop": [f"{paths.PLANNING}/{{moment}}/vervallen"],
    # meetings and papers
    "beleidsagenda.meeting_new": [f"{paths.MEETINGS}/nieuw"],
    "beleidsagenda.meeting_page": [MEETING],
    "beleidsagenda.meeting_edit": [f"{MEETING}/bewerken"],
    "beleidsagenda.meeting_cancel": [f"{MEETING}/afgelasten"],
    "beleidsagenda.agenda_make": [f"{MEETING}/agenda"],
    "beleidsagenda.item_new": [f"{MEETING}/agenda/nieuw"],
    "beleidsagenda.item_page": [POINT],
    "beleidsagenda.item_edit": [f"{POINT}/bewerken"],
    "beleidsagenda.item_treat": [f"{POINT}/stukken"],
    "beleidsagenda.item_treatment": [f"{POINT}/stukken/{{treatment}}"],
    "beleidsagenda.item_result": [f"{POINT}/uitkomst"],
    "beleidsagenda.item_remove": [f"{POINT}/weghalen"],
    "beleidsagenda.document_new": [f"{paths.DOCUMENTS}/nieuw"],
    "beleidsagenda.document_edit": [f"{paths.DOCUMENTS}/{{document}}/bewerken"],
    "beleidsagenda.document_version": [f"{paths.DOCUMENTS}/{{document}}/versie"],
    "beleidsagenda.document_withdraw": [f"{paths.DOCUMENTS}/{{document}}/versies/1/weghalen"],
    "beleidsagenda.decision_new": [f"{paths.DECISIONS}/nieuw"],
    "beleidsagenda.decision_edit": [f"{paths.DECISIONS}/{{draft_decision}}/bewerken"],
    "beleidsagenda.decision_replace": [f"{paths.DECISIONS}/{{decision}}/vervangen"],
    "beleidsagenda.decision_votes": [f"{paths.DECISIONS}/{{decision}}/stemmen"],
    # promises
    "beleidsagenda.capture": [f"{MEETING}/vastleggen"],
    "beleidsagenda.motion_new": [f"{paths.PROMISES}/moties/nieuw"],
    "beleidsagenda.motion_page": [MOTION, f"{paths.PROMISES}/moties/{{submitted_motion}}"],
    "beleidsagenda.motion_edit": [f"{MOTION}/bewerken"],
    "beleidsagenda.motion_votes": [f"{paths.PROMISES}/moties/{{submitted_motion}}/stemmen"],
    "beleidsagenda.motion_move": [f"{paths.PROMISES}/moties/{{submitted_motion}}/uitkomst"],
    "beleidsagenda.commitment_new": [f"{paths.PROMISES}/toezeggingen/nieuw"],
    "beleidsagenda.commitment_page": [COMMITMENT],
    "beleidsagenda.commitment_edit": [f"{COMMITMENT}/bewerken"],
    "beleidsagenda.follow_up_step": [f"{COMMITMENT}/opvolging/beginnen", f"{MOTION}/opvolging/vervallen"],
    "beleidsagenda.follow_up_due": [f"{COMMITMENT}/datum"],
    "beleidsagenda.question_new": [f"{paths.QUESTIONS}/nieuw"],
    "beleidsagenda.question_page": [f"{paths.QUESTIONS}/{{question}}"],
    "beleidsagenda.question_edit": [f"{paths.QUESTIONS}/{{question}}/bewerken"],
    "beleidsagenda.question_act": [f"{paths.QUESTIONS}/{{question}}/{act}" for act in ("beantwoorden", "uitstellen", "intrekken")],
    "beleidsagenda.late_page": [paths.LATE],
    "beleidsagenda.late_address": [f"{paths.LATE}/{{post}}/adres"],
    "beleidsagenda.settle_page": [paths.SETTLE],
    # participation
    "beleidsagenda.link_participation": [f"{paths.DOSSIERS}/{{dossier}}/samenspraak/nieuw"],
    "beleidsagenda.change_participation": [f"{paths.DOSSIERS}/{{dossier}}/samenspraak/{{link}}/bewerken"],
    "beleidsagenda.unlink_participation": [f"{paths.DOSSIERS}/{{dossier}}/samenspraak/{{link}}/losmaken"],
    # import of lists
    "beleidsagenda.imports": [paths.IMPORTS],
    "beleidsagenda.import_new": [f"{paths.IMPORTS}/nieuw"],
    "beleidsagenda.import_list": [f"{paths.IMPORTS}/{{list}}", f"{paths.IMPORTS}/{{meetings}}"],
    "beleidsagenda.import_edit": [f"{paths.IMPORTS}/{{list}}/bewerken"],
    "beleidsagenda.import_list_words": [f"{paths.IMPORTS}/{{meetings}}/woorden"],
    "beleidsagenda.import_columns": [f"{paths.IMPORTS}/bestand/{{columns}}/kolommen"],
    "beleidsagenda.import_run": [f"{paths.IMPORTS}/bestand/{{run}}"],
    "beleidsagenda.import_undo": [f"{paths.IMPORTS}/bestand/{{applied}}/terugdraaien"],
}
IN_ENGLISH = [
    paths.DOSSIERS,
    f"{paths.DOSSIERS}/{{demo}}",
    paths.PLANNING,
    f"{paths.CALENDAR}?weergave=maand",
    MEETING,
    paths.PROMISES,
    paths.FEEDS,
]
"""Addresses that are looked at under /en too: one of every shape."""
NO_PAGES = {
    "api-beleidsagenda-ori.get_agendapunt",
    "api-beleidsagenda-ori.get_informatieobject",
    "api-beleidsagenda-ori.get_vergadering",
    "api-beleidsagenda-ori.list_agendapunten",
    "api-beleidsagenda-ori.list_informatieobjecten",
    "api-beleidsagenda-ori.list_vergaderingen",
    "beleidsagenda.board_move",
    "beleidsagenda.calendar_feed",
    "beleidsagenda.changes_feed",
    "beleidsagenda.data_csv",
    "beleidsagenda.data_json",
    "beleidsagenda.import_csv",
    "beleidsagenda.own_calendar",
    "beleidsagenda.promises_csv",
}
"""Endpoints that answer with something else than a page: files, feeds, the ORI answers, and what leads on."""


@pytest.fixture(scope="module")
def things(city):
    """What the pages are of, as the parts of their addresses."""
    with city.write() as uow:
        made = {**structure(uow), "demo": "een-veilige-oude-klinkerstraat"}
        made |= on_a_dossier(uow, made)
        made |= an_import(uow, made["of"])
    return SimpleNamespace(**made)


def structure(uow):
    """Themes, an area, a body and a portfolio holder."""
    theme, bare = (create_theme(uow, CreateTheme(name=name)) for name in ("Thema om te bekijken", "Thema zonder iets"))
    area = uow.session.execute(select(Area).where(Area.classification == "wijk", Area.name == "Meerzicht")).scalar_one()
    body = a_body(uow, "committee", "Commissie Proef")
    post = a_post(uow, "Wethouder proeven", body)
    set_profile(uow, theme.id, SetThemeProfile(version=0))
    holder = name_holder(uow, theme.id, NameHolder(post_id=post.id))
    organization = uow.session.get_one(Organization, body.organization_id)
    return {
        "theme": theme.slug,
        "theme_id": theme.id,
        "bare_theme": bare.slug,
        "area": area.slug,
        "area_id": area.id,
        "of": body,
        "body": organization.slug,
        "post": post.id,
        "holder": holder.id,
        "goal": a_goal(uow, theme.id).id,
    }


def on_a_dossier(uow, known):
    """A full dossier, a bare one, drafts for who approves, and one of everything that can stand on a dossier."""
    body = known["of"]
    dossier = a_dossier(
        uow, themes=[known["theme_id"]], areas=[known["area_id"]], holder_id=known["post"], title="Een dossier om te bekijken"
    )
    draft, submitted = (a_dossier(uow, title=f"Een dossier in {state}", state=state) for state in ("draft", "submitted"))
    on, of_holder = {"dossier_id": dossier.id}, {"holder_id": known["post"]}
    moment = a_moment(uow, dossier, body_id=body.organization_id, has_say=True, say_how="Spreek in op de avond.")
    late = uow.now.date() - timedelta(days=60)
    slipped = a_moment(uow, dossier, start=late, status="postponed", slip_reason="Het onderzoek duurde langer.")
    a_moment(uow, dossier, previous_id=slipped.id, slips=1, original_start=slipped.start_date, original_end=slipped.end_date)
    meeting = a_meeting(uow, body)
    point = points_of(uow, meeting)[1]
    document = a_document(uow, dossier)
    treatment = treat_document(uow, point.id, TreatDocument(document_id=document.id))
    linked = link(uow, dossier.id, LinkParticipation(thing=str(make_event(uow, "Een avond").id), asked="Wat vindt u?"))
    return {
        "dossier": dossier.slug,
        "dossier_id": dossier.id,
        "bare": a_dossier(uow, title="Een dossier waar nog niets bij staat", summary="", why="", question="", level=None).slug,
        "draft": draft.slug,
        "draft_id": draft.id,
        "submitted_id": submitted.id,
        "moment": moment.id,
        "slipped": slipped.id,
        "meeting": meeting.event_id,
        "bare_meeting": a_meeting(uow, body, points=(), name="Avond zonder agenda", agenda_published_at=None).event_id,
        "point": point.id,
        "document": document.id,
        "treatment": treatment.id,
        "motion": a_motion(uow, body, status="adopted", agenda_item_id=point.id, due_date=late, **of_holder, **on).id,
        "submitted_motion": a_motion(uow, body, title="Een motie waar nog over gestemd wordt", **on).id,
        "commitment": a_commitment(uow, body, **of_holder, **on).id,
        "question": a_question(uow, **on).id,
        "decision": a_decision(uow, body, agenda_item_id=point.id, **on).id,
        "draft_decision": a_decision(uow, body, state="draft", **on).id,
        "link": linked.id,
    }


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


def test_what_is_typed_during_a_meeting_outlives_a_lost_connection(open_page, things):
    page = open_page(PHONE, role="manager")
    path = f"{paths.MEETINGS}/{things.meeting}/vastleggen"
    page.goto(path)
    said = page.get_by_label("Wat is er toegezegd?")
    said.fill("Ik stuur een brief over de lantaarns.")
    page.reload()
    assert said.input_value() == "Ik stuur een brief over de lantaarns.", "it was kept on the device"
    page.context.set_offline(True)
    page.get_by_role("button", name="Leg de toezegging vast").click()
    page.get_by_text("U hebt nu geen verbinding.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Leg de toezegging vast").click()
    page.get_by_role("link", name="Ik stuur een brief over de lantaarns.").wait_for()
    assert said.input_value() == ""
    assert page.evaluate("localStorage.length") == 0, "what arrived is not kept"
