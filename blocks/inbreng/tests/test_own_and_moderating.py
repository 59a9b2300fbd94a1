"""Changing and taking back one's own, receipts, support, moderation, mail, and letting go of people."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from citycontent.models import Project
from samen_core.api import (
    ACCOUNT_ERASED,
    Actor,
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    PageRequest,
    Subject,
    anonymous,
    store_upload,
    stored_files,
    system,
)
from samen_core.mail import QueuedMail
from samen_core.platform import Platform
from samen_core.testing.privacy import keep_to_terms
from samen_inbreng.models import Activity, Contribution, Respondent, Support
from samen_inbreng.queries.contributions import ContributionFilter, list_contributions
from samen_inbreng.schemas.contribution import (
    Contribute,
    EditContribution,
    EnterContribution,
    HideContribution,
    ShowContribution,
    UseReceipt,
    WithdrawContribution,
)
from samen_inbreng.schemas.questionnaires import GiveResponse
from samen_inbreng.services.activities import finish_subject
from samen_inbreng.services.contributions import contribute
from samen_inbreng.services.entry import enter_contribution, import_contributions
from samen_inbreng.services.mails import confirm_address, stop_mail
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.own import edit_contribution, withdraw_contribution
from samen_inbreng.services.questionnaires import give_response
from samen_inbreng.services.receipts import claim, follow, mail_receipt
from samen_inbreng.services.support import support, take_back
from samen_inbreng.testing import FORM, a_contribution, an_activity, an_entry

As = Callable[..., Actor]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def stored(platform: Platform, id: Any) -> Contribution:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Contribution, id)


def mails(platform: Platform) -> list[tuple[str, str]]:
    with platform.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(QueuedMail.recipient, QueuedMail.body).order_by(QueuedMail.id))]


def listed(platform: Platform, activity: Activity) -> list[int]:
    with platform.read(anonymous("test")) as uow:
        return [row.number for row in list_contributions(uow, ContributionFilter(activity_id=activity.id), PageRequest()).items]


def total(platform: Platform, activity: Activity) -> int:
    from samen_inbreng.queries.activities import tallies

    with platform.read(anonymous("test")) as uow:
        return tallies(uow, activity.id).get("total", {}).get("", 0)


def test_the_author_changes_the_words_for_a_while(platform: Platform, project: Project, actor_as: As, clock: Any) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    given = a_contribution(platform, activity, answers={"cijfer": 3})
    id = given.contribution.id
    change = EditContribution(text="Meer bomen én bankjes.", answers={"cijfer": 4}, version=1, code=given.receipt_code)
    with platform.unit_of_work(anonymous("test")) as uow:
        edit_contribution(uow, id, change)
    found = stored(platform, id)
    assert (found.text, found.answers, found.version) == ("Meer bomen én bankjes.", {"cijfer": 4}, 2)
    assert found.edited_at is not None
    with pytest.raises(Conflict) as conflict, platform.unit_of_work(anonymous("test")) as uow:
        edit_contribution(uow, id, change)
    assert conflict.value.current["text"] == "Meer bomen én bankjes."
    for actor, code in ((anonymous("test"), ""), (anonymous("test"), "0000-0000-0000"), (actor_as("manager"), "")):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            edit_contribution(uow, id, EditContribution(text="x", version=2, code=code))
    with pytest.raises(Invalid), platform.unit_of_work(anonymous("test")) as uow:
        edit_contribution(uow, id, EditContribution(text="", version=2, code=given.receipt_code))
    clock.forward(minutes=31)
    with pytest.raises(Invalid), platform.unit_of_work(anonymous("test")) as uow:
        edit_contribution(uow, id, EditContribution(text="te laat", version=2, code=given.receipt_code))


def test_what_was_answered_is_not_changed_any_more(platform: Platform, project: Project, actor_as: As) -> None:
    resident = actor_as("resident")
    one = a_contribution(platform, an_activity(platform, project.id), actor=resident).contribution
    with platform.write_engine.begin() as connection:
        connection.execute(update(Contribution).where(Contribution.id == one.id).values(answered=True))
    with pytest.raises(Invalid), platform.unit_of_work(resident) as uow:
        edit_contribution(uow, one.id, EditContribution(text="anders", version=1))


def test_withdrawing_takes_the_words_and_leaves_the_line(platform: Platform, project: Project, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    resident = actor_as("resident")
    one = a_contribution(platform, activity, actor=resident, name="Jan").contribution
    a_contribution(platform, activity, "Eens", parent_id=one.id)
    alone = a_contribution(platform, activity, "Weg ermee", resident).contribution
    for item in (one, alone):
        with platform.unit_of_work(resident) as uow:
            withdraw_contribution(uow, item.id, WithdrawContribution(version=1))
    found = stored(platform, one.id)
    assert (found.state, found.text, found.author_name, found.replies) == ("withdrawn", "", "", 1)
    assert total(platform, activity) == 0
    assert listed(platform, activity) == [one.number]
    with platform.unit_of_work(resident) as uow:
        withdraw_contribution(uow, one.id, WithdrawContribution(version=1))
    with pytest.raises(Gone), platform.unit_of_work(resident) as uow:
        edit_contribution(uow, one.id, EditContribution(text="terug", version=found.version))
    with platform.engine.connect() as connection:
        assert connection.execute(select(Subject.state).where(Subject.id == one.id)).scalar() == "deleted"


def test_a_moderator_hides_and_shows_and_the_author_is_told(platform: Platform, project: Project, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    resident, moderator = actor_as("resident"), actor_as("moderator")
    one = a_contribution(platform, activity, "Bel mij op 06", resident).contribution
    for actor in (resident, anonymous("test"), actor_as("facilitator")):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            hide_contribution(uow, one.id, HideContribution(code="insult", reason="x", version=1))
    with platform.unit_of_work(moderator) as uow:
        hide_contribution(uow, one.id, HideContribution(code="personal_data", reason="Er staat een nummer in.", version=1))
    assert stored(platform, one.id).text == "Bel mij op 06"
    assert total(platform, activity) == 0
    assert listed(platform, activity) == [one.number], "the line with the reason stays"
    ((_recipient, body),) = mails(platform)
    assert "Er staat een nummer in." in body
    with pytest.raises(Invalid) as twice, platform.unit_of_work(moderator) as uow:
        hide_contribution(uow, one.id, HideContribution(code="insult", reason="x", version=2))
    assert str(twice.value.errors[""][0]) == "Deze bijdrage is al verborgen."
    with pytest.raises(Gone), platform.unit_of_work(actor_as("resident")) as uow:
        support(uow, one.id)
    with platform.unit_of_work(moderator) as uow:
        show_contribution(uow, one.id, ShowContribution(reason="Het nummer is van een winkel.", version=2))
    assert total(platform, activity) == 1
    assert listed(platform, activity) == [one.number]
    assert "Het nummer is van een winkel." in mails(platform)[1][1]


def test_support_counts_once_and_not_for_ones_own(platform: Platform, project: Project, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    author, fan = actor_as("resident"), actor_as("resident")
    one = a_contribution(platform, activity, actor=author).contribution
    for _time in range(2):
        with platform.unit_of_work(fan) as uow:
            assert support(uow, one.id) == 1
    with pytest.raises(Invalid), platform.unit_of_work(author) as uow:
        support(uow, one.id)
    with pytest.raises(NotAllowed), platform.unit_of_work(anonymous("test")) as uow:
        support(uow, one.id)
    for _time in range(2):
        with platform.unit_of_work(fan) as uow:
            assert take_back(uow, one.id) == 0
    quiet = a_contribution(platform, an_activity(platform, project.id, allows_support=False)).contribution
    with pytest.raises(Invalid), platform.unit_of_work(fan) as uow:
        support(uow, quiet.id)


@pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
def test_one_account_supporting_at_once_counts_once(platform: Platform, project: Project, actor_as: As) -> None:
    from concurrent.futures import ThreadPoolExecutor

    one = a_contribution(platform, an_activity(platform, project.id)).contribution
    fans = [actor_as("resident") for _fan in range(4)]

    def act(fan: Actor) -> None:
        with platform.unit_of_work(fan) as uow:
            support(uow, one.id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, fans * 4))
    assert stored(platform, one.id).supports == 4


def test_the_receipt_follows_and_is_claimed_once(platform: Platform, project: Project, actor_as: As) -> None:
    given = a_contribution(platform, an_activity(platform, project.id), email="jan@samen.example", wants_mail=True)
    with platform.read(anonymous("test")) as uow:
        assert follow(uow, UseReceipt(code=given.receipt_code)).id == given.contribution.id
        with pytest.raises(Invalid):
            follow(uow, UseReceipt(code="0000-0000-0000"))
    resident = actor_as("resident")
    with pytest.raises(NotAllowed), platform.unit_of_work(anonymous("test")) as uow:
        claim(uow, UseReceipt(code=given.receipt_code))
    with platform.unit_of_work(resident) as uow:
        support(uow, given.contribution.id)
    with platform.unit_of_work(resident) as uow:
        claim(uow, UseReceipt(code=given.receipt_code))
    found = stored(platform, given.contribution.id)
    assert (found.account_id, found.email, found.receipt_hash) == (resident.account_id, "", None)
    assert found.supports == 0, "nobody supports what is their own"
    with pytest.raises(Invalid), platform.unit_of_work(actor_as("resident")) as uow:
        claim(uow, UseReceipt(code=given.receipt_code))


def test_nothing_is_mailed_before_the_address_is_confirmed(platform: Platform, project: Project, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    given = a_contribution(platform, activity, email="jan@samen.example", wants_mail=True)
    other = a_contribution(platform, activity, email="jan@samen.example", wants_mail=True)
    ((recipient, body), _second) = mails(platform)
    assert recipient == "jan@samen.example"
    token = re.search(r"/inbreng/bevestigen/(\S+)", body)
    assert token
    assert stored(platform, given.contribution.id).email_confirmed_at is None
    with pytest.raises(Gone), platform.unit_of_work(anonymous("test")) as uow:
        confirm_address(uow, f"{other.contribution.id.hex}.{token[1].partition('.')[2]}")
    with platform.unit_of_work(anonymous("test")) as uow:
        confirm_address(uow, token[1])
    assert stored(platform, given.contribution.id).email_confirmed_at is not None
    from samen_inbreng.services.mails import unsubscribe_url

    with platform.unit_of_work(anonymous("test")) as uow:
        url = unsubscribe_url(uow, given.contribution.id, "nl")
        stop_mail(uow, url.rpartition("/")[2])
    assert [stored(platform, item.contribution.id).wants_mail for item in (given, other)] == [False, False]
    with platform.unit_of_work(anonymous("test")) as uow:
        mail_receipt(uow, UseReceipt(code=other.receipt_code), "jan@samen.example")
    assert other.receipt_code in mails(platform)[-1][1]


def test_a_link_to_confirm_ends_after_a_week(platform: Platform, project: Project, clock: Any) -> None:
    a_contribution(platform, an_activity(platform, project.id), email="jan@samen.example", wants_mail=True)
    token = re.search(r"/inbreng/bevestigen/(\S+)", mails(platform)[0][1])
    assert token
    clock.forward(days=8)
    with pytest.raises(Gone), platform.unit_of_work(anonymous("test")) as uow:
        confirm_address(uow, token[1])


def test_an_erased_account_leaves_its_words_without_its_name(platform: Platform, project: Project, actor_as: As) -> None:
    from samen_core.accounts.services.privacy import erase_account

    activity = an_activity(platform, project.id)
    resident = actor_as("resident")
    one = a_contribution(platform, activity, "Meer bomen.", resident, name="Jan", wants_mail=True).contribution
    other = a_contribution(platform, activity).contribution
    entered = an_entry(platform, activity, actor=actor_as("facilitator"))
    with platform.unit_of_work(resident) as uow:
        support(uow, other.id)
    with platform.unit_of_work(resident) as uow:
        erase_account(uow, resident.account_id)
    found = stored(platform, one.id)
    assert (found.text, found.author_name, found.account_id, found.wants_mail) == ("Meer bomen.", "", None, False)
    assert stored(platform, other.id).supports == 0
    with platform.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Support)).scalar() == 0
    with platform.unit_of_work(system("test")) as uow:
        uow.send(ACCOUNT_ERASED, account_id=entered.entered_by_id)
    assert stored(platform, entered.id).entered_by_id is None


def test_names_and_addresses_go_in_time(platform: Platform, project: Project, clock: Any) -> None:
    activity = an_activity(platform, project.id)
    one = a_contribution(platform, activity, name="Jan", email="jan@samen.example", wants_mail=True).contribution

    def facts() -> tuple[str, str, bool]:
        keep_to_terms(platform)
        found = stored(platform, one.id)
        return found.author_name, found.email, found.wants_mail

    clock.forward(days=100)
    assert facts() == ("Jan", "jan@samen.example", True)
    with platform.unit_of_work(system("test")) as uow:
        finish_subject(uow, project.id)
    assert facts() == ("Jan", "jan@samen.example", True)
    clock.forward(days=200)
    assert facts() == ("Jan", "", False)
    clock.forward(days=600)
    assert facts() == ("", "", False)
    assert stored(platform, one.id).text == "Meer bomen."


def test_without_a_report_the_terms_run_from_a_year_after_closing(platform: Platform, project: Project, clock: Any) -> None:
    activity = an_activity(platform, project.id)
    one = a_contribution(platform, activity, email="jan@samen.example", wants_mail=True).contribution
    clock.forward(days=400)
    keep_to_terms(platform)
    assert stored(platform, one.id).email
    clock.forward(days=180)
    keep_to_terms(platform)
    assert not stored(platform, one.id).email


@pytest.mark.parametrize("years", [0, 30], ids=["no end", "a far end"])
def test_while_something_stays_open_the_terms_run_from_a_year_after_each_contribution(
    platform: Platform, project: Project, clock: Any, actor_as: As, years: int
) -> None:
    activity = an_activity(platform, project.id, closes_at=clock() + timedelta(days=365 * years) if years else None)
    filled_in = an_activity(platform, project.id, kind="questionnaire", form=FORM, closes_at=None)

    def give(email: str) -> Contribution:
        return a_contribution(platform, activity, name="Jan", email=email, wants_mail=True).contribution

    def fill_in() -> None:
        with platform.unit_of_work(actor_as("resident")) as uow:
            give_response(uow, filled_in.id, GiveResponse(answers={"cijfer": 3}))

    def names() -> tuple[str, ...]:
        keep_to_terms(platform)
        return tuple(f"{found.author_name} {found.email}".strip() for found in (stored(platform, one.id) for one in (first, second)))

    def kept() -> tuple[int, int]:
        with platform.read(system("test")) as uow:
            rows = [uow.session.execute(select(func.count()).select_from(table)).scalar_one() for table in (Support, Respondent)]
        return rows[0], rows[1]

    first = give("een@samen.example")
    fill_in()
    with platform.unit_of_work(actor_as("resident")) as uow:
        support(uow, first.id)
    clock.forward(days=540)
    second = give("twee@samen.example")
    fill_in()
    assert names() == ("Jan een@samen.example", "Jan twee@samen.example")
    clock.forward(days=10)
    assert names() == ("Jan", "Jan twee@samen.example")
    clock.forward(days=365 + 731 - 550 + 1)
    assert names() == ("", "Jan")
    assert kept() == (1, 2), "as long as people take part, everybody counts once"
    clock.forward(days=550)
    assert names() == ("", "")
    assert kept() == (0, 0)
    assert stored(platform, first.id).supports == 1


def test_who_supported_and_who_filled_in_is_forgotten_with_the_names(
    platform: Platform, project: Project, clock: Any, actor_as: As
) -> None:
    activity = an_activity(platform, project.id)
    one = a_contribution(platform, activity).contribution
    with platform.unit_of_work(actor_as("resident")) as uow:
        support(uow, one.id)
        uow.session.add(Respondent(activity_id=activity.id, key="a" * 64))
        finish_subject(uow, project.id)

    def kept() -> tuple[int, int, int]:
        keep_to_terms(platform)
        with platform.read(system("test")) as uow:
            rows = [uow.session.execute(select(func.count()).select_from(table)).scalar_one() for table in (Support, Respondent)]
        return rows[0], rows[1], stored(platform, one.id).supports

    clock.forward(days=600)
    assert kept() == (1, 1, 1)
    clock.forward(days=200)
    assert kept() == (0, 0, 1)


def test_what_is_withdrawn_takes_its_files_along(platform: Platform, project: Project, actor_as: As) -> None:
    actor = actor_as("resident")
    one = a_contribution(platform, an_activity(platform, project.id), actor=actor).contribution
    with platform.unit_of_work(system("test")) as uow:
        store_upload(uow, io.BytesIO(PDF), "brief.pdf", owner=one.id)
    with platform.unit_of_work(actor) as uow:
        assert len(stored_files(uow, [one.id])[one.id]) == 1
        withdraw_contribution(uow, one.id, WithdrawContribution(version=one.version))
        assert stored_files(uow, [one.id])[one.id] == []


def test_a_number_of_another_system_belongs_to_one_activity(platform: Platform, project: Project) -> None:
    an_entry(platform, an_activity(platform, project.id), external_ref="brief-1")
    other = an_activity(platform, project.id)
    again = EnterContribution(text="Nog een.", channel="letter", received_on=date(2026, 1, 2), external_ref="brief-1")
    with platform.unit_of_work(system("test")) as uow:
        (found,) = import_contributions(uow, other.id, [again])
    assert found.contribution is None
    assert list(found.errors) == ["external_ref"]


def test_the_words_are_found_until_they_are_hidden(platform: Platform, project: Project, outbox: Any, actor_as: As) -> None:
    from samen_core.api import parse_query

    one = a_contribution(platform, an_activity(platform, project.id), "Een waterspeelplaats bij de ingang.").contribution
    outbox.drain()

    def found() -> list[Any]:
        with platform.read(anonymous("test")) as uow:
            return [row.subject_id for row in platform.search.find(uow.session, parse_query("waterspeelplaats"), Subject.public, 10)]

    assert found() == [one.id]
    with platform.unit_of_work(actor_as("moderator")) as uow:
        hide_contribution(uow, one.id, HideContribution(code="other", reason="test", version=1))
    outbox.drain()
    assert found() == []


def test_the_register_holds_neither_words_nor_name(platform: Platform, project: Project) -> None:
    """They could not be forgotten there."""
    activity = an_activity(platform, project.id)
    with platform.unit_of_work(anonymous("test")) as uow:
        one = contribute(uow, activity.id, Contribute(text="Geheim woord", name="Jan Jansen")).contribution
    with platform.engine.connect() as connection:
        row = connection.execute(select(Subject.title, Subject.summary).where(Subject.id == one.id)).one()
    assert "Jan" not in row.title + row.summary
    assert "Geheim" not in row.title + row.summary


def test_the_time_for_changing_is_a_setting(platform: Platform, project: Project, actor_as: As, clock: Any) -> None:
    from samen_core.settings import change_settings

    resident = actor_as("resident")
    one = a_contribution(platform, an_activity(platform, project.id), actor=resident).contribution
    with platform.unit_of_work(actor_as("manager")) as uow:
        change_settings(uow, {"inbreng.edit_minutes": 120})
    clock.shift += timedelta(minutes=100)
    with platform.unit_of_work(resident) as uow:
        assert edit_contribution(uow, one.id, EditContribution(text="Nog net", version=1)).text == "Nog net"


def test_hidden_words_are_not_told_to_who_may_not_moderate_here(
    platform: Platform, project: Project, organization: Any, actor_as: As
) -> None:
    made = a_contribution(platform, an_activity(platform, project.id), "Scheldwoord").contribution
    with platform.unit_of_work(actor_as("moderator")) as uow:
        hide_contribution(uow, made.id, HideContribution(code="insult", reason="Dat is schelden.", version=made.version))
    elsewhere = actor_as("moderator", organization.id)
    for act in (
        lambda uow: show_contribution(uow, made.id, ShowContribution(reason="Toch.", version=1)),
        lambda uow: hide_contribution(uow, made.id, HideContribution(code="insult", reason="Weg.", version=1)),
    ):
        with pytest.raises(NotAllowed), platform.unit_of_work(elsewhere) as uow:
            act(uow)


def test_who_takes_back_a_letter_takes_its_source_along(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    with platform.unit_of_work(system("test")) as uow:
        command = EnterContribution(text="Meer licht.", channel="letter", received_on=date(2026, 1, 2), source="Brief van mevrouw Jansen")
        given = enter_contribution(uow, activity.id, command)
    with platform.unit_of_work(anonymous("test")) as uow:
        withdraw_contribution(uow, given.contribution.id, WithdrawContribution(version=1, code=given.receipt_code))
    assert stored(platform, given.contribution.id).source == ""


def test_in_a_conversation_a_line_stands_where_one_was_hidden(platform: Platform, project: Project, actor_as: As, client: Any) -> None:
    activity = an_activity(platform, project.id)
    first = a_contribution(platform, activity).contribution
    reply = a_contribution(platform, activity, "Scheldwoord", parent_id=first.id).contribution
    with platform.unit_of_work(actor_as("moderator")) as uow:
        hide_contribution(uow, reply.id, HideContribution(code="insult", reason="x", version=1))
    page = client.get(f"/inbreng/{activity.slug}/bijdragen/1").text
    assert "Scheldwoord" not in page
    assert "Deze bijdrage is verborgen door een moderator. Reden: Belediging of bedreiging." in page
