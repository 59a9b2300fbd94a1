"""Dossiers: entering and changing them, their phases and level, and who may know of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from citycontent.api import CreateTheme, PartialDate, create_theme
from citycontent.testing import make_area, make_organization, make_project
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import PHASES, Dossier, Entry, PhaseChange, PlanningItem
from samen_beleidsagenda.periods import parse_period
from samen_beleidsagenda.queries.dossiers import DossierFilter, list_dossiers
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.dossiers import ChooseLevel, CreateDossier, CreateDossierSchema, MoveDossier, UpdateDossier
from samen_beleidsagenda.schemas.planning import PlanMoment, Schedule, Treat
from samen_beleidsagenda.services import approval, dossiers, planning
from samen_beleidsagenda.services.agendas import remove_item
from samen_beleidsagenda.services.phases import moves_from
from samen_beleidsagenda.services.taking_back import resume_moment
from samen_core.api import (
    Actor,
    Change,
    Conflict,
    Grant,
    Invalid,
    NotAllowed,
    NotFound,
    PageRequest,
    Platform,
    Subject,
    UnitOfWork,
    anonymous,
    parse,
    system,
)

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def create(uow: UnitOfWork, **values: Any) -> Dossier:
    given = {"title": "Een veilige Dorpsstraat", "summary": "De straat wordt veiliger.", **values}
    return dossiers.create_dossier(uow, CreateDossier(**given))


def change(uow: UnitOfWork, dossier: Dossier, **values: Any) -> UpdateDossier:
    now = dossiers.dossier_values(uow, dossier)
    return UpdateDossier(**{**now, "tags": tuple(now["tags"].split("\n")) if now["tags"] else (), **values})


def titles(uow: UnitOfWork, **filters: Any) -> list[str]:
    return [row.title for row in list_dossiers(uow, DossierFilter(**filters), PageRequest()).items]


@SQLITE
def test_a_dossier_is_a_draft_until_it_is_approved(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    writer, clerk = actor_as("facilitator"), actor_as("decision_maker")
    with platform.unit_of_work(writer) as uow:
        dossier = create(uow)
        assert dossier.slug == "een-veilige-dorpsstraat"
        assert titles(uow) == []
        with pytest.raises(NotAllowed):
            dossiers.publish_dossier(uow, dossier.id, Approve(version=dossier.version))
        approval.submit(uow, Dossier, dossier.id, Approve(version=dossier.version))
    with platform.read(anonymous()) as reader:
        assert reader.session.get_one(Subject, dossier.id).public is False
    with platform.unit_of_work(clerk) as uow, pytest.raises(Invalid):
        approval.hand_back(uow, Dossier, dossier.id, Approve(version=dossier.version))
    with platform.unit_of_work(clerk) as uow:
        dossiers.publish_dossier(uow, dossier.id, Approve(version=dossier.version))
    with platform.read(anonymous()) as reader:
        assert titles(reader) == ["Een veilige Dorpsstraat"]
        assert reader.session.get_one(Subject, dossier.id).public is True


@SQLITE
def test_a_dossier_without_a_summary_does_not_become_public(uow: UnitOfWork) -> None:
    public = testing.a_dossier(uow)
    with pytest.raises(Invalid) as error:
        dossiers.update_dossier(uow, public.id, change(uow, public, summary=""))
    assert "summary" in error.value.errors, "nor loses it later"
    dossier = create(uow, summary="")
    with pytest.raises(Invalid, match="samenvatting"):
        dossiers.publish_dossier(uow, dossier.id, Approve(version=dossier.version))


@SQLITE
def test_what_a_dossier_refers_to_must_be_there(uow: UnitOfWork) -> None:
    with pytest.raises(Invalid) as caught:
        create(uow, theme_ids=(uuid.uuid4(),), holder_id=uuid.uuid4(), project_ids=(uuid.uuid4(),))
    assert set(caught.value.errors) == {"theme_ids", "holder_id", "project_ids"}


def test_links_are_replaced_and_a_change_of_links_alone_is_a_change(uow: UnitOfWork) -> None:
    theme = create_theme(uow, CreateTheme(name="Verkeer"))
    project = make_project(uow)
    dossier = create(uow, theme_ids=(theme.id,), tags=("fietsen",))
    version = dossier.version
    area, other = make_area(uow), make_area(uow, name="Buytenwegh")
    for area_ids, known in (((area.id,), area.id), ((area.id, other.id), None), ((), None)):
        dossiers.update_dossier(uow, dossier.id, change(uow, dossier, area_ids=area_ids))
        uow.session.expire_all()
        assert uow.session.get_one(Subject, dossier.id).area_ref == known, "the register has room for one area"
    dossiers.update_dossier(uow, dossier.id, change(uow, dossier, theme_ids=(), project_ids=(project.id,)))
    values = dossiers.dossier_values(uow, dossier)
    assert (values["theme_ids"], values["project_ids"], values["tags"]) == ((), (project.id,), "fietsen")
    assert dossier.version > version
    with pytest.raises(Conflict) as caught:
        dossiers.update_dossier(uow, dossier.id, change(uow, dossier, version=version, title="Anders"))
    assert caught.value.current["project_ids"] == (project.id,)


@SQLITE
def test_a_change_of_nothing_is_no_change(uow: UnitOfWork) -> None:
    dossier = create(uow, expected_end=PartialDate("2027-06"))
    version = dossier.version
    dossiers.update_dossier(uow, dossier.id, change(uow, dossier))
    assert dossier.version == version


@SQLITE
def test_a_grant_on_the_organisation_that_does_the_work_is_one_on_the_dossier(platform: Platform, uow: UnitOfWork) -> None:
    own, other = make_organization(uow, "Afdeling Verkeer", "government"), make_organization(uow, "Afdeling Groen", "government")
    dossier = create(uow, organization_id=own.id)
    uow.commit()
    worker = Actor(kind="account", account_id=None, label="Werker", grants=(Grant("facilitator", own.id),))
    with platform.unit_of_work(worker) as mine:
        found = dossiers.update_dossier(mine, dossier.id, change(mine, mine.session.get_one(Dossier, dossier.id), title="Nieuw"))
        assert found.title == "Nieuw"
        with pytest.raises(NotAllowed):
            dossiers.create_dossier(mine, CreateDossier(title="Van een ander", organization_id=other.id))
    stranger = Actor(kind="account", account_id=None, label="Ander", grants=(Grant("facilitator", other.id),))
    with platform.unit_of_work(stranger) as theirs, pytest.raises(NotFound):
        dossiers.move_phase(theirs, dossier.id, MoveDossier(phase="imaging", version=dossier.version))


@pytest.mark.parametrize("phase", PHASES)
def test_a_dossier_goes_on_freely_and_back_only_with_a_reason(phase: str) -> None:
    needs = {move.phase: move.needs_reason for move in moves_from(phase, None)}
    here = PHASES.index(phase)
    assert {other: needs[other] for other in PHASES if other != phase} == {
        other: at < here for at, other in enumerate(PHASES) if at != here
    }
    assert ("on_hold" in needs) == ("withdrawn" in needs) == (phase != "completed")
    assert phase not in needs


@SQLITE
def test_what_is_on_hold_goes_back_to_where_it_was_and_every_move_is_kept(uow: UnitOfWork) -> None:
    dossier = create(uow)

    def move(phase: str, reason: str = "") -> None:
        dossiers.move_phase(uow, dossier.id, MoveDossier(phase=phase, version=dossier.version, reason=reason))

    move("opinion")
    with pytest.raises(Invalid):
        move("imaging")
    with pytest.raises(Invalid):
        move("on_hold", "  ")
    move("on_hold", "Er is geen geld.")
    assert (dossier.phase, dossier.phase_before) == ("on_hold", "opinion")
    with pytest.raises(Invalid):
        move("decision")
    move("opinion")
    assert dossier.phase_before is None
    move("on_hold", "Weer geen geld.")
    move("withdrawn", "Het komt er niet van.")
    assert (dossier.phase, dossier.phase_before) == ("withdrawn", "opinion")
    with pytest.raises(Invalid):
        move("opinion")
    move("opinion", "Er is toch geld.")
    kept = uow.session.execute(select(PhaseChange).where(PhaseChange.dossier_id == dossier.id).order_by(PhaseChange.id)).scalars()
    assert [(step.before, step.after, step.reason) for step in kept] == [
        (None, "exploration", ""),
        ("exploration", "opinion", ""),
        ("opinion", "on_hold", "Er is geen geld."),
        ("on_hold", "opinion", ""),
        ("opinion", "on_hold", "Weer geen geld."),
        ("on_hold", "withdrawn", "Het komt er niet van."),
        ("withdrawn", "opinion", "Er is toch geld."),
    ]


def test_what_is_planned_lapses_with_a_dossier_that_is_withdrawn_until_that_was_a_mistake(
    platform: Platform, actor_as: Callable[..., Actor]
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        dossier, meeting = testing.a_dossier(uow), testing.a_meeting(uow)
        points = testing.points_of(uow, meeting)
        made = [
            testing.a_moment(uow, dossier, status="intended"),
            testing.a_moment(uow, dossier, confidential=True),
            testing.a_moment(uow, dossier, state="draft"),
            testing.a_moment(uow, dossier, status="treated"),
            testing.a_moment(uow, dossier, status="lapsed", slip_reason="Al eerder."),
            testing.a_moment(uow, dossier, body_id=meeting.body_id),
            testing.a_moment(uow, dossier, body_id=meeting.body_id),
        ]
        for moment, point in zip(made[5:], points, strict=True):
            planning.schedule(uow, moment.id, Schedule(version=moment.version, agenda_item_id=point.id, reason="Sneller klaar."))
    of_dossier = (
        select(PlanningItem).where(PlanningItem.dossier_id == dossier.id, PlanningItem.status != "postponed").order_by(PlanningItem.id)
    )

    def move(phase: str, reason: str, actor: Actor) -> list[tuple[str, str]]:
        with platform.unit_of_work(actor) as uow:
            now = uow.session.get_one(Dossier, dossier.id)
            dossiers.move_phase(uow, dossier.id, MoveDossier(phase=phase, version=now.version, reason=reason))
        with platform.read(system("test")) as reader:
            return [(item.status, item.slip_reason) for item in reader.session.execute(of_dossier).scalars()]

    before = [
        ("intended", ""),
        ("planned", ""),
        ("planned", ""),
        ("treated", ""),
        ("lapsed", "Al eerder."),
        ("scheduled", ""),
        ("scheduled", ""),
    ]
    writer, why = actor_as("facilitator", dossier.id), "Het plan gaat niet door."
    after = [said if said[0] in ("treated", "lapsed") else ("lapsed", why) for said in before]
    assert move("withdrawn", why, writer) == after
    with platform.unit_of_work(system("test")) as uow:
        assert uow.session.get_one(Entry, made[0].id).status == "cancelled"
        assert not uow.session.get_one(Subject, made[1].id).public
        with pytest.raises(Invalid) as error:
            planning.plan_moment(uow, PlanMoment(dossier_id=dossier.id, kind="views", title="Nog een", period=parse_period("2029")))
        assert "dossier_id" in error.value.errors
    with platform.unit_of_work(system("test")) as uow:
        draft = uow.session.get_one(PlanningItem, made[2].id)
        again = resume_moment(uow, draft.id, Approve(version=draft.version, reason="Dat ging wel door."), "planned")
        planning.treat(uow, again.id, Treat(version=again.version))
        remove_item(uow, points[1].id, Approve(version=points[1].version, reason="Niet meer nodig."))
    assert move("exploration", "Dat was een vergissing.", writer) == [*before[:2], ("treated", ""), *before[3:6], ("planned", "")]
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Entry, made[0].id).status == "tentative"


@SQLITE
def test_no_samenspraak_needs_a_motivation(uow: UnitOfWork) -> None:
    dossier = create(uow)
    with pytest.raises(Invalid):
        dossiers.choose_level(uow, dossier.id, ChooseLevel(level="none", version=dossier.version))
    dossiers.choose_level(uow, dossier.id, ChooseLevel(level="none", version=dossier.version, reason="De wet schrijft dit voor."))
    assert (dossier.level, dossier.level_reason) == ("none", "De wet schrijft dit voor.")
    dossiers.choose_level(uow, dossier.id, ChooseLevel(level="advise", version=dossier.version))
    assert dossier.level == "advise"


def test_a_confidential_dossier_is_in_no_list_for_who_may_not_see_it(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    clerk, writer = actor_as("decision_maker"), actor_as("facilitator")
    public = testing.a_dossier(platform)
    with platform.unit_of_work(clerk) as uow:
        dossier = uow.session.get_one(Dossier, public.id)
        dossiers.update_dossier(uow, dossier.id, change(uow, dossier, confidential=True))
        assert titles(uow) == [dossier.title]
        version = dossier.version
    for actor in (anonymous(), writer):
        with platform.unit_of_work(actor) as uow:
            assert titles(uow) == titles(uow, text="Dorpsstraat") == []
            with pytest.raises(NotFound):
                dossiers.move_phase(uow, public.id, MoveDossier(phase="opinion", version=version))
    with platform.read(system("test")) as reader:
        lines = reader.session.execute(select(Change).where(Change.action == "beleidsagenda.dossier.updated")).scalars().all()
        assert [line.public for line in lines] == [False]
        assert reader.session.get_one(Subject, public.id).public is False


@SQLITE
def test_a_moment_is_hidden_and_shown_with_its_dossier(uow: UnitOfWork) -> None:
    dossier = testing.a_dossier(uow)
    moment = testing.a_moment(uow, dossier)
    assert uow.session.get_one(Subject, moment.id).public is True
    dossiers.update_dossier(uow, dossier.id, change(uow, dossier, confidential=True))
    uow.session.expire_all()
    assert uow.session.get_one(Subject, moment.id).public is False
    dossiers.update_dossier(uow, dossier.id, change(uow, dossier, confidential=False))
    uow.session.expire_all()
    assert uow.session.get_one(Subject, moment.id).public is True
    with pytest.raises(Invalid):
        dossiers.remove_dossier(uow, dossier.id, Approve(version=dossier.version))
    dossiers.remove_dossier(uow, dossier.id, Approve(version=dossier.version, reason="Dubbel ingevoerd."))
    uow.session.expire_all()
    assert uow.session.get_one(Subject, moment.id).public is False
    assert uow.session.get_one(Subject, dossier.id).state == "deleted"


def test_the_form_refuses_an_end_before_the_start_and_reads_words_per_line() -> None:
    with pytest.raises(Invalid) as caught:
        parse(CreateDossierSchema, MultiDict({"title": " ", "start_date": "2027", "expected_end": "3-2026"}))
    assert set(caught.value.errors) == {"title", "expected_end"}
    command = parse(CreateDossierSchema, MultiDict({"title": "Bankjes", "tags": "zitten\n\n  buiten   zitten \nzitten"}))
    assert command.tags == ("zitten", "buiten zitten")
    assert parse(CreateDossierSchema, MultiDict({"title": "Bankjes"})).tags == ()
