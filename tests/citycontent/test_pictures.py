"""Pictures of organisations, projects and events: in services and in forms."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from citycontent.models import Organization
from citycontent.schemas import CreateOrganization, CreateProject, SetPicture, UpdateOrganization
from citycontent.services.organizations import create_organization, organization_values, set_organization_picture, update_organization
from citycontent.services.projects import create_project, set_project_picture
from samen_core.api import Conflict, FileValue, Invalid, NotAllowed, store_upload
from samen_core.files import File
from tests.citycontent.web.conftest import form_values, post, read, text_of

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
LOGO = "Een brug over een gracht"
NO_ALT = "Beschrijf wat er op de foto te zien is, voor mensen die hem niet kunnen zien."


def a_picture(kind: str = "PNG", size: tuple[int, int] = (600, 300)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind)
    return stream.getvalue()


def stored(uow, alt: str = LOGO) -> FileValue:
    return FileValue(store_upload(uow, io.BytesIO(a_picture()), "logo.png", alt=alt, decorative=True).id, alt or None)


def row_of(platform, slug: str = "de-brug") -> Any:
    with platform.engine.connect() as connection:
        return connection.execute(
            select(Organization.id, Organization.picture_id, Organization.version).where(Organization.slug == slug)
        ).one()


def state_of(platform, id: uuid.UUID) -> str:
    with platform.engine.connect() as connection:
        return connection.execute(select(File.state).where(File.id == id)).scalar_one()


@pytest.fixture
def brug(uow) -> Organization:
    found = create_organization(uow, CreateOrganization(name="De Brug", sector="citizens"))
    uow.commit()
    return found


# --- services ------------------------------------------------------------------------------------------------------------------


def test_a_new_thing_owns_its_picture(platform, uow):
    made = create_organization(uow, CreateOrganization(name="De Brug", sector="citizens", picture=stored(uow)))
    uow.commit()
    assert uow.session.get(File, made.picture_id).owner_id == made.id
    assert (made.version, organization_values(uow, made)["picture"]) == (1, {"id": made.picture_id, "alt": LOGO})


def test_a_picture_is_replaced_described_and_taken_away(platform, uow, brug, outbox):
    first = stored(uow)
    set_organization_picture(uow, brug.id, SetPicture(picture=first, version=1))
    second = stored(uow)
    set_organization_picture(uow, brug.id, SetPicture(picture=second, version=2))
    assert [uow.session.get(File, value.id).state for value in (first, second)] == ["deleted", "active"]
    set_organization_picture(uow, brug.id, SetPicture(picture=FileValue(second.id, "Een oude brug"), version=3))
    assert brug.version == 4, "another description is a change too"
    set_organization_picture(uow, brug.id, SetPicture(picture=FileValue(second.id, "Een oude brug"), version=4))
    assert brug.version == 4, "the same again is none"
    set_organization_picture(uow, brug.id, SetPicture(picture=None, version=4))
    assert (brug.picture_id, uow.session.get(File, second.id).state) == (None, "deleted")
    uow.commit()
    outbox.drain()
    assert len(outbox.events("citycontent.organization.updated")) == 4


def test_who_may_not_edit_sets_no_picture(platform, uow, brug, actor_as):
    with platform.unit_of_work(actor_as("resident")) as mine, pytest.raises(NotAllowed):
        set_organization_picture(mine, brug.id, SetPicture(picture=stored(mine), version=1))
    project = create_project(uow, CreateProject(name="Plein", status="idea", lead_organization_id=brug.id))
    uow.commit()
    with platform.unit_of_work(actor_as("manager", brug.id)) as mine:
        assert set_project_picture(mine, project.id, SetPicture(picture=stored(mine), version=1)).version == 2
    assert row_of(platform).picture_id is None


def test_somebody_elses_upload_is_no_picture(platform, uow, brug, actor_as):
    with platform.unit_of_work(actor_as("resident")) as other:
        theirs = stored(other)
    with platform.unit_of_work(actor_as("manager")) as mine, pytest.raises(Invalid) as caught:
        set_organization_picture(mine, brug.id, SetPicture(picture=theirs, version=1))
    assert set(caught.value.errors) == {"picture"}
    with platform.unit_of_work(actor_as("manager")) as mine, pytest.raises(Invalid):
        create_organization(mine, CreateOrganization(name="Tweede", sector="citizens", picture=FileValue(uuid.uuid4(), "x")))


def test_a_picture_changed_meanwhile_is_a_conflict(uow, brug):
    value = stored(uow)
    set_organization_picture(uow, brug.id, SetPicture(picture=value, version=1))
    uow.commit()
    with pytest.raises(Conflict) as caught:
        update_organization(uow, brug.id, UpdateOrganization(name="De Brug", sector="citizens", version=1))
    assert caught.value.current["picture"] == {"id": value.id, "alt": LOGO}


# --- the form ------------------------------------------------------------------------------------------------------------------


def upload(client, path: str, content: bytes | None, filename: str = "logo.png", **values: str) -> Any:
    """Open a form and send it as a browser does, with a file."""
    pairs: list[tuple[str, Any]] = [pair for pair in form_values(client.get(path).text, path) if pair[0].replace(".", "__") not in values]
    return send_pairs(client, path, pairs, content, filename, **values)


def send_pairs(client, path: str, pairs: Any, content: bytes | None, filename: str = "logo.png", **values: str) -> Any:
    pairs = [*pairs, *((key.replace("__", "."), value) for key, value in values.items())]
    if content is not None:
        pairs.append(("picture", (io.BytesIO(content), filename)))
    return post(client, path, pairs)


def test_the_picture_stands_on_the_page_with_its_size(platform, brug, as_role):
    manager = as_role("manager")
    path = "/organisaties/de-brug/bewerken"
    assert 'enctype="multipart/form-data"' in manager.get(path).text
    answer = upload(manager, path, a_picture(), picture__alt=LOGO)
    assert (answer.status_code, answer.location) == (303, "/organisaties/de-brug"), answer.text
    page = manager.get("/organisaties/de-brug").text
    image = re.search(r'<img class="samen-picture"[^>]*>', page)[0]
    for part in (f'alt="{LOGO}"', 'width="600"', 'height="300"', 'loading="lazy"'):
        assert part in image
    picture = as_role("resident").get(re.search(r'src="([^"]+)"', image)[1])
    assert (picture.status_code, picture.content_type) == (200, "image/png")
    assert "Gewijzigd: foto." in text_of(page)
    # kept when the form is sent again, changed with another description, taken away
    assert upload(manager, path, None, abstract="Over het water").status_code == 303
    first = row_of(platform)
    assert first.picture_id is not None
    assert upload(manager, path, None, picture__alt="Anders").status_code == 303
    assert 'alt="Anders"' in manager.get("/organisaties/de-brug").text
    assert upload(manager, path, None, picture__remove="true").status_code == 303
    assert (row_of(platform).picture_id, state_of(platform, first.picture_id)) == (None, "deleted")


@SQLITE
@pytest.mark.parametrize(
    ("content", "name", "alt", "message"),
    [
        (b"", "leeg.png", LOGO, "Foto: Dit bestand is leeg."),
        (b"x" * 2_500_000, "groot.png", LOGO, "Foto: Dit bestand is te groot: het mag hoogstens 2 MB zijn."),
        (b"tekst", "tekst.txt", LOGO, "Foto: Dit is geen foto."),
        (b"tekst", "tekst.png", LOGO, "Foto: De naam van dit bestand eindigt op .png, maar de inhoud is van een andere soort."),
        (a_picture(size=(4000, 4000)), "veel.png", LOGO, "Foto: Deze foto is te groot: hij mag hoogstens 15 miljoen beeldpunten hebben."),
        (a_picture()[:80], "stuk.png", LOGO, "Foto: Deze foto is beschadigd. Kies een andere."),
        (a_picture(), "logo.png", "", f"Foto: {NO_ALT}"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(platform, brug, as_role, content, name, alt, message):
    answer = upload(as_role("manager"), "/organisaties/de-brug/bewerken", content, name, picture__alt=alt, abstract="Bleef staan")
    assert answer.status_code == 400
    said = text_of(answer.text)
    assert message in said
    assert "Bleef staan" in answer.text
    assert row_of(platform).picture_id is None


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent"], "limits": {"enabled": False, "picture_pixels": 15_000_000, "upload_bytes": 2_000_000}}


def test_a_mistake_elsewhere_does_not_cost_the_upload(platform, brug, as_role):
    manager = as_role("manager")
    path = "/organisaties/de-brug/bewerken"
    answer = upload(manager, path, a_picture(), picture__alt=LOGO, homepage="geen adres")
    assert answer.status_code == 400
    assert "logo.png is bewaard. U hoeft dit bestand niet opnieuw te kiezen." in text_of(answer.text)
    pairs = [pair for pair in form_values(answer.text, path) if pair[0] != "homepage"]
    assert manager.get(f"/files/{dict(pairs)['picture']}").status_code == 200
    assert send_pairs(manager, path, pairs, None).status_code == 303
    assert row_of(platform).picture_id == uuid.UUID(dict(pairs)["picture"])
    other = as_role("manager")
    theirs = [pair for pair in form_values(other.get("/organisaties/nieuw").text, "/organisaties/nieuw") if pair[0] != "picture"]
    answer = send_pairs(other, "/organisaties/nieuw", theirs, None, name="Tweede", sector="citizens", picture=dict(pairs)["picture"])
    assert "Dit bestand is er niet meer. Kies het opnieuw." in text_of(answer.text)


def test_a_conflict_shows_both_pictures(platform, uow, brug, as_role):
    manager = as_role("manager")
    path = "/organisaties/de-brug/bewerken"
    pairs = form_values(manager.get(path).text, path)
    set_organization_picture(uow, brug.id, SetPicture(picture=stored(uow, "Die van een ander"), version=1))
    uow.commit()
    answer = send_pairs(manager, path, [pair for pair in pairs if pair[0] != "picture.alt"], a_picture(), picture__alt=LOGO)
    assert answer.status_code == 409
    assert "Nu opgeslagen door iemand anders: Die van een ander" in text_of(answer.text)
    assert send_pairs(manager, path, form_values(answer.text, path), None).status_code == 303
    assert f'alt="{LOGO}"' in manager.get("/organisaties/de-brug").text


@SQLITE
@pytest.mark.parametrize("path", ["/projecten", "/agenda"])
def test_projects_and_events_have_one_too(uow, as_role, path):
    uow.commit()
    manager = as_role("manager")
    values = {"status": "idea"} if path == "/projecten" else {"start_date": "2027-05-01T10:00"}
    answer = upload(manager, f"{path}/nieuw", a_picture(), name="Plein", picture__alt="Het plein", **values)
    assert answer.status_code == 303, text_of(answer.text)
    assert 'alt="Het plein"' in manager.get(answer.location).text
    assert "logo.png is bewaard" in read(manager, f"{answer.location}/bewerken")
    assert ' lang="nl" width=' in manager.get(f"/en{answer.location}").text
