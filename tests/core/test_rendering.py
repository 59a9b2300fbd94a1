"""What a template shows is escaped, unless it is HTML already: the same as Jinja does by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from samen_core.i18n import Text, Translator
from samen_core.web.rendering import LanguageEnvironment

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
