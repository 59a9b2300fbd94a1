"""The pages of planning, for residents and for who plans."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from citycontent.api import CreateTheme, create_theme
from citycontent.testing import make_area
from samen_beleidsagenda import paths, testing
from samen_beleidsagenda.models import Dossier, Entry, PlanningItem
from samen_beleidsagenda.periods import Period, parse_period, whole
from samen_beleidsagenda.schemas.planning import Drop, PlanMoment, Postpone
from samen_beleidsagenda.services import planning
from samen_beleidsagenda.services.common import today
from samen_core.api import Platform, UnitOfWork, format_month, system
from samen_core.testing.visitors import send_form, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def plan(uow: UnitOfWork, period: Period | str, title: str, dossier: Dossier | None = None, **values: Any) -> PlanningItem:
    about = dossier or testing.a_dossier(uow, title=f"Dossier van {title}")
    when = parse_period(period) if isinstance(period, str) else period
    given = {"kind": "decision", "publish": True, **values}
    return planning.plan_moment(uow, PlanMoment(dossier_id=about.id, period=when, title=title, **given))


def month(uow: UnitOfWork, ahead: int = 0) -> Period:
    found = whole(today(uow), "month")
    for _number in range(ahead):
        found = whole(found.end + timedelta(days=1), "month")
    return found


def rows(html: str) -> list[str]:
    return re.findall(r'samen-rows__title"[^>]*>(?:<a[^>]*>)?([^<]+)', html)


def lines(html: str) -> list[str]:
    return re.findall(r'scope="row"><a[^>]*>([^<]+)', html)


@SQLITE
def test_the_front_tells_now_next_and_later(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        body = testing.a_body(uow, "council", "De raad van de stad")
        plan(uow, month(uow), "Nu besluiten", body_id=body.organization_id, has_say=True, say_how="Spreek in.")
        plan(uow, month(uow, 1), "Straks besluiten")
        plan(uow, month(uow, 2), "Later besluiten")
        plan(uow, "2099", "Ooit besluiten")
        testing.a_meeting(uow, body)
        dropped = plan(uow, month(uow), "Toch niet")
        planning.drop(uow, dropped.id, Drop(version=dropped.version, reason="Niet meer nodig."))
        plan(uow, month(uow), "Nog een concept", publish=False)
    html = client.get(paths.HOME).text
    parts = html.split("<section")
    sections = {match[1]: rows(part) for part in parts if (match := re.search(r'aria-labelledby="(now|next|later)"', part))}
    assert sections == {"now": ["Nu besluiten"], "next": ["Straks besluiten"], "later": ["Later besluiten"]}
    assert "De raad van de stad" in html
    assert html.count("U kunt meepraten</span>") == 2, "on its card and in its row"


def test_lists_are_narrowed_by_theme_area_body_and_holder(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        theme = create_theme(uow, CreateTheme(name="Wonen"))
        wijk = make_area(uow, "Wijk Noord", "wijk")
        buurt = make_area(uow, "Buurt Een", "buurt", parent_code=wijk.code)
        body, post = testing.a_body(uow, name="Eigen orgaan"), testing.a_post(uow, "Wethouder wonen")
        inside = testing.a_dossier(uow, title="Binnen", themes=[theme.id], areas=[buurt.id], holder_id=post.id)
        plan(uow, month(uow), "Over wonen", inside)
        plan(uow, month(uow), "Over iets anders", body_id=body.organization_id)
        holder, slugs = post.id, (wijk.slug, buurt.slug)
    for path, found_in in ((paths.HOME, rows), (paths.PLANNING, lines), (paths.CALENDAR, rows)):
        for query in ("thema=wonen", *(f"gebied={slug}" for slug in slugs)):
            assert found_in(client.get(f"{path}?{query}").text) == ["Over wonen"], (path, query)
        assert found_in(client.get(f"{path}?orgaan=eigen-orgaan").text) == ["Over iets anders"]
        for wrong in ("thema=nergens", "orgaan=niemand", "gebied=nergens"):
            assert client.get(f"{path}?{wrong}").status_code == 400
    assert lines(client.get(f"{paths.PLANNING}?portefeuille={holder}").text) == ["Over wonen"]


def test_the_long_term_agenda_shows_slips_and_how_it_stands(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        late = plan(uow, whole(today(uow) - timedelta(days=40), "day"), "Te laat punt")
        item = plan(uow, month(uow, 2), "Verschoven punt", testing.a_dossier(uow, title="Aap"))
        planning.postpone(uow, item.id, Postpone(version=item.version, period=month(uow, 5), reason="Er is meer onderzoek nodig."))
        plan(uow, month(uow, 8), "Gewoon punt", testing.a_dossier(uow, title="Zee"))
        done = plan(uow, month(uow), "Gedaan punt")
        planning.treat(uow, done.id, planning.Treat(version=done.version))
        old, late_dossier = str(month(uow, 2)), late.dossier_id
    html = client.get(paths.PLANNING).text
    assert lines(html) == ["Te laat punt", "Verschoven punt", "Gewoon punt"]
    assert "1 keer verplaatst" in html
    assert f"{old}: " in text_of(html)
    assert "Er is meer onderzoek nodig." in html
    assert "3 momenten" in text_of(html)
    for code, title in (("te-laat", "Te laat punt"), ("let-op", "Verschoven punt"), ("op-schema", "Gewoon punt")):
        assert lines(client.get(f"{paths.PLANNING}?licht={code}").text) == [title]
    assert lines(client.get(f"{paths.PLANNING}?staat=geweest").text) == ["Gedaan punt"]
    assert lines(client.get(f"{paths.PLANNING}?volgorde=stand").text)[0] == "Te laat punt"
    assert lines(client.get(f"{paths.PLANNING}?volgorde=onderwerp").text) == ["Verschoven punt", "Te laat punt", "Gewoon punt"]
    assert lines(client.get(f"{paths.PLANNING}?q=gewoon+zee").text) == ["Gewoon punt"]
    paper = client.get(f"{paths.PLANNING}?afdrukken=ja").text
    assert lines(paper) == ["Te laat punt", "Verschoven punt", "Gewoon punt"]
    assert '<details class="agenda-slips" open>' in paper
    assert client.get(f"{paths.PLANNING}?licht=rood").status_code == 400
    assert late_dossier


@SQLITE
def test_every_order_of_the_long_term_agenda_is_paged_without_loss(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        bodies = [None, testing.a_body(uow, name="Aa").organization_id, testing.a_body(uow, name="Bee").organization_id]
        dossiers = [testing.a_dossier(uow, title=f"Dossier {at}") for at in range(4)]
        for at in range(37):
            testing.a_moment(
                uow, dossiers[at % 4], title=f"Moment {at}", body_id=bodies[at % 3], slips=at % 2, start=month(uow, at % 5).start
            )
    for order in ("", "onderwerp", "orgaan", "portefeuille", "stand"):
        seen: list[str] = []
        url = f"{paths.PLANNING}?volgorde={order}"
        for _page in range(2):
            html = client.get(url).text
            seen += lines(html)
            found = re.search(r'rel="next" href="([^"]+)"', html)
            url = found[1].replace("&amp;", "&") if found else ""
        assert url == ""
        assert sorted(seen) == sorted(f"Moment {at}" for at in range(37)), order


@SQLITE
def test_pages_take_as_many_statements_whatever_is_planned(platform: Platform, client: FlaskClient) -> None:
    sent: list[str] = []
    event.listen(platform.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: sent.append(text))
    addresses = (paths.HOME, paths.PLANNING, paths.CALENDAR, f"{paths.CALENDAR}?weergave=maand", f"{paths.HOME}?ingebed=ja", "/")
    numbers = []
    for number in (2, 9):
        with platform.unit_of_work(system("test")) as uow:
            dossier = testing.a_dossier(uow, title=f"Dossier {number}")
            for at in range(number):
                item = plan(uow, month(uow, at % 3), f"Moment {number}-{at}", dossier, has_say=True)
                planning.postpone(uow, item.id, Postpone(version=item.version, period=month(uow, 1 + at % 3), reason="Later."))
        found = []
        for address in addresses:
            client.get(address)
            sent.clear()
            assert client.get(address).status_code == 200
            found.append(len(sent))
        numbers.append(found)
    assert numbers[0] == numbers[1]
    assert max(numbers[0][:3]) <= 10


def test_the_calendar_has_days_spans_and_what_is_over(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        now = today(uow)
        plan(uow, whole(now, "day"), "Vandaag besluiten")
        plan(uow, month(uow), "Ergens deze maand")
        past = plan(uow, whole(now - timedelta(days=60), "day"), "Vroeger besloten")
        planning.treat(uow, past.id, planning.Treat(version=past.version))
        plan(uow, whole(month(uow, 1).start, "day"), "Op de eerste")
        moved = plan(uow, month(uow), "Verzet besluit")
        planning.postpone(uow, moved.id, Postpone(version=moved.version, period=month(uow, 1), reason="Later."))
        meeting = testing.a_meeting(uow, name="Avond in het stadhuis")
        from samen_beleidsagenda.services.entries import keep_entry_of_meeting

        keep_entry_of_meeting(uow, meeting)
        this_month = format_month(now)
    found = client.get(paths.CALENDAR).text
    assert set(rows(found)) == {"Vandaag besluiten", "Ergens deze maand", "Avond in het stadhuis", "Verzet besluit", "Op de eerste"}
    for in_order in (rows(found), lines(client.get(paths.PLANNING).text)):
        assert in_order.index("Verzet besluit") < in_order.index("Op de eerste"), "what has no day yet stands before the days"
    page = client.get(f"{paths.CALENDAR}?weergave=maand").text
    assert this_month in page
    assert "1 moment heeft nog geen dag" in text_of(page)
    assert ">Vandaag besluiten</a>" in page.split("<table")[1]
    assert ">Ergens deze maand</a>" not in page.split("<table")[1]
    assert rows(client.get(f"{paths.CALENDAR}?weergave=geweest").text) == ["Vroeger besloten"]
    assert "Avond in het stadhuis" in rows(client.get(f"{paths.CALENDAR}?soort=meeting").text)
    assert rows(client.get(f"{paths.CALENDAR}?q=ergens").text) == ["Ergens deze maand"]
    on_day = rows(client.get(f"{paths.CALENDAR}?dag={now.isoformat()}&soort=decision").text)
    assert set(on_day) == {"Ergens deze maand", "Vandaag besluiten"}
    for wrong in ("weergave=maand&maand=2026-13", "weergave=maand&maand=1900-01", "dag=2026-02-31", "weergave=jaar"):
        assert client.get(f"{paths.CALENDAR}?{wrong}").status_code == 400


@SQLITE
def test_only_the_page_for_other_sites_may_stand_in_a_frame(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        plan(uow, month(uow), "Nu besluiten")
    inside = client.get(f"{paths.HOME}?ingebed=ja")
    assert "frame-ancestors *" in inside.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in inside.headers
    assert "script-src 'self'" in inside.headers["Content-Security-Policy"]
    assert rows(inside.text) == ["Nu besluiten"]
    assert "<header" not in inside.text
    assert "<form" not in inside.text
    for path in (paths.HOME, f"{paths.HOME}/insluiten", paths.PLANNING):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
    code = client.get(f"{paths.HOME}/insluiten?thema=").text
    assert "&lt;iframe src=" in code
    assert f"{paths.HOME}?ingebed=ja" in code


@SQLITE
def test_the_page_of_a_moment_keeps_every_date_readable(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        item = plan(uow, "2097", "De raad besluit")
        planning.change_moment(uow, item.id, _same(item, "2097-Q3"))
        later = planning.postpone(uow, item.id, Postpone(version=item.version, period=parse_period("2098-02"), reason="Eerst onderzoek."))
        old, new = item.id, later.id
    page = text_of(client.get(paths.planning_item(new)).text)
    for words in ("2097 : Daarna preciezer", "3e kwartaal van 2097 : Verplaatst. Eerst onderzoek.", "februari 2098", "Eerst gepland"):
        assert words in page, words
    assert "Wat kunt u doen?" not in page
    page = text_of(client.get(paths.planning_item(old)).text)
    assert "Dit moment is verplaatst naar februari 2098." in page
    assert client.get(f"/en{paths.planning_item(new)}").status_code == 200


def _same(item: PlanningItem, code: str) -> planning.ChangeMoment:
    values = {name: getattr(item, name) for name in planning.FIELDS}
    return planning.ChangeMoment(version=item.version, period=parse_period(code), status=item.status, **values)


@SQLITE
def test_an_officer_plans_moves_and_drops_with_forms(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    officer, clerk = as_role("facilitator"), as_role("decision_maker")
    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow)
        dossier_id, slug = dossier.id, dossier.slug
    new = f"{paths.PLANNING}/nieuw"
    assert client.get(new).status_code == 303
    wrong = send_form(officer, new, dossier_id=str(dossier_id), title="", period="binnenkort")
    assert wrong.status_code == 400
    assert 'value="binnenkort"' in wrong.text
    assert officer.get(f"{new}?dossier={slug}&periode=2097-03").text.count('value="3-2097"') == 1
    made = send_form(officer, new, dossier_id=str(dossier_id), title="De raad besluit", period="maart 2097", kind="decision")
    page = made.headers["Location"]
    assert client.get(page).status_code == 404
    assert "Voorleggen voor akkoord" in officer.get(page).text
    act = f"/beleidsagenda/werk/akkoord/planning_item/{page.rpartition('/')[2]}"
    assert send_form(officer, f"{act}/voorleggen").status_code == 303
    assert "De raad besluit" in clerk.get(paths.DESK).text
    assert send_form(clerk, f"{act}/openbaar").status_code == 303
    assert "maart 2097" in client.get(page).text
    refused = send_form(officer, f"{page}/bewerken", period="april 2097")
    assert refused.status_code == 400
    assert "Verplaatsen" in text_of(refused.text)
    assert send_form(officer, f"{page}/bewerken", period="12-3-2097").status_code == 303
    assert send_form(officer, f"{page}/verplaatsen", period="april 2097", reason="").status_code == 400
    moved = send_form(officer, f"{page}/verplaatsen", period="april 2097", reason="Het onderzoek duurt langer.")
    assert moved.status_code == 303
    successor = moved.headers["Location"]
    assert successor != page
    assert "Het onderzoek duurt langer." in text_of(client.get(successor).text)
    assert send_form(officer, f"{successor}/vervallen", reason="Het is niet meer nodig.").status_code == 303
    assert "Het is niet meer nodig." in text_of(client.get(successor).text)
    again = officer.get(successor).text
    assert "/verplaatsen" not in again
    assert "/bewerken" in again


@SQLITE
def test_the_desk_tells_what_is_late_and_what_has_no_agenda(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        body = testing.a_body(uow, name="Eigen orgaan")
        plan(uow, whole(today(uow) - timedelta(days=9), "day"), "Te laat punt")
        for at in range(4):
            plan(uow, month(uow, 1), f"Straks {at}", body_id=body.organization_id)
        plan(uow, month(uow, 4), "Veel later", body_id=body.organization_id)
        plan(uow, month(uow, 1), "Mijn concept", publish=False)
        codes = [month(uow, ahead).code for ahead in (1, 2)]
    assert client.get(paths.DESK).status_code == 303
    assert as_role("resident").get(paths.DESK).status_code == 403
    officer = as_role("facilitator")
    desk = text_of(officer.get(paths.DESK).text)
    for words in ("Momenten te laat (1)", "Komt eraan zonder agenda (4)", "Concepten (1)"):
        assert words in desk, words
    assert lines(officer.get(f"{paths.DESK}?deel=te-laat").text) == ["Te laat punt"]
    assert len(lines(officer.get(f"{paths.DESK}?deel=zonder-agenda").text)) == 4
    assert rows(officer.get(f"{paths.DESK}?deel=concepten").text) == ["Mijn concept"]
    board = officer.get(f"{paths.DESK}/planbord").text
    columns = dict(re.findall(r'data-period="([^"]+)"(.*?)</section>', board, re.DOTALL))
    assert [columns[codes[0]].count('agenda-board__card"'), columns[codes[1]].count('agenda-board__card"')] == [5, 0]
    assert "Concept" in columns[codes[0]], "also what is not public yet, for who may write it"
    assert "/beleidsagenda/board.js" in re.sub(r"\.[0-9a-f]{6,}\.", ".", board)
    with platform.read(system("test")) as reader:
        id = reader.session.execute(select(PlanningItem.id).where(PlanningItem.title == "Straks 1")).scalar_one()
    moving = officer.get(f"{paths.DESK}/planbord/verplaats?moment={id}&periode={codes[1]}")
    assert moving.headers["Location"] == f"{paths.planning_item(id)}/verplaatsen?periode={codes[1]}"
    assert officer.get(f"{paths.DESK}/planbord/verplaats?moment=niets&periode=2027-01").status_code == 400
    crowd = text_of(officer.get(f"{paths.DESK}/drukte").text)
    assert "4 druk" in crowd
    assert "2 momenten hebben nog geen orgaan" in crowd


@SQLITE
def test_the_home_page_of_the_city_shows_what_one_can_take_part_in(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        plan(uow, month(uow, 1), "Praat mee over het plein", has_say=True)
        plan(uow, month(uow, 1), "Gewoon een besluit")
    html = client.get("/").text
    assert html.count(">Praat mee over het plein</a>") == 2
    assert html.count(">Gewoon een besluit</a>") == 1


@SQLITE
def test_entries_follow_who_may_see_and_count_changes(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow, state="draft")
        item = plan(uow, "2097-03", "De raad besluit", dossier)
        assert uow.session.get(Entry, item.id) is None, "its dossier is no public thing yet"
        from samen_beleidsagenda.schemas.approval import Approve
        from samen_beleidsagenda.services.dossiers import publish_dossier

        publish_dossier(uow, dossier.id, Approve(version=dossier.version))
        entry = uow.session.get_one(Entry, item.id)
        uid = entry.uid
        assert (entry.visible, entry.sequence, entry.status) == (True, 0, "tentative")
        values = _same(item, "2097-03")
        planning.change_moment(uow, item.id, planning.ChangeMoment(**{**_fields(values), "title": "De raad beslist"}))
        assert (entry.sequence, entry.title) == (0, "De raad beslist"), "a title is no time, place or state"
        assert "De raad beslist" in entry.vevent
        planning.change_moment(uow, item.id, _same(item, "2097-03-12"))
        assert (entry.sequence, entry.uid) == (1, uid)
        planning.change_moment(uow, item.id, planning.ChangeMoment(**{**_fields(_same(item, "2097-03-12")), "confidential": True}))
        assert not entry.visible


def _fields(command: planning.ChangeMoment) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__dataclass_fields__}


def test_every_entry_of_a_dossier_tells_the_last_moment_to_have_a_say(platform: Platform) -> None:
    from samen_beleidsagenda.services.entries import refresh_last_says

    with platform.unit_of_work(system("test")) as uow:
        dossier = testing.a_dossier(uow)
        decision = plan(uow, month(uow, 4), "Besluit", dossier)
        assert uow.session.get_one(Entry, decision.id).last_say is None
        evening = plan(uow, month(uow, 2), "Avond", dossier, kind="participation", has_say=True)
        entry = uow.session.get_one(Entry, decision.id)
        assert entry.last_say == evening.end_date
        assert "Meepraten over dit onderwerp kan tot en met" in entry.vevent.replace("\r\n ", "")
        later = planning.postpone(uow, evening.id, Postpone(version=evening.version, period=month(uow, 3), reason="Zaal bezet."))
        assert entry.last_say == later.end_date
        entry.last_say = evening.end_date
        uow.session.flush()
        refresh_last_says(uow)
        assert entry.last_say == later.end_date
        planning.change_moment(uow, later.id, planning.ChangeMoment(**{**_fields(_same(later, str(later.end_date)[:7])), "has_say": False}))
        assert entry.last_say is None, "nobody has a say any more"
