"""What a template shows is escaped, unless it is HTML already: the same as Jinja does by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, TemplateNotFound, UndefinedError, pass_context, pass_environment
from jinja2.runtime import Context
from markupsafe import Markup

from samen_core.i18n import Text, Translator
from samen_core.web.rendering import LanguageEnvironment, kept_markdown, markdown

SOURCE = """{{ value }}|{{ value ~ value }}|{% for one in [value] %}{{ one }}{% endfor %}
{%- macro bold(x) %}<b>{{ x }}</b>{% endmacro %}{{ bold(value) }}{% set kept %}{{ value }}{% endset %}{{ kept }}"""
OURS = LanguageEnvironment(Translator("nl", {}), autoescape=True).from_string(SOURCE)
THEIRS = Environment(autoescape=True).from_string(SOURCE)


class Named:
    """A value with HTML of its own."""

    def __html__(self) -> str:
        return "<i>x</i>"


class Shouted(str):
    """A text of another type, which no page may take for HTML."""

    __slots__ = ()


VALUES = st.one_of(
    st.text(),
    st.text(alphabet="<>&\"'a ", max_size=20),
    st.text().map(Markup),
    st.text(alphabet="<>&\"'a ").map(Shouted),
    st.integers(),
    st.floats(),
    st.none(),
    st.booleans(),
    st.lists(st.text(alphabet="<a", max_size=3), max_size=3),
)


@given(value=VALUES)
def test_any_value_is_shown_as_jinja_shows_it(value: Any) -> None:
    assert OURS.render(value=value) == THEIRS.render(value=value)


@pytest.mark.parametrize("value", [Named(), Text("Een <b>"), Markup("<b>al HTML</b>"), "<script>alert(1)</script>"])
def test_what_has_html_of_its_own_is_shown_so_and_other_things_are_escaped(value: Any) -> None:
    assert OURS.render(value=value) == THEIRS.render(value=value)
    assert "<script>" not in OURS.render(value=value)


def test_a_part_without_escaping_stays_so() -> None:
    source = "{% autoescape false %}{{ value }}{% endautoescape %}{{ value }}"
    ours = LanguageEnvironment(Translator("nl", {}), autoescape=True, extensions=["jinja2.ext.do"]).from_string(source)
    assert ours.render(value="<a>") == Environment(autoescape=True).from_string(source).render(value="<a>") == "<a>&lt;a&gt;"


def test_a_name_that_is_not_there_is_told() -> None:
    from jinja2 import StrictUndefined

    strict = LanguageEnvironment(Translator("nl", {}), autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        strict.from_string("{{ nergens }}").render()


@pass_context
def _page(context: Context, mark: str) -> str:
    return f"{mark}{context['value']}"


def _over() -> str:
    return next(iter(()))


class Told:
    """Something to call that is no function."""

    @pass_environment
    def __call__(self, environment: Environment, mark: str = "?") -> str:
        return f"{mark}{environment.autoescape}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ page('=') }}{% set other = 1 %}{{ page('<') }}",
        "{{ told() }}{{ told(mark='<') }}",
        "{{ plain('a', b='<') }}{{ value.upper() }}{{ kept('<b>') }}",
        "{% macro box(a, b='y') %}<p>{{ a }}{{ b }}{{ caller() if caller else '' }}</p>{% endmacro %}{{ box('<') }}{{ box('1', b='<') }}",
        "{% macro box(a) %}<p>{{ a }}{{ caller('<') }}</p>{% endmacro %}{% call(x) box('1') %}{{ x }}{{ value }}{% endcall %}",
        "{% macro all() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ all(1, '<', b='>') }}",
        "{% for x in [1, 2] %}{{ page(loop.index) }}{{ loop.cycle('<', 'b') }}{% endfor %}",
        "{% block one %}{% set mine = 'q' %}{{ page(mine) }}{{ plain(mine) }}{% endblock %}",
        "{{ over() is defined }}{{ over()|default('<') }}",
    ],
)
def test_what_a_template_calls_is_told_what_it_asks_for(source: str) -> None:
    values = {"value": "<i>", "page": _page, "told": Told(), "plain": lambda a, b="": f"{a}{b}", "kept": lru_cache(str), "over": _over}
    ours = LanguageEnvironment(Translator("nl", {}), autoescape=True).from_string(source).render(values)
    assert ours == Environment(autoescape=True).from_string(source).render(values)


def test_a_macro_of_another_file_knows_the_names_of_all_templates_and_not_those_of_the_page() -> None:
    files = {"macros": "{% macro of(x) %}{{ city }}{{ x }}{{ value is defined }}{% endmacro %}"}
    ours = LanguageEnvironment(Translator("nl", {}), autoescape=True, loader=DictLoader(files))
    ours.globals["city"] = "Zoetermeer"
    page = ours.from_string("{% import 'macros' as macros %}{% from 'macros' import of %}{{ macros.of('<') }}{{ of(value) }}")
    assert page.render(value="1") == "Zoetermeer&lt;FalseZoetermeer1False"


def test_a_part_that_is_not_there_is_told() -> None:
    ours = LanguageEnvironment(Translator("nl", {}), autoescape=True, loader=DictLoader({}))
    with pytest.raises(TemplateNotFound):
        ours.from_string("{% include 'nothing' %}").render()


def test_a_template_cannot_be_read_with_names_that_all_others_would_get() -> None:
    ours = LanguageEnvironment(Translator("nl", {}), autoescape=True, loader=DictLoader({"page": "{{ visitor is defined }}"}))
    for _again in range(2):
        with pytest.raises(TypeError):
            ours.get_template("page", globals={"visitor": "Anna"})
        assert ours.get_template("page").render() == "False"


@pytest.mark.parametrize("source", ["", "# Kop\n\nEen **vet** woord", "|a|b|\n|-|-|\n|1|2|\n", "<b>tekst</b> &amp;"])
def test_a_text_that_is_kept_looks_as_one_that_is_not(source: str) -> None:
    assert kept_markdown(source, 4) == kept_markdown(source, 4) == markdown(source, 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_small_text_does_not_become_a_large_table(end: str) -> None:
    columns = 50
    head = "|" + "a|" * columns + end + "|" + "-|" * columns + end
    assert "<table>" in markdown(head + f"|1|{end}" * 5)
    grown = markdown(head + f"|{end}" * 2_300)
    assert "<table>" not in grown
    assert len(grown) < 3 * len(head + f"|{end}" * 2_300)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_long_text_keeps_its_small_table(end: str) -> None:
    table = end.join(["|a|b|", "|-|-|", "|1|2|", "", ""])
    assert "<table>" in markdown(f"Een zin.{end}{end}" * 3_000 + table + f"Dit | dat.{end}{end}" * 500)
