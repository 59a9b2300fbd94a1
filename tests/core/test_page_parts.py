"""The macros that every page is built from: what a screen reader, a keyboard and a form without script depend on."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from marshmallow import Schema, fields, validate

from samen_core.forms import BoundForm, Place
from samen_core.i18n import Translations, _
from samen_core.web.parts import Card, Row
from samen_core.web.rendering import WEB_FOLDER, Renderer

TEMPLATES = sorted((WEB_FOLDER / "templates").rglob("*.html"))


class Organization(Schema):
    """A form with every kind of widget."""

    name = fields.Str(required=True, validate=validate.Length(max=120), metadata={"label": "Naam", "help": "Zoals men u noemt."})
    sector = fields.Str(
        required=True, validate=validate.OneOf(["business", "citizens"], ["Bedrijven", "Bewoners"]), metadata={"label": "Sector"}
    )
    about = fields.Str(metadata={"label": "Wat doet u?", "widget": "textarea"})
    area = fields.Str(metadata={"label": "Wijk", "widget": "select", "options": [("1", "Centrum"), ("2", "Rokkeveen")]})
    themes = fields.List(fields.Str(), metadata={"label": "Thema's", "options": [("1", "Groen"), ("2", "Zorg")]})
    place = Place(metadata={"label": "Waar?"})
    public = fields.Bool(metadata={"label": "Toon op de website", "help": "Kan later anders."})
    logo = fields.Raw(metadata={"label": "Logo", "widget": "file"})


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    shared = {"page_url": lambda path: path, "static_url": lambda name: f"/static/{name}", "csrf_token": lambda: "token"}
    return Renderer(SimpleNamespace(translations=Translations([WEB_FOLDER.parent / "translations"]), blocks=()), shared)


def render(renderer: Renderer, source: str, **values: Any) -> ET.Element:
    text = str(renderer.environment("nl").from_string(source).render(values))
    text = re.sub(r"\s(autofocus|checked|selected|required|novalidate|open|reversed)(?=[\s>])", r' \1=""', text)
    text = re.sub(r"<(input|img|br)\b([^>]*?)/?>", r"<\1\2/>", text)
    return ET.fromstring(f"<root>{text}</root>")


def form(renderer: Renderer, bound: BoundForm) -> ET.Element:
    source = (
        '{% import "core/macros/forms.html" as forms %}{{ forms.form(form, "/organisaties", "Bewaar", csrf="abc", cancel_url="/terug") }}'
    )
    return render(renderer, source, form=bound)


def ids(root: ET.Element) -> list[str]:
    return [element.attrib["id"] for element in root.iter() if "id" in element.attrib]


ERRORS = {
    "name": [_("Vul dit in.")],
    "sector": [_("Kies een van de mogelijkheden.")],
    "place": [_("Dit punt ligt niet op de kaart.")],
    "public": [_("Kies ja of nee.")],
    "": [_("Er klopt iets niet.")],
}


@pytest.mark.parametrize("errors", [{}, ERRORS], ids=["good", "with errors"])
def test_every_reference_in_a_form_leads_somewhere(renderer: Renderer, errors: dict[str, Any]) -> None:
    root = form(renderer, BoundForm(Organization, data={"name": "", "themes": ["2"]}, errors=errors))
    known = ids(root)
    assert len(known) == len(set(known))
    references = [word for element in root.iter() for word in element.attrib.get("aria-describedby", "").split()]
    references += [element.attrib["for"] for element in root.iter("label") if "for" in element.attrib]
    references += [element.attrib["href"][1:] for element in root.iter("a") if element.attrib["href"].startswith("#")]
    assert references
    assert set(references) <= set(known)


def test_every_input_has_a_label(renderer: Renderer) -> None:
    root = form(renderer, BoundForm(Organization))
    named = {element.attrib["for"] for element in root.iter("label") if "for" in element.attrib}
    named |= {element.attrib["id"] for label in root.iter("label") for element in label.iter("input") if "id" in element.attrib}
    inputs = [element for tag in ("input", "select", "textarea") for element in root.iter(tag) if element.attrib.get("type") != "hidden"]
    assert {element.attrib["id"] for element in inputs} <= named
    assert len(inputs) >= 10


def test_the_error_summary_takes_the_focus_and_names_every_error(renderer: Renderer) -> None:
    root = form(renderer, BoundForm(Organization, data={"name": "x" * 200}, errors=ERRORS))
    summary = next(element for element in root.iter("div") if element.attrib.get("id") == "fouten")
    assert "autofocus" in summary.attrib
    assert summary.attrib["tabindex"] == "-1"
    assert len(list(summary.iter("a"))) == len(ERRORS)
    name = next(element for element in root.iter("input") if element.attrib["name"] == "name")
    assert name.attrib["aria-invalid"] == "true"
    assert name.attrib["value"] == "x" * 200


def test_a_conflict_shows_both_texts_and_carries_the_new_version(renderer: Renderer) -> None:
    stored = {"name": "Hun naam", "sector": "citizens"}
    root = form(renderer, BoundForm(Organization, data={"name": "Mijn naam", "sector": "citizens"}, version=5, conflict=stored))
    text = " ".join(root.itertext())
    assert "Hun naam" in text
    values = {
        element.attrib["name"]: element.attrib.get("value")
        for element in root.iter("input")
        if element.attrib["type"] in ("hidden", "text")
    }
    assert values["version"] == "5"
    assert values["name"] == "Mijn naam"
    assert values["csrf_token"] == "abc"
    assert [element.attrib["id"] for element in root.iter() if "autofocus" in element.attrib] == ["conflict"]


def test_what_people_write_is_escaped(renderer: Renderer) -> None:
    bad = "<b onclick=alert(1)>\"'&"
    source = (
        '{% import "core/macros/cards.html" as cards %}{% import "core/macros/lists.html" as lists %}'
        "{{ cards.grid([card]) }}{{ lists.rows([row]) }}{{ lists.table(bad, [(bad, '')], [[bad]]) }}"
    )
    root = render(
        renderer, source, bad=bad, card=Card(bad, "/x", bad, bad, bad), row=Row(bad, "/x", bad, ((bad, "info"),), ("citizens", bad))
    )
    assert not list(root.iter("b"))
    assert " ".join(root.itertext()).count(bad) >= 9


def test_a_card_has_one_link_one_status_and_one_date(renderer: Renderer) -> None:
    source = '{% import "core/macros/cards.html" as cards %}{{ cards.grid(list) }}'
    root = render(renderer, source, list=[Card("Vraag", "/v", "Tekst", "nog 5 dagen", "In gesprek", "warm"), Card("Kort", "/k")])
    first, second = root.iter("article")
    assert [link.attrib["href"] for link in first.iter("a")] == ["/v"]
    assert "nog 5 dagen" in " ".join(first.itertext())
    assert [" ".join(element.itertext()) for element in second.iter("span")] == []


def test_pages_are_only_offered_when_they_are_there(renderer: Renderer) -> None:
    source = '{% import "core/macros/lists.html" as lists %}{{ lists.pagination(before, after) }}'
    assert [link.attrib["rel"] for link in render(renderer, source, before=None, after="/2").iter("a")] == ["next"]
    assert [link.attrib["rel"] for link in render(renderer, source, before="/1", after=None).iter("a")] == ["prev"]
    assert not list(render(renderer, source, before=None, after=None).iter("nav"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB_FOLDER).as_posix())
def test_templates_hold_nothing_that_the_security_policy_refuses(path: Any) -> None:
    text = path.read_text()
    if path.name == "own_data_file.html":
        text = text.replace("<style>{{ style }}</style>", "")  # a file to keep, which carries its style along
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|data:", text)


def test_every_class_of_ours_has_a_style() -> None:
    css = "".join(path.read_text() for path in (WEB_FOLDER / "static").rglob("*.css"))
    known = set(re.findall(r"\.((?:samen|utrecht|nl)-[\w-]+)", css))
    used = set()
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(), flags=re.DOTALL)
        for names in re.findall(r'class="([^"]*)"', re.sub(r"\{\{.*?\}\}", "{", text)):
            used |= set(re.findall(r"(?<![\w-])((?:samen|utrecht|nl)-[\w-]+)(?![\w{-])", names))
    assert len(used) > 100
    assert used <= known


def test_a_misspelt_icon_fails_a_test_but_no_page() -> None:
    config = SimpleNamespace(environment="test")
    renderer = Renderer(SimpleNamespace(blocks=(), config=config, log=structlog.get_logger()), {})
    with pytest.raises(KeyError, match="there is no icon 'klok'"):
        renderer.icon("klok")
    config.environment = "production"
    with structlog.testing.capture_logs() as logged:
        assert renderer.icon("klok") == ""
    assert [(line["event"], line["icon"]) for line in logged] == [("icon_missing", "klok")]
