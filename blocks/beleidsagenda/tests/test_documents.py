"""Papers with their versions and files, and where they are treated."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from sqlalchemy import select

from samen_beleidsagenda.models import Document, DocumentVersion, Meeting, Treatment
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.documents import (
    AddVersion,
    ChangeDocument,
    ChangeTreatment,
    EnterDocument,
    TreatDocument,
)
from samen_beleidsagenda.services.approval import remove
from samen_beleidsagenda.services.documents import (
    add_version,
    change_document,
    document_values,
    enter_document,
    publish_document,
    versions_of,
    withdraw_version,
)
from samen_beleidsagenda.services.treatments import change_treatment, treat_document, treatments_of_document, untreat_document
from samen_beleidsagenda.testing import a_body, a_decision, a_document, a_dossier, a_meeting, points_of
from samen_core.api import Conflict, FileValue, Gone, Invalid, NotAllowed, NotFound, Platform, Subject, store_upload, system
from samen_core.events.outbox import OutboxEvent
from samen_core.files import open_file

pytestmark = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def _upload(platform: Platform, actor: Any, content: bytes = PDF) -> FileValue:
    with platform.unit_of_work(actor) as uow:
        return FileValue(store_upload(uow, io.BytesIO(content), "voorstel.pdf").id)


def _enter(platform: Platform, actor: Any = None, **values: Any) -> Document:
    with platform.unit_of_work(actor or system("test")) as uow:
        return enter_document(uow, EnterDocument(**{"type": "proposal", "title": "Voorstel", "date": uow.now.date(), **values}))


def _publish(platform: Platform, document: Document) -> Document:
    with platform.unit_of_work(system("test")) as uow:
        return publish_document(uow, document.id, Approve(version=document.version))


def _opens(platform: Platform, actor: Any, id: Any) -> bool:
    with platform.read(actor) as uow:
        try:
            open_file(uow, id).stream.close()
        except NotFound:
            return False
        return True


def test_a_file_is_as_public_as_its_paper(platform: Platform, actor_as: Any) -> None:
    clerk = actor_as("decision_maker")
    file = _upload(platform, clerk)
    document = _enter(platform, clerk, file=file)
    anybody = actor_as("resident")
    assert not _opens(platform, anybody, file.id)
    document = _publish(platform, document)
    assert _opens(platform, anybody, file.id)
    with platform.unit_of_work(clerk) as uow:
        now = document_values(uow, document)
        change_document(uow, document.id, ChangeDocument(**{**now, "confidential": True}))
    assert not _opens(platform, anybody, file.id)
    assert not _opens(platform, actor_as("facilitator"), file.id)
    assert _opens(platform, actor_as("decision_maker"), file.id)
    with platform.read(system("test")) as uow:
        (version,) = versions_of(uow, [document.id])[document.id]
        assert (version.number, version.sha256, version.size) == (1, hashlib.sha256(PDF).hexdigest(), len(PDF))
        assert (version.name, version.media_type) == ("voorstel.pdf", "application/pdf")


def test_a_file_of_somebody_else_cannot_be_taken(platform: Platform, actor_as: Any) -> None:
    file = _upload(platform, actor_as("facilitator"))
    with pytest.raises(Invalid) as problem:
        _enter(platform, actor_as("facilitator"), file=file)
    assert list(problem.value.errors) == ["file"]
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Document.id)).first() is None


def test_newer_versions_come_first_and_are_told(platform: Platform) -> None:
    document = _publish(platform, _enter(platform, url="https://stukken.example/1.pdf", sha256="AB" * 32))
    with platform.unit_of_work(system("test")) as uow:
        add_version(uow, document.id, AddVersion(version=document.version, url="https://stukken.example/2.pdf", note="Bedragen verbeterd"))
    with platform.read(system("test")) as uow:
        versions = versions_of(uow, [document.id])[document.id]
        told = select(OutboxEvent.id).where(OutboxEvent.type == "beleidsagenda.document.published")
        assert [(version.number, version.note) for version in versions] == [(2, "Bedragen verbeterd"), (1, "")]
        assert versions[1].sha256 == "ab" * 32
        assert len(uow.session.execute(told).all()) == 2
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        add_version(uow, document.id, AddVersion(version=document.version, url="https://stukken.example/3.pdf"))


def test_who_may_not_make_public_adds_no_version_to_what_is_public(platform: Platform, actor_as: Any) -> None:
    document = a_document(platform)
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("facilitator")) as uow:
        add_version(uow, document.id, AddVersion(version=document.version, url="https://stukken.example/2.pdf"))


def test_a_version_that_should_not_be_there_goes_with_its_file(platform: Platform, actor_as: Any) -> None:
    clerk = actor_as("decision_maker")
    file = _upload(platform, clerk)
    document = _publish(platform, _enter(platform, clerk, file=file))
    with pytest.raises(Invalid), platform.unit_of_work(clerk) as uow:
        withdraw_version(uow, document.id, 1, Approve(version=document.version))
    with pytest.raises(NotFound), platform.unit_of_work(clerk) as uow:
        withdraw_version(uow, document.id, 7, Approve(version=document.version, reason="Naam van een bewoner"))
    with platform.unit_of_work(clerk) as uow:
        withdraw_version(uow, document.id, 1, Approve(version=document.version, reason="Naam van een bewoner"))
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(DocumentVersion.id)).first() is None
        with pytest.raises(Gone):
            open_file(uow, file.id)


def test_a_right_on_a_dossier_is_one_on_its_papers(platform: Platform, actor_as: Any) -> None:
    dossier, other = a_dossier(platform), a_dossier(platform, title="Een ander")
    officer = actor_as("facilitator", dossier.id)
    with pytest.raises(NotAllowed):
        _enter(platform, officer, dossier_ids=(other.id,))
    document = _enter(platform, officer, dossier_ids=(dossier.id,))
    draft = a_dossier(platform, title="In de maak", state="draft", organization_id=a_body(platform, "other").organization_id)
    writer = actor_as("facilitator", draft.organization_id)
    assert _enter(platform, writer, dossier_ids=(draft.id,)).state == "draft", "also of one's own dossier that is not public yet"
    assert _enter(platform, actor_as("decision_maker", dossier.id), dossier_ids=(dossier.id,), confidential=True).confidential
    with platform.unit_of_work(officer) as uow:
        document = _tie(uow, document.id, dossier.id, other.id)
        assert document_values(uow, document)["dossier_ids"] == tuple(sorted((dossier.id, other.id)))
    with pytest.raises(NotFound), platform.unit_of_work(actor_as("facilitator", a_body(platform).organization_id)) as uow:
        _tie(uow, document.id)


def _tie(uow: Any, id: Any, *dossier_ids: Any) -> Document:
    values = document_values(uow, uow.session.get_one(Document, id))
    return change_document(uow, id, ChangeDocument(**{**values, "dossier_ids": dossier_ids}))


def test_a_paper_cannot_be_tied_to_a_dossier_that_one_may_not_see(platform: Platform, actor_as: Any) -> None:
    hidden = a_dossier(platform, title="Geheim", confidential=True)
    with pytest.raises(Invalid) as problem:
        _enter(platform, actor_as("facilitator"), dossier_ids=(hidden.id,))
    assert list(problem.value.errors) == ["dossier_ids"]
    document, shown = a_document(platform, hidden), a_dossier(platform)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        assert document_values(uow, document)["dossier_ids"] == ()
        assert document_values(uow, _tie(uow, document.id, shown.id))["dossier_ids"] == (shown.id,)
    with platform.read(system("test")) as uow:
        assert document_values(uow, document)["dossier_ids"] == tuple(sorted((hidden.id, shown.id))), "what no form shows stays"


def test_a_paper_that_was_taken_away_takes_its_file_along(platform: Platform, actor_as: Any) -> None:
    clerk = actor_as("decision_maker")
    file = _upload(platform, clerk)
    document = _publish(platform, _enter(platform, clerk, file=file))
    with platform.unit_of_work(clerk) as uow:
        remove(uow, Document, document.id, Approve(version=document.version, reason="Verkeerd stuk"))
    with platform.read(actor_as("resident")) as uow:
        assert uow.session.get_one(Subject, document.id).state == "deleted"
    assert not _opens(platform, actor_as("resident"), file.id)


def _places(platform: Platform) -> tuple[Any, Any, Any]:
    committee = a_meeting(platform, a_body(platform, "committee"), points=("Bespreken",))
    council = a_meeting(platform, points=("Besluiten", "Nog iets"))
    return points_of(platform, committee)[0], *points_of(platform, council)


def _authoritative(platform: Platform, document: Document) -> list[Any]:
    with platform.read(system("test")) as uow:
        return [found.agenda_item_id for found in treatments_of_document(uow, document.id) if found.authoritative]


def test_a_paper_is_decided_about_at_exactly_one_place(platform: Platform) -> None:
    document, (talk, decide, more) = a_document(platform), _places(platform)
    made = {}
    for point, authoritative in ((talk, False), (decide, True), (more, False)):
        with platform.unit_of_work(system("test")) as uow:
            made[point.id] = treat_document(uow, point.id, TreatDocument(document_id=document.id, authoritative=authoritative)).id
        expected = talk.id if point is talk else decide.id
        assert _authoritative(platform, document) == [expected]
    with pytest.raises(Invalid) as problem, platform.unit_of_work(system("test")) as uow:
        change_treatment(uow, made[decide.id], ChangeTreatment(role="decision", authoritative=False, version=1))
    assert list(problem.value.errors) == ["authoritative"]
    with platform.unit_of_work(system("test")) as uow:
        change_treatment(uow, made[more.id], ChangeTreatment(role="decision", authoritative=True, outcome="Aangenomen", version=1))
    with pytest.raises(Conflict) as late, platform.unit_of_work(system("test")) as uow:
        change_treatment(uow, made[more.id], ChangeTreatment(role="decision", authoritative=True, outcome="Verworpen", version=1))
    assert late.value.current["outcome"] == "Aangenomen"
    assert _authoritative(platform, document) == [more.id]
    with platform.unit_of_work(system("test")) as uow:
        untreat_document(uow, made[more.id])
    assert _authoritative(platform, document) == [decide.id]


def test_a_paper_lies_once_at_a_point(platform: Platform) -> None:
    document, (talk, _decide, _more) = a_document(platform), _places(platform)
    with platform.unit_of_work(system("test")) as uow:
        treat_document(uow, talk.id, TreatDocument(document_id=document.id))
    with pytest.raises(Invalid) as problem, platform.unit_of_work(system("test")) as uow:
        treat_document(uow, talk.id, TreatDocument(document_id=document.id))
    assert list(problem.value.errors) == ["document_id"]


def test_papers_are_put_at_points_by_who_keeps_that_agenda_and_sees_them(platform: Platform, actor_as: Any) -> None:
    hidden, (talk, decide, _more) = a_document(platform, confidential=True), _places(platform)
    with platform.read(system("test")) as uow:
        clerk = actor_as("facilitator", uow.session.get_one(Meeting, talk.meeting_id).body_id)
    with pytest.raises(Invalid), platform.unit_of_work(clerk) as uow:
        treat_document(uow, talk.id, TreatDocument(document_id=hidden.id))
    open_one = a_document(platform)
    with pytest.raises(NotAllowed), platform.unit_of_work(clerk) as uow:
        treat_document(uow, decide.id, TreatDocument(document_id=open_one.id))
    with platform.unit_of_work(clerk) as uow:
        assert treat_document(uow, talk.id, TreatDocument(document_id=open_one.id)).authoritative


def test_where_was_decided_the_paper_stays(platform: Platform) -> None:
    document, (_talk, decide, _more) = a_document(platform), _places(platform)
    with platform.unit_of_work(system("test")) as uow:
        treatment = treat_document(uow, decide.id, TreatDocument(document_id=document.id))
    a_decision(platform, agenda_item_id=decide.id, treatment_id=treatment.id)
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        untreat_document(uow, treatment.id)
    with platform.read(system("test")) as uow:
        assert uow.session.get(Treatment, treatment.id) is not None
