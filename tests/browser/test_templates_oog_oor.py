"""Every page of Oog & Oor passes axe (WCAG 2.2 AA) on a phone and reflows at 320 px, with and without content.

Each table says at which addresses an endpoint is looked at; ``{name}`` in one stands for what :func:`things` has under that name.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from citycontent.api import Area, Organization
from samen_core.api import uuid7
from samen_oog_oor import paths
from samen_oog_oor.models import Category, Merge, Server
from samen_oog_oor.services.inquiries import inquiry_key
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import (
    a_case,
    a_category,
    a_note,
    a_pattern,
    a_ready_text,
    a_rule,
    a_signal,
    a_task,
    a_verdict,
    an_inquiry,
    an_update,
)
from tests.browser.conftest import PHONE
from tests.support.pages import page_endpoints, problems

OWN, ENDED = f"{paths.RECEIPT}/{{key}}", f"{paths.RECEIPT}/{{ended_key}}"
WORK = f"{paths.DESK}/zaken/{{case}}"
CATEGORY = f"{paths.CATEGORIES}/{{category}}"

PUBLIC: dict[str, list[str]] = {
    # what everybody sees
    "oog_oor.home": [paths.HOME],
    "oog_oor.case_list": [paths.CASES, f"{paths.CASES}?q=xyzzy"],
    "oog_oor.case_page": [f"{paths.CASES}/{{case}}", f"{paths.CASES}/{{ended}}"],
    "oog_oor.case_map": [paths.MAP],
    "oog_oor.figures_page": [paths.FIGURES],
    "oog_oor.feeds_page": [paths.FEEDS],
    "oog_oor.pattern_list": [paths.PATTERNS],
    "oog_oor.pattern_page": [f"{paths.PATTERNS}/{{pattern}}"],
    # reporting
    "oog_oor.report": [paths.REPORT],
    "oog_oor.report_offline": [f"{paths.REPORT}/offline"],
    # one's own signal
    "oog_oor.find_page": [paths.RECEIPT],
    "oog_oor.lost_code": [paths.LOST],
    "oog_oor.own_page": [OWN, ENDED],
    "oog_oor.new_address_page": [f"{OWN}/mailadres"],
    "oog_oor.new_address_confirm": [f"{OWN}/mailadres/voorbeeld"],
    "oog_oor.report_done": [f"{OWN}/bedankt"],
    "oog_oor.report_confirm": [f"{paths.RECEIPT}/{{waiting_key}}/bevestigen"],
    "oog_oor.part_page": [
        *(f"{OWN}/{part}" for part in ("toevoegen", "intrekken")),
        *(f"{ENDED}/{part}" for part in ("oordeel", "heropenen")),
    ],
    "oog_oor.own_data_page": [f"{OWN}/gegevens", f"{ENDED}/gegevens"],
    "oog_oor.inquiry": [f"{paths.INQUIRY}/{{inquiry_key}}"],
}
OF_A_RESIDENT: dict[str, list[str]] = {
    "oog_oor.own_list": [paths.OWN],
    "oog_oor.keys": [paths.KEYS],
}
OF_STAFF: dict[str, list[str]] = {
    # the desk
    "oog_oor.work_list": [paths.DESK, f"{paths.DESK}?q=xyzzy"],
    "oog_oor.work_map": [f"{paths.DESK}/kaart"],
    "oog_oor.board": [paths.BOARD],
    "oog_oor.enter": [f"{paths.DESK}/invoeren"],
    "oog_oor.text_list": [paths.TEXTS],
    # a case
    "oog_oor.work_case": [WORK, f"{paths.DESK}/zaken/{{ended}}", f"{paths.DESK}/zaken/{{confidential}}"],
    "oog_oor.work_signals": [f"{WORK}/meldingen"],
    "oog_oor.work_contact": [f"{WORK}/contact/{{signal}}"],
    "oog_oor.work_move": [f"{WORK}/verder"],
    "oog_oor.work_message": [f"{WORK}/bericht"],
    "oog_oor.work_ask": [f"{WORK}/vraag"],
    "oog_oor.work_merge": [f"{WORK}/samenvoegen", f"{WORK}/samenvoegen?zoek=lantaarn"],
    "oog_oor.case_relocate": [f"{WORK}/categorie-en-plek"],
    "oog_oor.case_publish": [f"{WORK}/openbaar"],
    # what a manager sets up
    "oog_oor.category_list": [paths.CATEGORIES, f"{paths.CATEGORIES}?zin=losse%20stoeptegel&hoofd=afval", f"{paths.CATEGORIES}?zin=xyzzy"],
    "oog_oor.category_new": [f"{paths.CATEGORIES}/nieuw", f"{paths.CATEGORIES}/nieuw?onder=afval"],
    "oog_oor.category_page": [CATEGORY, *(f"{paths.CATEGORIES}/{code}" for code in ("{asking}", "afval", "spoed", "spoor"))],
    "oog_oor.rule_list": [paths.RULES],
    "oog_oor.rule_new": [f"{paths.RULES}/nieuw"],
    "oog_oor.rule_bench": [f"{paths.RULES}/proef"],
    "oog_oor.server_list": [paths.SERVERS],
    "oog_oor.server": [f"{paths.SERVERS}/{{server}}"],
    "oog_oor.decide_page": [f"{paths.PATTERNS}/{{found}}/{act}" for act in ("voorleggen", "laten")],
}
FORMS_OF_STAFF: dict[str, list[str]] = {
    "oog_oor.text_new": [f"{paths.TEXTS}/nieuw"],
    "oog_oor.text_edit": [f"{paths.TEXTS}/{{text}}"],
    "oog_oor.text_remove": [f"{paths.TEXTS}/{{text}}/weg"],
    "oog_oor.work_views": [f"{paths.DESK}/weergaven"],
    "oog_oor.work_assign": [f"{WORK}/behandelaar"],
    "oog_oor.work_priority": [f"{WORK}/urgentie"],
    "oog_oor.work_note": [f"{WORK}/notitie"],
    "oog_oor.work_task_add": [f"{WORK}/taak"],
    "oog_oor.work_task": [f"{WORK}/taak/{{task}}"],
    "oog_oor.work_task_change": [f"{WORK}/taak/{{task}}/wijzigen"],
    "oog_oor.work_task_drop": [f"{WORK}/taak/{{task}}/vervalt"],
    "oog_oor.work_unmerge": [f"{WORK}/samengevoegd/{{merged}}/los"],
    "oog_oor.work_reopening": [f"{paths.DESK}/zaken/{{asked}}/heropening"],
    "oog_oor.case_hand_over": [f"{WORK}/overdragen"],
    "oog_oor.case_send_back": [f"{WORK}/verkeerd-bureau"],
    "oog_oor.case_hide": [f"{WORK}/openbaar/verbergen"],
    "oog_oor.category_edit": [f"{CATEGORY}/bewerken", f"{paths.CATEGORIES}/afval/bewerken"],
    "oog_oor.category_off": [f"{CATEGORY}/uitzetten"],
    "oog_oor.category_remove": [f"{CATEGORY}/weghalen"],
    "oog_oor.question_new": [f"{CATEGORY}/vraag"],
    "oog_oor.question_edit": [f"{paths.CATEGORIES}/{{asking}}/vraag/{{question}}"],
    "oog_oor.question_remove": [f"{paths.CATEGORIES}/{{asking}}/vraag/{{question}}/weghalen"],
    "oog_oor.rule_edit": [f"{paths.RULES}/{{rule}}"],
    "oog_oor.rule_remove": [f"{paths.RULES}/{{rule}}/weg"],
    "oog_oor.server_new": [f"{paths.SERVERS}/nieuw"],
    "oog_oor.server_edit": [f"{paths.SERVERS}/{{server}}/bewerken"],
    "oog_oor.work_ask_third_party": [f"{WORK}/derde"],
}
"""Forms that the same template draws as others above, with other fields: looked at in the long run."""
IN_ENGLISH = [paths.CASES, f"{paths.CASES}/{{case}}", paths.MAP, paths.FIGURES, paths.PATTERNS, paths.REPORT, OWN]
"""Addresses that are looked at under /en too: one of every shape."""
NO_PAGES = {
    "oog_oor.atom",
    "oog_oor.board_move",
    "oog_oor.case_picture",
    "oog_oor.case_show_again",
    "oog_oor.figures_csv",
    "oog_oor.figures_json",
    "oog_oor.json_",
    "oog_oor.own_data_file",
    "oog_oor.own_picture",
    "oog_oor.planned_ics",
    "oog_oor.report_manifest",
    "oog_oor.report_map",
    "oog_oor.report_worker",
    "oog_oor.work_csv",
    "oog_oor.work_geojson",
    "oog_oor.work_pdf",
}
"""Endpoints that answer with something else than a page: files, feeds, what leads on; and two that need a picture or what was hidden,
which the tests of publishing look at.
"""


@pytest.fixture(scope="module")
def things(city):
    """What the pages are of, as the parts of their addresses."""
    with city.write() as uow:
        made = of_a_case(uow) | of_the_desk(uow)
        keys = {name: receipt_key(uow.platform, made.pop(name)) for name in ("key", "ended_key", "waiting_key")}
        made["inquiry_key"] = inquiry_key(uow.platform, made["inquiry_key"])
    return SimpleNamespace(**made, **keys)


def of_a_case(uow):
    """A case with one of everything that can stand on it, one that ended, one that somebody asked to reopen, and a confidential one."""
    area = uow.session.execute(select(Area).where(Area.classification == "buurt").order_by(Area.code)).scalars().first()
    category = a_category(uow, "Proefverlichting")
    case = a_case(uow, category, area_id=area.id, public_text="Een lamp is kapot.", state="in_progress", organization_id=office(uow))
    signal = a_signal(uow, case)
    an_update(uow, case)
    a_note(uow, case)
    ended = a_case(uow, category, area_id=area.id, state="resolved")
    ended_signal = a_signal(uow, ended)
    asked = a_case(
        uow, category, state="reopening_requested", ended_as="resolved", closed_at=uow.now, resolution="repaired", answer="Klaar."
    )
    for content in (True, False):
        a_verdict(uow, a_signal(uow, ended), content)
    a_verdict(uow, a_signal(uow, asked), content=False, closed_at=asked.closed_at, asks_reopening=True)
    joined = a_case(uow, category, merged_into_id=case.id, state="resolved", resolution="merged")
    merge = Merge(id=uuid7(), from_id=joined.id, into_id=case.id, signal_ids=[], former_state="new", at=uow.now)
    uow.session.add(merge)
    inquiry = an_inquiry(uow, case)
    uow.session.flush()
    inquiry.key_hash = hash_of_inquiry(uow, inquiry.id)
    return {
        "case": case.number,
        "ended": ended.number,
        "asked": asked.number,
        "confidential": a_case(uow, category, confidential=True).number,
        "key": signal.id,
        "signal": signal.id,
        "ended_key": ended_signal.id,
        "waiting_key": a_signal(uow, a_case(uow, category, confidential=True), confirmed_at=None).id,
        "task": a_task(uow, case).id,
        "merged": merge.id,
        "inquiry_key": inquiry.id,
        "category": category.code,
        "pattern": a_pattern(uow, case, ended, state="proposed", proposed_at=uow.now).id,
        "found": a_pattern(uow, case, ended).id,
    }


def of_the_desk(uow):
    """A rule, a ready text, another server, and a category of the demonstration that asks something."""
    server = Server(id=uuid7(), name="Proefserver", base_url="https://open311.example/v2", organization_id=office(uow))
    uow.session.add(server)
    asking = next(row for row in uow.session.execute(select(Category).order_by(Category.position)).scalars() if row.form.get("questions"))
    return {
        "rule": a_rule(uow, uow.session.get_one(Organization, office(uow)), conditions={"words": ["xyzzy"]}).id,
        "text": a_ready_text(uow).id,
        "server": server.id,
        "asking": asking.code,
        "question": asking.form["questions"][0]["name"],
    }


def office(uow):
    """An organisation that has cases."""
    return uow.session.execute(select(Organization.id).where(Organization.name == "Afdeling Beheer openbare ruimte")).scalar_one()


def hash_of_inquiry(uow, id):
    """What is stored of the key of a question."""
    from samen_oog_oor.services.receipt_keys import key_hash

    return key_hash(uow.platform, inquiry_key(uow.platform, id))


def filled(table, things):
    """The addresses of a table with the names of the things in them."""
    return [path.format(**vars(things)) for paths_of_one in table.values() for path in paths_of_one]


def test_every_page_is_looked_at(city):
    endpoints = {name for name in page_endpoints(city.app) if name.startswith("oog_oor.")}
    assert endpoints - NO_PAGES == set(PUBLIC) | set(OF_A_RESIDENT) | set(OF_STAFF) | set(FORMS_OF_STAFF)


def test_public_pages(open_page, things):
    assert problems(open_page(PHONE), filled(PUBLIC, things)) == []


def test_pages_of_a_resident(open_page, things):
    assert problems(open_page(PHONE, role="resident"), filled(OF_A_RESIDENT, things)) == []


def test_pages_of_staff(open_page, things):
    """Each once; in the long run at the other addresses too, with other content."""
    firsts = {endpoint: addresses[:1] for endpoint, addresses in OF_STAFF.items()}
    assert problems(open_page(PHONE, role="manager"), filled(firsts, things)) == []


@pytest.mark.soak
def test_more_pages_of_staff(open_page, things):
    others = {endpoint: addresses[1:] for endpoint, addresses in OF_STAFF.items()}
    assert problems(open_page(PHONE, role="manager"), filled(others | FORMS_OF_STAFF, things)) == []


def test_pages_in_english(open_page, things):
    page = open_page(PHONE)
    assert problems(page, [f"/en{path.format(**vars(things))}" for path in (paths.HOME, *IN_ENGLISH)]) == []
    assert page.evaluate("document.documentElement.lang") == "en"
