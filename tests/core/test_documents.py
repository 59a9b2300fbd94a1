"""Documents as HTML outside a request, and as PDFs that can be read aloud."""

from __future__ import annotations

import io
import re
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader
from pypdf import PdfReader

from samen_core import files
from samen_core.actor import anonymous, system
from samen_core.db.base import uuid7
from samen_core.documents import pdf
from samen_core.documents.pdf import PdfError, PdfUnavailable, can_make_pdf, make_pdf, make_pdf_of_parts
from samen_core.documents.services import make_document, render_document
from samen_core.subjects import SubjectData, SubjectRef, register
from samen_core.web.layout import render_part
from tests.core.samples import log_rows

TEMPLATE = """{% extends "core/document.html" %}
{% block title %}Verslag van de Tuin{% endblock %}
{% block about %}{{ _("Gemaakt op {moment}.", moment="nu") }}{% endblock %}
{% block content %}
<h2 id="kop{{ number }}">Hoofdstuk {{ number }}: één, Łódź</h2>
{{ picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 1"><rect width="7" height="1"/></svg>', "Zeven van de negen") }}
<p><a href="{{ page_url("/tafels/tuin") }}">De tafel</a> <a href="#kop{{ number }}">Terug</a> {{ "Wat **vet** is"|markdown }}</p>
{% for start in range(0, rows, 20) %}
<table class="more"><thead><tr><th scope="col">Wat is gezegd</th><th scope="col">Wat is ermee gedaan</th></tr></thead><tbody>
{% for at in range(start, start + 20) %}<tr><td>Bijdrage {{ number }}.{{ at }}</td><td>Overgenomen (obj 4 0 R)</td></tr>{% endfor %}
</tbody></table>
{% endfor %}
{% endblock %}"""
sqlite = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def documents(platform):
    platform.documents._loader.loaders.insert(0, DictLoader({"test/report.html": TEMPLATE}))
    return platform


def part(platform, number: int = 1, rows: int = 40, language: str = "nl") -> str:
    return render_document(platform, language, "test/report.html", number=number, rows=rows, continued=number > 1)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def elements(reader: PdfReader) -> list[dict[str, Any]]:
    """Every structure element, depth first."""
    found: list[dict[str, Any]] = []

    def walk(thing: Any) -> None:
        thing = thing.get_object()
        if not isinstance(thing, dict) or thing.get("/Type") == "/OBJR":
            return
        found.append(thing)
        kids = thing.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                assert kid.get_object().get("/P", thing).get_object() is thing or kid.get_object().get("/Type") == "/OBJR"
                walk(kid)

    for top in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]:
        walk(top)
    return found


@sqlite
def test_a_document_is_rendered_without_a_request(documents) -> None:
    dutch, english = part(documents), part(documents, 2, language="en")
    assert '<html lang="nl">' in dutch
    assert "<h1>Verslag van de Tuin</h1>" in dutch
    assert 'href="http://127.0.0.1:8000/tafels/tuin"' in dutch
    assert 'href="http://127.0.0.1:8000/en/tafels/tuin"' in english
    assert "Gemeente Zoetermeer" in dutch
    assert '<html lang="en">' in english
    assert "<h1>" not in english, "a later part has no heading of the whole"


@sqlite
def test_a_pdf_can_be_read_aloud(documents) -> None:
    reader = read(make_pdf(documents, part(documents)))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], reader.metadata.title, reader.metadata.author) == ("nl", "Verslag van de Tuin", "Gemeente Zoetermeer")
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = [element["/S"] for element in elements(reader)[1:]]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Link", "/Figure", "/P"} <= set(tags)
    assert [element["/Alt"] for element in elements(reader) if element["/S"] == "/Figure"] == ["Zeven van de negen"]
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Hoofdstuk 1: één, Łódź" in text
    assert "(http://127.0.0.1:8000/tafels/tuin)" in re.sub(r"\s", "", text), "a link is written out"
    assert [page.extract_text().rstrip().endswith(str(number)) for number, page in enumerate(reader.pages, 1)] == [True] * len(reader.pages)
    fonts = {font["/BaseFont"].split("+")[-1] for page in reader.pages for font in fonts_of(page)}
    assert all(name.startswith(("Noto", "Samen")) for name in fonts), fonts


def fonts_of(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@sqlite
def test_parts_become_one_document(documents) -> None:
    reader = read(make_pdf_of_parts(documents, (part(documents, number) for number in (1, 2, 3))))
    assert len(reader.pages) >= 6
    numbers = [page.extract_text().rstrip().rsplit("\n", 1)[-1] for page in reader.pages]
    assert [int(re.search(r"\d+$", line)[0]) for line in numbers] == list(range(1, len(reader.pages) + 1))
    text = " ".join(page.extract_text() for page in reader.pages)
    for number in (1, 2, 3):
        assert f"Bijdrage {number}.39" in text
    assert text.count("(obj 4 0 R)") == 120
    titles = [item["/Title"] for item in flat(reader.outline)]
    assert titles == ["Verslag van de Tuin", *(f"Hoofdstuk {number}: één, Łódź" for number in (1, 2, 3))]
    assert set(reader.named_destinations) == {"kop1", "kop2", "kop3"}
    for number in (1, 2, 3):
        page = reader.get_destination_page_number(reader.named_destinations[f"kop{number}"])
        assert f"Hoofdstuk {number}" in reader.pages[page].extract_text()
    check_structure(reader)


def flat(outline: list[Any]) -> list[Any]:
    return [item for entry in outline for item in (flat(entry) if isinstance(entry, list) else [entry])]


def check_structure(reader: PdfReader) -> None:
    """Every piece of marked content and every link leads to its tag and back (ISO 32000-1 §14.7.4.4)."""
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    assert len(tree["/K"]) == 1
    assert tree["/K"][0]["/S"] == "/Document"
    listed = tree["/ParentTree"]["/Nums"]
    by_key = dict(zip(listed[::2], listed[1::2], strict=True))
    assert list(listed[::2]) == sorted(set(listed[::2]))
    reached = {id(element) for element in elements(reader)}
    keys = []
    for page in reader.pages:
        owners = by_key[page["/StructParents"]].get_object()
        keys.append(page["/StructParents"])
        marked = {int(number) for number in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())}
        assert marked == set(range(len(owners)))
        for owner in owners:
            assert owner.get_object().raw_get("/Pg").idnum == page.indirect_reference.idnum
        for annotation in page.get("/Annots", []):
            keys.append(annotation.get_object()["/StructParent"])
            owner = by_key[keys[-1]].get_object()
            assert owner["/S"] == "/Link"
            assert id(owner) in reached
            assert owner.raw_get("/Pg").idnum == page.indirect_reference.idnum
    assert sorted(keys) == sorted(by_key)


@sqlite
def test_nothing_is_fetched_and_no_other_file_is_read(documents, tmp_path: Path) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    asked.append(server.accept())
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen)
        listener.start()
        secret = tmp_path / "secret.svg"
        secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>GEHEIM</text></svg>')
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        inner = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/b.png"/></svg>'
        html = f"""<!doctype html><html lang="nl"><head><title>x</title><link rel="stylesheet" href="{address}/a.css">
            <style>@import url("{address}/c.css");
            @font-face {{ font-family: f; src: url({address}/f.woff2) }} p {{ font-family: f }}</style>
            </head><body><p>Tekst</p><img alt="a" src="{address}/a.png"><img alt="b" src="{secret.as_uri()}"><img alt="c" src="{secret}">
            <img alt="d" src="static://core/../../../app.py"><img alt="e" src="static://core/%2e%2e/%2e%2e/app.py">
            <object data="{address}/o.svg"></object><iframe src="{address}/"></iframe>{inner}
            <a rel="attachment" href="{secret.as_uri()}">bijlage</a></body></html>"""
        made = make_pdf(documents, html)
        done.set()
        listener.join()
    assert asked == []
    reader = read(made)
    assert "Tekst" in reader.pages[0].extract_text()
    assert "GEHEIM" not in reader.pages[0].extract_text()
    assert not reader.attachments


@sqlite
def test_what_goes_wrong_while_the_text_is_written_is_raised(documents) -> None:
    def parts():
        yield part(documents)
        raise LookupError("the database went away")

    with pytest.raises(LookupError, match="went away"):
        make_pdf_of_parts(documents, parts())


@pytest.fixture
def broken(tmp_path: Path, monkeypatch):
    """``broken(code)``: WeasyPrint as it is on a machine where something is missing."""

    def make(code: str) -> None:
        (tmp_path / "fake").mkdir()
        (tmp_path / "fake" / "weasyprint.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))

    return make


def test_without_pango_no_pdf_comes_and_the_log_says_why(documents, subject, broken, capsys) -> None:
    broken("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    with pytest.raises(PdfUnavailable, match="De pdf kan hier niet gemaakt worden"):
        make_pdf(documents, part(documents, rows=2000))
    with documents.read(system("worker")) as uow:
        assert make_document(uow, subject, "verslag.pdf", [part(documents)]) is None
    logged = capsys.readouterr()
    assert "pdf_unavailable" in logged.err + logged.out
    assert "libpango-1.0-0" in logged.err + logged.out
    assert stored(documents, subject) == []


@sqlite
def test_a_process_that_breaks_says_so(documents, broken) -> None:
    broken("")
    with pytest.raises(PdfError, match="ImportError"):
        make_pdf(documents, part(documents))


@pytest.fixture
def subject(platform):
    with platform.unit_of_work(system("test")) as uow:
        ref = SubjectRef("organization", uuid7())
        register(uow, ref, SubjectData("Tuin", "/x"))
    return ref.id


def stored(platform, owner) -> list[files.StoredFile]:
    with platform.read(system("test")) as uow:
        return files.stored_files(uow, [owner])[owner]


def test_a_document_is_kept_as_a_file_and_a_new_one_takes_its_place(documents, subject) -> None:
    for number in (1, 2):
        with documents.read(system("worker")) as uow:
            made = make_document(uow, subject, "Verslag: de tuin", [part(documents, number, 20)])
        assert made.name == "Verslag de tuin.pdf"
    assert [file.id for file in stored(documents, subject)] == [made.id]
    with documents.read(anonymous()) as uow:
        opened = files.open_file(uow, made.id)
        with opened.stream as stream:
            assert "Hoofdstuk 2" in read(stream.read()).pages[0].extract_text()
    assert opened.headers["Content-Type"] == "application/pdf"
    assert [row.subject_id for row in log_rows(documents) if row.action == "core.file.stored"] == [subject, subject]


@sqlite
def test_a_page_says_when_the_pdf_is_not_there_yet(app, documents, subject, monkeypatch) -> None:
    source = '{% import "core/macros/documents.html" as documents %}{{ documents.pdf_link(file, "Het verslag") }}'
    app.extensions["samen_renderer"]._loader.loaders.insert(0, DictLoader({"test/link.html": source}))
    with documents.unit_of_work(system("test")) as uow:
        file = files.store_file(uow, b"%PDF-1.7 " + bytes(2_000_000), "verslag.pdf", "application/pdf", subject)
    with app.test_request_context("/"):
        made = render_part("test/link.html", file=file)
        assert f'href="/files/{file.id}"' in made
        assert "Het verslag (pdf, 2.001 kB)" in made
        assert "wordt gemaakt" in render_part("test/link.html", file=None)
        can_make_pdf.cache_clear()
        monkeypatch.setattr(pdf, "_LIBRARIES", ("libnothing-of-the-kind.so.0",))
        assert "kan hier niet gemaakt worden" in render_part("test/link.html", file=None)
    can_make_pdf.cache_clear()
