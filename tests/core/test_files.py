"""Uploaded files: what is accepted, what is taken out, who may read, what goes when."""

from __future__ import annotations

import io
import stat
import uuid
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from samen_core import files
from samen_core.actor import Actor, anonymous, system
from samen_core.db.base import uuid7
from samen_core.errors import Gone, Invalid, NotFound
from samen_core.files.kinds import kind_of
from samen_core.files.store import LocalFolder
from samen_core.forms import FileValue
from samen_core.subjects import SubjectData, SubjectRef, register, update_card
from samen_core.testing.privacy import keep_to_terms

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 600), **options) -> bytes:
    picture = Image.new("RGB", size, "teal")
    picture.paste("orange", (0, 0, size[0] // 2, size[1]))
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def an_archive(**entries: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", ".").replace("Types", "[Content_Types].xml"), content)
    return stream.getvalue()


def a_gps_photo() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Telefoonmerk van Noor"
    exif.get_ifd(0x8825)[2] = (52.0, 3.0, 30.0)
    return a_picture(exif=exif, comment=b"gemaakt door Noor")


@pytest.fixture
def subject(platform) -> uuid.UUID:
    """A public thing in the register, to hang files on."""
    with platform.unit_of_work(system("test")) as uow:
        ref = SubjectRef("organization", uuid7())
        register(uow, ref, SubjectData("Speelplaats", "/x"))
    return ref.id


def store(platform, content: bytes, name: str = "foto.jpg", actor: Actor | None = None, **options) -> files.StoredFile:
    with platform.unit_of_work(actor or system("test")) as uow:
        return files.store_upload(uow, io.BytesIO(content), name, **{"alt": "Een vlak", **options})


def read(platform, id, actor: Actor | None = None, width=None) -> tuple[bytes, dict[str, str]]:
    with platform.read(actor or anonymous()) as uow:
        opened = files.open_file(uow, id, width)
        with opened.stream as stream:
            return stream.read(), opened.headers


def refused(platform, content: bytes, name: str = "x", **options) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        store(platform, content, name, **options)
    assert list(platform.files.every_key()) == []
    return {field: str(texts[0]) for field, texts in caught.value.errors.items()}


def test_a_photo_loses_what_the_camera_added_and_stands_upright(platform, subject):
    stored = store(platform, a_gps_photo(), owner=subject)
    assert (stored.kind, stored.media_type, stored.width, stored.height, stored.widths) == ("picture", "image/jpeg", 600, 1200, (480,))
    content, headers = read(platform, stored.id)
    assert b"Noor" not in content
    assert b"Exif" not in content
    picture = Image.open(io.BytesIO(content))
    assert not picture.getexif()
    assert picture.size == (600, 1200)
    top, bottom = picture.getpixel((300, 100)), picture.getpixel((300, 1100))
    assert (top[0] > 200, bottom[0] < 50) == (True, True), "the orange half is on top after turning"
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert headers["Content-Disposition"].startswith("inline")
    assert stored.size == len(content)


def test_the_smallest_copy_that_fits_is_given(platform, subject):
    stored = store(platform, a_picture(size=(2000, 1000)), owner=subject)
    sizes = {width: Image.open(io.BytesIO(read(platform, stored.id, width=width)[0])).width for width in (None, 100, 480, 481, 960, 961)}
    assert sizes == {None: 2000, 100: 480, 480: 480, 481: 960, 960: 960, 961: 2000}
    tags = {read(platform, stored.id, width=width)[1]["ETag"] for width in (None, 480, 960)}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("kind", "options", "media_type", "mode"),
    [
        ("PNG", {}, "image/png", "RGB"),
        ("WEBP", {}, "image/webp", "RGB"),
        ("GIF", {}, "image/png", "RGB"),
        ("JPEG", {"quality": 5}, "image/jpeg", "RGB"),
    ],
)
def test_every_kind_of_picture_is_encoded_anew(platform, subject, kind, options, media_type, mode):
    content = a_picture(kind, (300, 200), **options)
    stored = store(platform, content, "naam.exe", owner=subject)
    again, _headers = read(platform, stored.id)
    assert (stored.media_type, stored.widths, again == content) == (media_type, (), False)
    assert stored.name.startswith("naam.")
    assert Image.open(io.BytesIO(again)).size == (300, 200)


def test_a_transparent_picture_stays_so(platform, subject):
    stream = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(stream, "PNG")
    stored = store(platform, stream.getvalue(), owner=subject)
    assert Image.open(io.BytesIO(read(platform, stored.id)[0])).mode == "RGBA"


def test_a_huge_picture_is_made_smaller(platform, subject):
    assert store(platform, a_picture(size=(5000, 2500), quality=20), owner=subject).width == 2560


@pytest.fixture
def samen_config():
    return {"limits": {"enabled": False, "picture_pixels": 15_000_000, "upload_bytes": 2_000_000}}


def test_too_many_pixels_are_refused_before_they_are_decoded(platform):
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 50_000
    assert refused(platform, bomb.getvalue()) == {"file": "Deze foto is te groot: hij mag hoogstens 15 miljoen beeldpunten hebben."}


def test_too_many_bytes_are_refused(platform):
    assert refused(platform, b"a" * 2_000_001, "x.txt") == {"file": "Dit bestand is te groot: het mag hoogstens 2 MB zijn."}
    assert refused(platform, b"", "x.txt") == {"file": "Dit bestand is leeg."}


def test_a_photo_wants_a_description_unless_it_is_decoration(platform, subject):
    assert "Beschrijf wat er op de foto" in refused(platform, a_picture(), alt=" \u200b ")["alt"]
    assert "hoogstens 300" in refused(platform, a_picture(), alt="x" * 301)["alt"]
    assert store(platform, a_picture(), alt="", decorative=True, owner=subject).alt == ""


def test_other_files_are_downloads_that_no_browser_opens(platform, subject):
    stored = store(platform, PDF, "Plan – versie 2.pdf", owner=subject, alt="")
    content, headers = read(platform, stored.id)
    assert content == PDF
    assert (
        headers["Content-Disposition"] == "attachment; filename=\"Plan  versie 2.pdf\"; filename*=UTF-8''Plan%20%E2%80%93%20versie%202.pdf"
    )
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (PDF, "x", "pdf"),
        (an_archive(mimetype="application/vnd.oasis.opendocument.text", content_DOT_xml="<x/>"), "x", "odt"),
        (an_archive(Types="<x/>", word__document_DOT_xml="<x/>"), "x", "docx"),
        (an_archive(Types="<x/>", xl__workbook_DOT_xml="<x/>"), "x", "xlsx"),
        ("naam;plaats\nü;x\n".encode(), "lijst.csv", "csv"),
        (b"gewone tekst", "lijst.html", "txt"),
    ],
)
def test_the_kind_is_told_from_the_content(content, name, ending):
    assert kind_of(content, name).ending == ending


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00" + b"\0" * 60, "Dit soort bestand"),
        (b"<html><script>alert(1)</script>", "Dit soort bestand"),
        (b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "Dit soort bestand"),
        (an_archive(evil="x"), "Dit soort bestand"),
        (b"PK\x03\x04 broken", "Dit soort bestand"),
        (an_archive(mimetype="application/x-evil"), "Dit soort bestand"),
        (an_archive(Types="<x/>", word__document_DOT_xml="<x/>", word__vbaProject_DOT_bin="x"), "macro"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "oude Office"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (b"\xff\xd8\xff\xe0 no picture at all", "beschadigd"),
        (a_picture()[:400], "beschadigd"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "beschadigd"),
        (b"\xff\xfet\0e\0", "Dit soort bestand"),
    ],
)
def test_what_is_not_accepted_gets_a_helpful_refusal(platform, content, words):
    assert words in refused(platform, content, "foto.jpg")["file"]


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"RIFF1234WEBP", b"GIF89a"]))
def test_no_content_raises_anything_but_invalid(content, start):
    from samen_core.files.pictures import encode_picture

    try:
        kind = kind_of(start + content, "x")
        if kind.pillow:
            encode_picture(start + content, kind, 1_000_000)
    except Invalid as error:
        assert set(error.errors) == {"file"}  # noqa: PT017 - most contents are refused, some are fine


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\Users\\noor\\a.b.doc", "a.b.txt"),
        ('x"; filename=evil.exe', "x filename=evil.txt"),
        ("regel\r\nX-Header: 1", "regel X-Header 1.txt"),
        ("", "bestand.txt"),
        ("...", "bestand.txt"),
        ("y" * 500 + ".txt", "y" * 116 + ".txt"),
        ("\u202egpj.exe", "gpj.txt"),
    ],
)
def test_a_name_is_only_a_name(platform, subject, name, cleaned):
    assert store(platform, b"tekst", name, owner=subject).name == cleaned


def test_who_may_read(platform, subject, actor_as):
    me, other, manager = actor_as("resident"), actor_as("resident"), actor_as("manager")
    mine = store(platform, PDF, "a.pdf", me, owner=subject, public=False)
    for actor in (me, manager, system("test")):
        content, headers = read(platform, mine.id, actor)
        assert (content, headers["Cache-Control"]) == (PDF, "private, no-store")
    for actor in (other, anonymous()):
        with pytest.raises(NotFound):
            read(platform, mine.id, actor)
    with pytest.raises(NotFound):
        read(platform, uuid7())


def test_a_public_file_of_a_hidden_or_removed_subject_cannot_be_read(platform, subject):
    stored = store(platform, PDF, "a.pdf", owner=subject)
    assert read(platform, stored.id)[1]["Cache-Control"].startswith("public")
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("organization", subject), SubjectData("Speelplaats", "/x", public=False))
    with pytest.raises(NotFound):
        read(platform, stored.id)
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("organization", subject), SubjectData("Speelplaats", "/x", state="deleted"))
    with pytest.raises(Gone):
        read(platform, stored.id)


def test_an_upload_waits_for_the_form_it_belongs_to(platform, subject, actor_as):
    me, other = actor_as("resident"), actor_as("resident")
    loose = store(platform, PDF, "a.pdf", me)
    assert read(platform, loose.id, me)[0] == PDF
    with pytest.raises(NotFound):
        read(platform, loose.id)
    with platform.unit_of_work(other) as uow, pytest.raises(Invalid) as caught:
        files.attach_files(uow, [FileValue(loose.id)], subject, "file")
    assert [str(text) for text in caught.value.errors["file"]] == ["Dit bestand is er niet meer. Kies het opnieuw."]
    with platform.unit_of_work(other) as uow:
        assert files.files_for_form(uow, [loose.id]) == {}
    with platform.unit_of_work(me) as uow:
        assert files.files_for_form(uow, [loose.id]) == {loose.id: loose}
        assert files.attach_files(uow, [FileValue(loose.id)], subject, "file") == [loose]
    with platform.unit_of_work(other) as uow, pytest.raises(Invalid):
        files.attach_files(uow, [FileValue(loose.id)], uuid7(), "file")
    assert read(platform, loose.id)[0] == PDF
    with platform.read(anonymous()) as uow:
        nobody = uuid7()
        assert files.stored_files(uow, [subject, nobody]) == {subject: [loose], nobody: []}
        assert files.stored_files(uow, []) == {}


def test_a_picture_is_described_when_it_is_tied(platform, subject, actor_as):
    me = actor_as("resident")
    picture, paper = store(platform, a_picture(), "a.jpg", me, alt="", decorative=True), store(platform, PDF, "a.pdf", me)
    for value, options, message in (
        (FileValue(picture.id), {}, "Beschrijf wat er op de foto te zien is, voor mensen die hem niet kunnen zien."),
        (FileValue(picture.id, " \n"), {}, "Beschrijf wat er op de foto te zien is, voor mensen die hem niet kunnen zien."),
        (FileValue(picture.id, "x" * 301), {}, "Beschrijf de foto in hoogstens 300 tekens."),
        (FileValue(paper.id), {"pictures": True}, "Dit is geen foto. Kies een bestand dat eindigt op .jpg, .png of .webp."),
    ):
        with platform.unit_of_work(me) as uow, pytest.raises(Invalid) as caught:
            files.attach_files(uow, [value], subject, "picture", **options)
        assert [str(text) for text in caught.value.errors["picture"]] == [message]
    with platform.unit_of_work(me) as uow:
        files.attach_files(uow, [FileValue(picture.id, "Een bank\nin het park")], subject, "picture", pictures=True)
    with platform.unit_of_work(me) as uow:
        assert [file.alt for file in files.stored_files(uow, [subject])[subject]] == ["Een bank in het park"]


def test_who_has_no_account_ties_what_only_their_form_knew(platform, subject):
    loose = store(platform, PDF, "a.pdf", anonymous())
    with platform.unit_of_work(anonymous()) as uow:
        assert files.attach_files(uow, [FileValue(loose.id)], subject, "file") == [loose]
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(Invalid):
        files.attach_files(uow, [FileValue(loose.id)], uuid7(), "file")


@pytest.mark.parametrize(
    ("content", "name"), [(PDF, "a.jpg"), (PDF, "a.docx"), (PDF, "a.txt"), (b"naam,straat\n", "a.pdf"), (b"gewone tekst", "A.PNG")]
)
def test_a_name_that_promises_another_kind_is_refused(platform, content, name):
    ending = name[2:].lower()
    assert refused(platform, content, name) == {
        "file": f"De naam van dit bestand eindigt op .{ending}, maar de inhoud is van een andere soort."
    }


def test_pictures_may_be_named_as_each_other(platform, subject):
    assert store(platform, a_picture("PNG", (30, 20)), "a.JPEG", owner=subject).name == "a.png"


def test_only_pictures(platform):
    assert refused(platform, PDF, "a.pdf", pictures=True) == {
        "file": "Dit is geen foto. Kies een bestand dat eindigt op .jpg, .png of .webp."
    }


def test_a_deleted_file_is_gone_at_once_and_its_content_after_a_month(platform, subject, clock):
    stored = store(platform, a_picture(), owner=subject)
    with platform.unit_of_work(system("test")) as uow:
        files.delete_file(uow, stored.id)
    with pytest.raises(Gone):
        read(platform, stored.id)
    clean(platform)
    assert len(list(platform.files.every_key())) == 3
    clock.forward(days=31)
    clean(platform)
    assert list(platform.files.every_key()) == []
    with platform.read(system("test")) as uow:
        row = uow.session.get(files.File, stored.id)
        assert (row.state, row.name, row.alt, row.uploaded_by_id) == ("gone", "", "", None)


def clean(platform) -> None:
    keep_to_terms(platform)
    with platform.unit_of_work(system("test")) as uow:
        files.sweep_files(uow)


def test_what_nobody_kept_is_removed_after_a_day(platform, subject, clock):
    kept, _loose = store(platform, PDF, "a.pdf", owner=subject), store(platform, PDF, "b.pdf")
    platform.files.save(uuid7().hex, b"left by a crash between file and row")
    clean(platform)
    assert len(list(platform.files.every_key())) == 3
    clock.forward(hours=25)
    clean(platform)
    assert list(platform.files.every_key()) == [kept.id.hex]
    assert read(platform, kept.id)[0] == PDF


def test_a_lost_content_is_an_error_page_not_a_crash(platform, subject):
    stored = store(platform, PDF, "a.pdf", owner=subject)
    platform.files.delete(stored.id.hex)
    with pytest.raises(Gone):
        read(platform, stored.id)


def test_the_change_log_knows_the_file_but_not_its_name(platform, subject):
    from sqlalchemy import select

    from samen_core.db.changes import Change

    stored = store(platform, PDF, "Brief van Noor.pdf", owner=subject)
    with platform.engine.connect() as connection:
        after = connection.execute(select(Change.after).where(Change.action == "core.file.stored")).scalar_one()
    assert after["file"] == str(stored.id)
    assert "Noor" not in str(after)


def test_a_folder_writes_whole_files_that_only_it_can_read(tmp_path: Path):
    store = LocalFolder(tmp_path / "files")
    assert list(store.every_key()) == []
    key = uuid7().hex
    store.save(key, b"een")
    store.save(key, b"twee")
    [path] = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert (path.name, path.parent.name, path.read_bytes()) == (key, key[-2:], b"twee")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    store.delete(key)
    store.delete(key)
    with pytest.raises(FileNotFoundError):
        store.open(key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a" * 31, "a" * 32 + "/x", "a" * 32 + ".x", "A" * 32, "a" * 32 + "\n"])
def test_no_other_file_can_be_reached(tmp_path: Path, key):
    store = LocalFolder(tmp_path)
    for act in (store.open, store.delete, lambda key: store.save(key, b"")):
        with pytest.raises(ValueError, match="key"):
            act(key)


def test_what_the_platform_made_is_kept_as_a_download(platform, subject):
    def keep(content: bytes, **options) -> files.StoredFile:
        with platform.unit_of_work(system("test")) as uow:
            return files.store_file(uow, content, "lijst van 2027.csv", "text/csv", subject, **options)

    first = keep(b"a;b\n")
    assert (first.name, first.kind, first.media_type, first.size) == ("lijst van 2027.csv", "download", "text/csv", 4)
    assert keep(b"a;b\n").id == first.id, "the same again is the same file"
    second = keep(b"a;c\n")
    with platform.read(anonymous()) as uow:
        assert [file.id for file in files.stored_files(uow, [subject])[subject]] == [second.id]
    assert read(platform, second.id)[0] == b"a;c\n"
    with pytest.raises(Gone):
        read(platform, first.id)
    hidden = keep(b"a;c\n", public=False)
    with pytest.raises(NotFound):
        read(platform, hidden.id)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(ValueError, match="text/html"):
        files.store_file(uow, b"<p>", "x", "text/html", subject)
