"""Decisions: a draft, what each level asks of it, published once, and then superseded but never changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, Subject, system
from samen_core.platform import Platform
from samen_core.testing.platforms import Outbox
from samen_inbreng.api import AddTheme, Theme, UpdateTheme, add_theme, update_theme
from samen_samenspreker.models import Decision, Option, OptionSupport, Question
from samen_samenspreker.queries.decisions import decisions_of, weighings_of
from samen_samenspreker.queries.slots import newest_decisions
from samen_samenspreker.queries.table import shelf_of
from samen_samenspreker.schemas.decisions import PublishDecision, WeighingItem, WriteDecision
from samen_samenspreker.schemas.options import ReviseOption, SupportOption, WithdrawOption
from samen_samenspreker.services.decisions import decision_missing, get_decision, publish_decision, rewrite_decision, write_decision
from samen_samenspreker.services.options import revise_option, withdraw_option
from samen_samenspreker.services.support import support_option
from samen_samenspreker.testing import a_seat, a_table, an_option, in_step

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
SYSTEM = system("test")
LEVELS = ("inform", "consult", "advise", "coproduce", "codecide")


class Case:
    """A table at a level in step 3, with one option, one theme of reactions and a participant of two sectors."""

    def __init__(self, platform: Platform, organization: Any, level: str) -> None:
        self.platform, self.organization = platform, organization
        self.question: Question = a_table(platform, level=level)
        self.option: Option = an_option(platform, self.question)
        with platform.unit_of_work(SYSTEM) as uow:
            self.theme = add_theme(uow, self.question.id, AddTheme(title="Te hard rijden", summary=""))
            uow.session.execute(update(Theme).where(Theme.id == self.theme.id).values(contributions=3))
        self.seats = {sector: a_seat(platform, self.question, sector=sector) for sector in ("citizens", "business")}
        in_step(platform, self.question, "decide")

    def speak(self, sector: str, position: str, version: int = 1) -> None:
        """What the seat of a sector says, as it is stored."""
        with self.platform.unit_of_work(SYSTEM) as uow:
            given = OptionSupport(id=uuid.uuid4(), option_id=self.option.id, option_version=version, seat_id=self.seats[sector].id)
            given.sector, given.position, given.reason, given.at = sector, position, "", uow.now
            uow.session.add(given)

    def agree(self) -> None:
        """Everybody at the table is in favour."""
        self.speak("citizens", "for")
        self.speak("business", "can_live_with")

    def write(self, **values: Any) -> Decision:
        """The draft with everything in it, but for ``values``."""
        whole = {
            "organization_id": self.organization.id,
            "decided_by": "college",
            "decided_on": YESTERDAY,
            "option_id": self.option.id,
            "text": "De straat wordt een fietsstraat.",
            "reasons": "Dat is het veiligst.",
            "weighings": (
                WeighingItem(option_id=self.option.id, text="Veilig."),
                WeighingItem(theme_id=self.theme.id, text="Drempels."),
            ),
        }
        with self.platform.unit_of_work(SYSTEM) as uow:
            known = decisions_of(uow, self.question.id).draft
            return write_decision(uow, self.question.id, WriteDecision(**{**whole, "version": known.version if known else None, **values}))

    def lacks(self, **values: Any) -> list[str]:
        """The codes of what is missing in the draft with these values."""
        draft = self.write(**values)
        with self.platform.read(SYSTEM) as uow:
            question, decision = get_decision(uow, draft.id)
            return [item.code for item in decision_missing(uow, question, decision)]

    def publish(self, draft: Decision, actor: Actor = SYSTEM) -> Decision:
        with self.platform.unit_of_work(actor) as uow:
            return publish_decision(uow, draft.id, PublishDecision(version=draft.version))


@pytest.fixture
def case(platform: Platform, organization: Any) -> Callable[[str], Case]:
    """``case("advise")``: a table at this level, ready to decide."""
    return lambda level: Case(platform, organization, level)


def test_a_draft_may_be_unfinished_and_names_everything_that_it_lacks(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    with platform.unit_of_work(SYSTEM) as uow:
        draft = write_decision(uow, one.question.id, WriteDecision())
        assert uow.session.get_one(Subject, draft.id).public is False
    with pytest.raises(Invalid) as error:
        one.publish(draft)
    assert len(error.value.errors[""]) == 7
    with platform.read(SYSTEM) as uow:
        missing = decision_missing(uow, *get_decision(uow, draft.id))
        assert [item.code for item in missing] == ["organization_id", "decided_by", "decided_on", "text", "reasons", "weighing", "weighing"]
        assert all(item.path.startswith(f"/samenspreker/{one.question.slug}/besluit/bewerken#f-") for item in missing)


@pytest.mark.parametrize("level", LEVELS)
def test_a_whole_decision_is_published_at_every_level(case: Callable[[str], Case], outbox: Outbox, level: str) -> None:
    one = case(level)
    one.agree()
    published = one.publish(one.write())
    assert (published.state, published.cycle) == ("published", 1)
    assert len(outbox.events("samenspreker.decision.published")) == 1


@pytest.mark.parametrize("level", ["inform", "codecide"])
@pytest.mark.parametrize("name", ["organization_id", "decided_by", "decided_on", "text", "reasons"])
def test_who_what_when_and_why_are_asked_at_every_level(case: Callable[[str], Case], level: str, name: str) -> None:
    one = case(level)
    one.agree()
    assert one.lacks(**{name: None if name in ("organization_id", "decided_on") else ""}) == [name]


def test_a_day_that_did_not_come_yet(case: Callable[[str], Case]) -> None:
    assert case("inform").lacks(decided_on=YESTERDAY + timedelta(days=30)) == ["decided_on"]


@pytest.mark.parametrize("level", LEVELS)
def test_every_active_option_is_weighed(platform: Platform, case: Callable[[str], Case], level: str) -> None:
    one = case(level)
    one.agree()
    in_step(platform, one.question, "solve")
    other = an_option(platform, one.question, title="Eenrichting")
    in_step(platform, one.question, "decide")
    assert one.lacks() == ["weighing"]
    with platform.unit_of_work(SYSTEM) as uow:
        withdraw_option(uow, other.id, WithdrawOption(reason="Te duur.", version=other.version))
    assert one.lacks() == []


@pytest.mark.parametrize(("level", "asked"), [("inform", []), *((level, ["weighing"]) for level in LEVELS[1:])])
def test_from_consult_up_every_theme_gets_an_answer(case: Callable[[str], Case], level: str, asked: list[str]) -> None:
    one = case(level)
    one.agree()
    assert (
        one.lacks(weighings=(WeighingItem(option_id=one.option.id, text="Veilig."), WeighingItem(theme_id=one.theme.id, text=""))) == asked
    )


def test_a_theme_without_reactions_needs_no_answer(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    with platform.unit_of_work(SYSTEM) as uow:
        add_theme(uow, one.question.id, AddTheme(title="Nog leeg", summary=""))
    assert one.lacks() == []


@pytest.mark.parametrize(
    ("level", "without", "argued"),
    [
        ("inform", [], []),
        ("consult", [], []),
        ("advise", ["deviation"], []),
        ("coproduce", ["deviation"], []),
        ("codecide", ["deviation"], ["deviation"]),
    ],
)
def test_a_deviation_is_argued_from_advise_and_forbidden_at_codecide(
    case: Callable[[str], Case], level: str, without: list[str], argued: list[str]
) -> None:
    one = case(level)
    one.agree()
    assert one.lacks(deviates=True) == without
    assert one.lacks(deviates=True, deviation="De raad gaf minder geld.") == argued


@pytest.mark.parametrize(("level", "silent"), [("inform", []), ("consult", []), ("advise", ["deviation"])])
def test_something_else_than_the_table_made_is_a_deviation(case: Callable[[str], Case], level: str, silent: list[str]) -> None:
    one = case(level)
    assert one.lacks(option_id=None) == silent
    assert one.lacks(option_id=None, deviates=True, deviation="Er is een beter plan.") == []


def test_what_most_participants_are_against_is_a_deviation(case: Callable[[str], Case]) -> None:
    one = case("advise")
    one.speak("citizens", "against")
    assert one.lacks() == ["deviation"]
    one.speak("business", "for")
    assert one.lacks() == []


@pytest.mark.parametrize("level", ["coproduce", "codecide"])
class TestTheTableMustAgree:
    def test_nobody_is_against(self, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        one.speak("citizens", "for")
        one.speak("business", "against")
        assert one.lacks() == ["against", "sector"]

    def test_every_sector_has_somebody_in_favour(self, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        one.speak("citizens", "for")
        assert one.lacks() == ["sector"]
        one.speak("business", "can_live_with")
        assert one.lacks() == []

    def test_one_of_a_sector_is_enough(self, platform: Platform, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        a_seat(platform, one.question, sector="business")
        one.agree()
        assert one.lacks() == []

    def test_only_participants_count(self, platform: Platform, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        one.agree()
        one.seats["government"] = a_seat(platform, one.question, sector="government", role="expert")
        one.speak("government", "against")
        assert one.lacks() == []

    def test_a_seat_that_ended_does_not_count(self, platform: Platform, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        one.speak("citizens", "for")
        one.speak("business", "against")
        with platform.unit_of_work(SYSTEM) as uow:
            uow.session.get_one(type(one.seats["business"]), one.seats["business"].id).state = "ended"
        assert one.lacks() == []

    def test_in_favour_of_an_older_version_is_not_enough_but_against_stays(
        self, platform: Platform, case: Callable[[str], Case], level: str
    ) -> None:
        one = case(level)
        one.speak("citizens", "for")
        one.speak("business", "against")
        in_step(platform, one.question, "solve")
        with platform.unit_of_work(SYSTEM) as uow:
            revise_option(uow, one.option.id, ReviseOption(title="Fietsstraat", text="Anders.", note="Beter.", version=1))
        in_step(platform, one.question, "decide")
        assert one.lacks() == ["against", "sector", "sector"]

    def test_an_option_of_the_table_is_chosen(self, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        one.agree()
        assert "option_id" in one.lacks(option_id=None, deviates=level == "coproduce", deviation="Beter plan.")

    def test_there_is_somebody_to_agree(self, platform: Platform, case: Callable[[str], Case], level: str) -> None:
        one = case(level)
        with platform.unit_of_work(SYSTEM) as uow:
            for seat in one.seats.values():
                uow.session.get_one(type(seat), seat.id).state = "ended"
        assert one.lacks() == ["seats"]


@pytest.mark.parametrize("level", ["inform", "consult", "advise"])
def test_below_coproduce_the_table_need_not_agree(case: Callable[[str], Case], level: str) -> None:
    one = case(level)
    one.speak("citizens", "for")
    one.speak("business", "against")
    assert one.lacks() == []


def test_a_table_without_a_published_proposal_decides_nothing(platform: Platform, organization: Any) -> None:
    assert "level" in Case(platform, organization, "").lacks()


def test_a_withdrawn_option_is_not_chosen(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    draft = one.write()
    with platform.unit_of_work(SYSTEM) as uow:
        withdraw_option(uow, one.option.id, WithdrawOption(reason="Kan niet.", version=one.option.version))
    with pytest.raises(Invalid):
        one.publish(draft)


def test_a_published_decision_is_superseded_and_never_changed(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    first = one.publish(one.write())
    for act in (lambda uow: rewrite_decision(uow, first.id, WriteDecision(text="Toch niet.", version=first.version)),):
        with pytest.raises(Gone), platform.unit_of_work(SYSTEM) as uow:
            act(uow)
    with pytest.raises(Gone):
        one.publish(first)
    second = one.publish(one.write(text="De straat wordt autovrij."))
    with platform.read(SYSTEM) as uow:
        found = decisions_of(uow, one.question.id)
        assert found.published is not None
        assert (found.published.id, found.published.supersedes_id) == (second.id, first.id)
        assert [(row.id, row.text) for row in found.superseded] == [(first.id, first.text)]


def test_two_who_write_at_once(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    draft = one.write()
    one.write(text="Nieuwer.", version=draft.version)
    with pytest.raises(Conflict) as error:
        one.write(text="Te laat.", version=draft.version)
    assert error.value.current["text"] == "Nieuwer."
    with pytest.raises(Conflict):
        one.write(text="Nog een concept.", version=None)
    with pytest.raises(Conflict):
        one.publish(draft)


def test_what_is_referred_to_belongs_to_the_table(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    other = an_option(platform, a_table(platform, title="Wat doen wij met het zwembad in de winter?"))
    wrong = {
        "organization_id": uuid.uuid4(),
        "option_id": other.id,
        "weighings": (WeighingItem(option_id=other.id, text="x"), WeighingItem(theme_id=uuid.uuid4(), text="y")),
    }
    with pytest.raises(Invalid) as error:
        one.write(**wrong)
    assert set(error.value.errors) == {"organization_id", "option_id", "weighings"}


def test_who_writes_and_who_publishes(platform: Platform, case: Callable[[str], Case], actor_as: Callable[..., Actor]) -> None:
    one = case("consult")
    one.write()
    resident, facilitator, decider = actor_as("resident"), actor_as("facilitator"), actor_as("decision_maker", one.question.id)
    with platform.read(SYSTEM) as uow:
        draft = get_decision(uow, decisions_of(uow, one.question.id).draft.id)[1]  # type: ignore[union-attr]
    with pytest.raises(NotAllowed), platform.unit_of_work(resident) as uow:
        write_decision(uow, one.question.id, WriteDecision(version=draft.version))
    with pytest.raises(NotFound), platform.read(resident) as uow:
        get_decision(uow, draft.id)
    with pytest.raises(NotAllowed):
        one.publish(draft, facilitator)
    a_seat(platform, one.question, account_id=resident.account_id, role="decision_maker")
    with platform.unit_of_work(resident) as uow:
        assert write_decision(uow, one.question.id, WriteDecision(version=draft.version, text="Zo doen wij het.")).version > draft.version
    assert one.publish(one.write(), decider).state == "published"


@pytest.mark.parametrize("step", ["agenda", "solve", "closed"])
def test_decisions_are_written_from_step_3_on(platform: Platform, case: Callable[[str], Case], step: str) -> None:
    one = case("consult")
    in_step(platform, one.question, step)
    with pytest.raises(Invalid):
        one.write()


def test_after_the_decision_nobody_changes_what_it_weighed(
    platform: Platform, case: Callable[[str], Case], actor_as: Callable[..., Actor]
) -> None:
    one, resident = case("consult"), actor_as("resident")
    one.publish(one.write())
    with pytest.raises(Invalid), platform.unit_of_work(resident) as uow:
        support_option(uow, one.option.id, SupportOption(position="for", option_version=1))


def test_drafts_are_not_public(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    draft = one.write()
    with platform.read(SYSTEM) as uow:
        public = select(Subject.public).where(Subject.id == draft.id)
        assert uow.session.execute(public).scalar_one() is False
    one.publish(draft)
    with platform.read(SYSTEM) as uow:
        assert uow.session.execute(public).scalar_one() is True


def test_options_that_were_taken_off_the_table_do_not_make_it_the_advice(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("advise")
    with platform.unit_of_work(SYSTEM) as uow:
        withdraw_option(uow, one.option.id, WithdrawOption(reason="Kan niet.", version=one.option.version))
    assert one.lacks(option_id=None) == ["deviation"]


def test_options_stay_as_they_are_once_it_is_decided(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    one.publish(one.write())
    with pytest.raises(Invalid), platform.unit_of_work(SYSTEM) as uow:
        withdraw_option(uow, one.option.id, WithdrawOption(reason="Toch niet.", version=one.option.version))


def test_a_published_decision_names_options_and_themes_as_they_were(platform: Platform, case: Callable[[str], Case], clock: Any) -> None:
    one = case("consult")
    published = one.publish(one.write())
    clock.forward(days=1)
    in_step(platform, one.question, "solve")
    with platform.unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Question, one.question.id).cycle = 2
        revise_option(uow, one.option.id, ReviseOption(title="Toch een autoweg", text="Anders.", note="Anders.", version=1))
    with platform.read(SYSTEM) as uow:
        found = decisions_of(uow, one.question.id).published
        assert found is not None
        assert found.option_title == one.option.title
        titles = [row.option_title or row.theme_title for row in weighings_of(uow, [published.id])[published.id]]
        assert titles == [one.option.title, "Te hard rijden"]
        assert [row.option_title for row in newest_decisions(uow)] == [one.option.title]
        hung = shelf_of(uow, one.question.id).decision
        assert hung is not None
        assert hung.title == one.option.title
    rename = UpdateTheme(title="Te zacht rijden", summary="Een paar zinnen.", version=one.theme.version)
    with pytest.raises(Invalid) as error, platform.unit_of_work(SYSTEM) as uow:
        update_theme(uow, one.theme.id, rename)
    assert list(error.value.errors) == ["title"]
    with platform.unit_of_work(SYSTEM) as uow:
        assert update_theme(uow, one.theme.id, replace(rename, title="Te hard rijden")).summary == "Een paar zinnen."


def test_a_theme_in_a_draft_still_gets_another_name(platform: Platform, case: Callable[[str], Case]) -> None:
    one = case("consult")
    one.write()
    with platform.unit_of_work(SYSTEM) as uow:
        assert update_theme(uow, one.theme.id, UpdateTheme(title="Snelheid", version=one.theme.version)).title == "Snelheid"
