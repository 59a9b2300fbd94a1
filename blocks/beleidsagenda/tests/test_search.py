"""Who searches finds what the agenda shows to everybody, by words of its text and by names of what it belongs to, and nothing else."""

from __future__ import annotations

import pytest

from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.queries.search import SOURCES
from samen_beleidsagenda.schemas.dossiers import UpdateDossier
from samen_beleidsagenda.services.dossiers import dossier_values, update_dossier
from samen_beleidsagenda.testing import a_body, a_commitment, a_decision, a_document, a_dossier, a_moment, a_motion, a_question
from samen_core.actor import system

MAKERS = {
    "dossier": a_dossier,
    "planning_item": a_moment,
    "document": a_document,
    "body_decision": a_decision,
    "motion": a_motion,
    "commitment": a_commitment,
    "council_question": a_question,
}
HIDDEN = ({"confidential": True}, {"state": "draft"}, {"state": "submitted"}, {"state": "deleted"})


def documents(platform, kind, *things):
    with platform.read(system("test")) as uow:
        return {found.subject_id: found for found in SOURCES[kind](uow, [thing.id for thing in things])}


@pytest.mark.parametrize("kind", MAKERS)
def test_only_what_everybody_may_see_is_found(platform, kind):
    make = MAKERS[kind]
    shown = make(platform, title="Het zwanenbad")
    hidden = [make(platform, title="Het zwanenbad", **values) for values in HIDDEN]
    assert {id: found.title for id, found in documents(platform, kind, shown, *hidden).items()} == {shown.id: "Het zwanenbad"}


def test_every_kind_that_has_a_page_of_its_own_can_be_found():
    assert set(SOURCES) == set(MAKERS)


def test_a_moment_is_found_by_its_dossier_unless_that_is_hidden(platform):
    body = a_body(platform, name="Commissie Water")
    shown = a_moment(platform, a_dossier(platform, title="De sluis"), body_id=body.organization_id, say_how="Kom langs.")
    hidden = a_moment(platform, a_dossier(platform, title="De sluis", confidential=True))
    put_off = a_moment(platform, status="postponed", slip_reason="Later")
    found = documents(platform, "planning_item", shown, hidden, put_off)
    assert list(found) == [shown.id]
    assert (found[shown.id].keywords, found[shown.id].body) == ("De sluis Commissie Water", "Kom langs.")


def test_a_paper_does_not_give_away_a_hidden_dossier(platform):
    paper = a_document(platform, a_dossier(platform, title="De sluis"), a_dossier(platform, title="De geheime aankoop", confidential=True))
    assert documents(platform, "document", paper)[paper.id].keywords == "De sluis"


def test_the_search_page_finds_a_dossier_after_the_worker_did_its_work(platform, client, outbox):
    dossier = a_dossier(platform, title="Het zwanenbad bij de sluis")
    a_document(platform, dossier, title="Een brief")
    a_dossier(platform, title="Het zwanenbad in het geheim", confidential=True)
    outbox.drain()
    page = client.get("/zoeken?q=zwanenbad").text
    assert "bij de sluis" in page
    assert "in het geheim" not in page
    assert "Een brief" in page, "by the dossier that it belongs to"
    with platform.unit_of_work(system("test")) as uow:
        values = dossier_values(uow, uow.session.get_one(Dossier, dossier.id))
        update_dossier(uow, dossier.id, UpdateDossier(**{**values, "tags": (), "confidential": True}))
    outbox.drain()
    assert "Een brief" not in client.get("/zoeken?q=zwanenbad").text, "nobody may know of that dossier any more"
