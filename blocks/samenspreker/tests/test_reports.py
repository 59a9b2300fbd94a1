"""Final reports: what must be there, what is frozen, and that every contribution stands in it once with what became of it."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from samen_core.api import Conflict, Invalid, NotAllowed, Subject, anonymous, system
from samen_inbreng.api import (
    Activity,
    AddTheme,
    Answer,
    AnswerTarget,
    ChooseContributions,
    Contribution,
    Theme,
    ThemedContribution,
    WriteAnswer,
    add_theme,
    contribute,
    put_in_theme,
    write_answer,
)
from samen_inbreng.schemas.contribution import Contribute, EnterContribution
from samen_inbreng.services.entry import enter_contribution
from samen_inbreng.testing import an_activity
from samen_samenspreker.models import FinalReport, ReportRow
from samen_samenspreker.queries.report_text import lines, report_text
from samen_samenspreker.queries.reports import activities_of_report, all_entries, report_by_id, report_documents, report_draft
from samen_samenspreker.schemas.reports import PublishReport, SaveReport
from samen_samenspreker.services.reports import get_report, missing_for_report, publish_report, save_report
from samen_samenspreker.testing import REPORT_TEXTS, a_final_report, a_published_decision, a_published_evaluation, a_table, in_step

SECTORS = ("government", "business", "civil_society", "citizens")
CHANNELS = ("meeting", "phone", "letter", "email", "social")
OUTCOMES = ("adopted", "partly", "not_adopted", "passed_on", "answered")


@pytest.fixture
def facilitator(actor_as):
    return actor_as("facilitator")


def saved(platform, actor, question, version=None, texts=None):
    with platform.unit_of_work(actor) as uow:
        return save_report(uow, question.id, SaveReport(deviations=texts or REPORT_TEXTS, version=version))


def closed_activity(platform, clock, question):
    """An activity with three contributions, one of them withdrawn and one with a reply; closed, nothing answered yet."""
    activity = an_activity(platform, question.id)
    with platform.unit_of_work(anonymous()) as uow:
        bomen = contribute(uow, activity.id, Contribute(text="Meer bomen.")).contribution
        banken = contribute(uow, activity.id, Contribute(text="Meer banken.", name="Anna de Wit")).contribution
        weg = contribute(uow, activity.id, Contribute(text="Weg ermee.")).contribution
        antwoord = contribute(uow, activity.id, Contribute(text="Mee eens.", parent_id=bomen.id)).contribution
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get(Contribution, weg.id).state = "withdrawn"
    clock.forward(days=10)
    return bomen, banken, weg, antwoord


def answered(platform, clock, question, contribution, outcome="adopted", reason="Dat doen wij."):
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, question.id, WriteAnswer(outcome=outcome, reason=reason, contribution_ids=(contribution.id,)))
    clock.forward(minutes=11)


def rows_of(platform, report):
    with platform.read(anonymous()) as uow:
        return list(uow.session.execute(select(ReportRow).where(ReportRow.report_id == report.id).order_by(ReportRow.position)).scalars())


def test_all_that_is_missing_is_told_at_once_with_where_to_mend_it(platform, clock, facilitator):
    question = a_table(platform, step="evaluate", level="")
    an_activity(platform, question.id, title="Nog open")
    closed_activity(platform, clock, question)
    an_activity(platform, question.id, title="Ook nog open", opens_at=platform.clock(), closes_at=None)
    with platform.read(facilitator) as uow:
        found = {item.code: (str(item.text), item.path) for item in missing_for_report(uow, question, None)}
    assert list(found) == ["proposal", *(f"part_{letter}" for letter in "ABCDEF"), "open", "unanswered", "decision"]
    assert found["unanswered"][0] == "2 bijdragen hebben nog geen antwoord."
    assert found["open"][0] == "Sluit eerst “Ook nog open”."
    assert found["decision"][1] == f"/samenspreker/{question.slug}/besluit"
    saved(platform, facilitator, question)
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        publish_report(uow, question.id, PublishReport(version=1))
    assert len(refused.value.errors[""]) == 4


def test_a_report_is_frozen_with_its_counts_and_no_names(platform, clock, facilitator, outbox):
    question = a_table(platform, step="evaluate")
    bomen, banken, _weg, reply = closed_activity(platform, clock, question)
    with platform.unit_of_work(system("test")) as uow:
        groen = add_theme(uow, question.id, AddTheme(title="Groen"))
        rust = add_theme(uow, question.id, AddTheme(title="Rust"))
        put_in_theme(uow, rust.id, ChooseContributions(contribution_ids=(banken.id, bomen.id)))
        put_in_theme(uow, groen.id, ChooseContributions(contribution_ids=(bomen.id,)))
    answered(platform, clock, question, bomen)
    answered(platform, clock, question, banken, "not_adopted", "Daar is geen plek voor.")
    a_published_decision(platform, question)
    a_published_evaluation(platform, question)
    draft = saved(platform, facilitator, question, texts={**REPORT_TEXTS, "F": {"went": "Later.", "deviation": "De zaal was dicht."}})
    with platform.unit_of_work(facilitator) as uow:
        report = publish_report(uow, question.id, PublishReport(version=draft.version))

    rows = rows_of(platform, report)
    assert [(row.contribution_id, row.theme, row.also, row.outcome, row.response, row.reply_to) for row in rows] == [
        (bomen.id, "Groen", "Rust", "adopted", "Dat doen wij.", None),
        (reply.id, "Groen", "", "", "", bomen.number),
        (banken.id, "Rust", "", "not_adopted", "Daar is geen plek voor.", None),
    ]
    counts = report.parts["counts"]
    assert (counts["contributions"], counts["replies"], counts["withdrawn"], counts["hidden"]) == (2, 1, 1, 0)
    assert counts["sector"] == {"citizens": 2}
    assert counts["outcome"] == {"adopted": 1, "not_adopted": 1}
    assert [(found["title"], found["first"], found["last"], found["contributions"]) for found in counts["themes"]] == [
        ("Groen", 1, 2, 1),
        ("Rust", 3, 3, 1),
    ]
    assert report.parts["decision"]["reaction"] == "Wij nemen het advies van de tafel over."
    assert report.parts["evaluation"]["lessons"].startswith("Vraag jongeren")
    assert "Anna" not in repr((report.parts, rows, [vars(row) for row in rows]))
    assert outbox.events("samenspreker.report.published")[0]["thing_id"] == str(report.id)
    with platform.read(anonymous()) as uow:
        card = uow.session.get(Subject, report.id)
        assert (card.type, card.url, card.public) == ("final_report", f"/samenspreker/{question.slug}/eindverslag/1", True)
        shown = report_text(uow, get_report(uow, report.id)[1])
        assert shown.part_a[5].deviation == "De zaal was dicht."
        assert [str(goal.reached) for goal in shown.goals] == ["Deels gehaald", "Gehaald"]
        (document,) = report_documents(uow, [report.id])
        assert "De zaal was dicht." in document.body


def test_what_is_frozen_stays_and_a_later_version_stands_beside_it(platform, clock):
    question = a_table(platform, step="evaluate")
    a_published_decision(platform, question)
    first = a_final_report(platform, question)
    second = a_final_report(platform, in_step(platform, question, "closed"), A={"went": "Toch anders.", "deviation": ""})
    assert (first.number, second.number) == (1, 2)
    with platform.read(anonymous()) as uow:
        assert report_by_id(uow, first.id).deviations["A"]["went"] == "Deel A ging goed."
        assert report_by_id(uow, second.id).deviations["A"]["went"] == "Toch anders."
        assert report_draft(uow, question.id).deviations["A"]["went"] == "Toch anders.", "the next version begins with the last texts"


def test_what_is_taken_back_or_hidden_later_shows_a_tombstone(platform, clock):
    question = a_table(platform, step="evaluate")
    bomen, banken, _weg, _reply = closed_activity(platform, clock, question)
    for contribution in (bomen, banken):
        answered(platform, clock, question, contribution)
    a_published_decision(platform, question)
    report = a_final_report(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get(Contribution, bomen.id).state = "hidden"
    with platform.read(anonymous()) as uow:
        (entries,) = all_entries(uow, report.id, activities_of_report(uow, question.id))
    assert {entry.contribution_id: (entry.state, entry.text) for entry in entries if not entry.reply_to} == {
        bomen.id: ("hidden", None),
        banken.id: ("published", "Meer banken."),
    }


def test_also_after_informing_and_without_contributions(platform, facilitator):
    question = a_table(platform, step="execute", level="inform")
    a_published_decision(platform, question)
    report = a_final_report(platform, question)
    assert report.parts["counts"]["contributions"] == 0
    assert rows_of(platform, report) == []


def test_who_may_when_and_two_at_once(platform, facilitator, actor_as):
    question = a_table(platform, step="evaluate")
    with pytest.raises(NotAllowed):
        saved(platform, actor_as("resident"), question)
    draft = saved(platform, facilitator, question)
    with pytest.raises(Conflict) as clash:
        saved(platform, actor_as("manager"), question)
    assert clash.value.current["deviations"] == REPORT_TEXTS
    saved(platform, actor_as("manager"), question, draft.version, {"A": {"went": "Anders", "deviation": ""}})
    with pytest.raises(Conflict), platform.unit_of_work(facilitator) as uow:
        publish_report(uow, question.id, PublishReport(version=draft.version))
    with pytest.raises(Invalid):
        saved(platform, facilitator, a_table(platform, step="decide"))


def test_a_report_that_is_sent_twice_is_frozen_once(platform, facilitator):
    question = a_table(platform, step="evaluate")
    a_published_decision(platform, question)
    draft = saved(platform, facilitator, question)
    with platform.unit_of_work(facilitator) as uow:
        assert publish_report(uow, question.id, PublishReport(version=draft.version)).number == 1
    with pytest.raises(Conflict), platform.unit_of_work(facilitator) as uow:
        publish_report(uow, question.id, PublishReport(version=draft.version))
    with platform.unit_of_work(facilitator) as uow:
        again = PublishReport(version=report_draft(uow, question.id).version)
        assert publish_report(uow, question.id, again).number == 2


def test_a_long_answer_for_many_is_written_out_now_and_then(platform, clock):
    question = a_table(platform, step="evaluate")
    activity = an_activity(platform, question.id)
    with platform.unit_of_work(anonymous()) as uow:
        ids = tuple(contribute(uow, activity.id, Contribute(text=f"Bijdrage {n}")).contribution.id for n in range(25))
    clock.forward(days=10)
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, question.id, WriteAnswer(outcome="partly", reason="Dat kan deels. " * 20, contribution_ids=ids))
    clock.forward(minutes=11)
    a_published_decision(platform, question)
    report = a_final_report(platform, question)
    with platform.read(anonymous()) as uow:
        shown = [line for batch in all_entries(uow, report.id, activities_of_report(uow, question.id)) for line in lines(batch)]
    assert [line.entry.position for line in shown if not line.repeated] == [1, 12, 23]


contribution_strategy = st.fixed_dictionaries(
    {
        "sector": st.sampled_from(SECTORS),
        "channel": st.sampled_from(CHANNELS),
        "state": st.sampled_from(("published", "published", "published", "withdrawn", "hidden")),
        "themes": st.sets(st.integers(0, 2)),
        "outcomes": st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=2),
        "parent": st.none() | st.integers(0, 11),
    }
)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contributions=st.lists(contribution_strategy, max_size=12))
def test_the_rows_equal_an_independent_recount(platform, clock, contributions):
    question = a_table(platform, step="evaluate")
    activity = an_activity(
        platform, question.id, opens_at=platform.clock() - timedelta(days=1), closes_at=platform.clock() + timedelta(days=1)
    )
    ids, roots = [], []
    with platform.unit_of_work(system("test")) as uow:
        themes = [add_theme(uow, question.id, AddTheme(title=f"Thema {n}")).id for n in range(3)]
        for number, wanted in enumerate(contributions):
            parent = (
                ids[wanted["parent"] % len(ids)]
                if wanted["parent"] is not None and ids and uow.session.get(Contribution, ids[wanted["parent"] % len(ids)]).depth < 3
                else None
            )
            command = EnterContribution(
                text=f"Tekst {number}", channel=wanted["channel"], sector=wanted["sector"], received_on=uow.now.date(), parent_id=parent
            )
            ids.append(enter_contribution(uow, activity.id, command).contribution.id)
            if parent is None:
                roots.append(number)
                for theme in sorted(wanted["themes"]):
                    put_in_theme(uow, themes[theme], ChooseContributions(contribution_ids=(ids[-1],)))
    for number in roots:
        for outcome in contributions[number]["outcomes"]:
            with platform.unit_of_work(system("test")) as uow:
                command = WriteAnswer(outcome=outcome, reason=f"Omdat {number}", contribution_ids=(ids[number],), replace=True)
                write_answer(uow, question.id, command)
            clock.forward(minutes=11)
    with platform.unit_of_work(system("test")) as uow:
        for id, wanted in zip(ids, contributions, strict=True):
            uow.session.get(Contribution, id).state = wanted["state"]
    clock.forward(days=3)
    a_published_decision(platform, question)
    report = a_final_report(platform, question)
    with platform.read(anonymous()) as uow:
        expected = recount(uow, question.id)
        stored = uow.session.get(FinalReport, report.id).parts["counts"]
    rows = rows_of(platform, report)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert {row.contribution_id: (row.outcome, row.response, row.theme, row.sector, row.channel) for row in rows} == expected["rows"]
    assert len(rows) == len(expected["rows"]), "every contribution stands in it once"
    assert {name: stored[name] for name in ("sector", "channel", "outcome")} == expected["counts"]
    assert stored["contributions"] + stored["replies"] == len(rows)
    ranges = [position for found in stored["themes"] for position in range(found["first"], found["last"] + 1)]
    assert ranges == list(range(1, len(rows) + 1)), "the themes cover all rows, each once"


def recount(uow, question_id: uuid.UUID):
    """What the report must hold, told from the tables of inbreng one contribution at a time."""
    rows, counts = {}, {"sector": Counter(), "channel": Counter(), "outcome": Counter()}
    of_table = select(Contribution).join(Activity, Activity.id == Contribution.activity_id).where(Activity.subject_id == question_id)
    everything = {found.id: found for found in uow.session.execute(of_table).scalars()}
    for found in everything.values():
        if found.state != "published":
            continue
        root = found
        while root.parent_id is not None:
            root = everything[root.parent_id]
        titles = (
            uow.session.execute(
                select(Theme.title)
                .join(ThemedContribution, ThemedContribution.theme_id == Theme.id)
                .where(ThemedContribution.contribution_id == root.id)
                .order_by(Theme.position)
            )
            .scalars()
            .all()
        )
        theme = titles[0] if titles and root.state == "published" else ""
        outcome, reason = "", ""
        if found.parent_id is None:
            answers = select(Answer).join(AnswerTarget).where(AnswerTarget.contribution_id == found.id, Answer.withdrawn_at.is_(None))
            last = max(uow.session.execute(answers).scalars(), key=lambda answer: answer.id)
            outcome, reason = last.outcome, last.reason
            for name, value in (("sector", found.sector), ("channel", found.channel), ("outcome", outcome)):
                counts[name][value] += 1
        rows[found.id] = (outcome, reason, theme, found.sector, found.channel)
    return {"rows": rows, "counts": {name: dict(counter) for name, counter in counts.items()}}
