"""Texts in the reader's language."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from samen_gereedschap.events import ProjectOpened

from samen_core.actor import system
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.events.types import Delivered, EventHandler
from samen_core.i18n import (
    Text,
    Translations,
    _,
    activate,
    current_language,
    format_date,
    format_day,
    format_moment,
    format_number,
    format_time,
    n_,
)
from samen_core.platform import Platform
from samen_core.testing.platforms import Outbox
from samen_core.web.rendering import Renderer

ENGLISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Goedemorgen"
msgstr "Good morning"

msgid "Dag {name}"
msgstr "Bye {name}"

msgid "{n} reactie"
msgid_plural "{n} reacties"
msgstr[0] "{n} comment"
msgstr[1] "{n} comments"

msgid "{n} leeg"
msgid_plural "{n} lege"
msgstr[0] ""
msgstr[1] ""

msgid "reactie"
msgid_plural "reacties"
msgstr[0] "comment"
msgstr[1] "comments"

msgid "Alleen <b>hier</b> & daar"
msgstr "Only <b>here</b> & there"

msgid "Leeg"
msgstr ""

#, fuzzy
msgid "Misschien"
msgstr "Perhaps"
"""


@pytest.fixture
def translations(tmp_path: Path) -> Translations:
    """One English catalogue, and a second that says some things otherwise."""
    for name, text in (("one", ENGLISH), ("two", 'msgid "Goedemorgen"\nmsgstr "Morning"\n\nmsgid "Avond"\nmsgstr "Evening"\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "en.po").write_text(text, encoding="utf-8")
    return Translations([tmp_path / "one", tmp_path / "two", tmp_path / "absent"])


def english(translations: Translations, text: Text) -> str:
    """The text in English."""
    with translations.use("en"):
        return str(text)


def test_a_text_is_rendered_when_it_is_read(translations: Translations) -> None:
    text = _("Goedemorgen")
    assert str(text) == "Goedemorgen"
    with translations.use("en"):
        assert str(text) == "Good morning"
        with translations.use("nl"):
            assert str(text) == "Goedemorgen"
        assert current_language() == "en"
    assert current_language() == "nl"


def test_the_language_comes_back_after_an_error(translations: Translations) -> None:
    with pytest.raises(ZeroDivisionError), translations.use("en"):
        _zero = 1 // 0
    assert current_language() == "nl"


@pytest.mark.parametrize("id", ["Onbekend", "Leeg", "Misschien", "{n} leeg"])
def test_what_has_no_translation_is_shown_in_dutch(translations: Translations, id: str) -> None:
    assert english(translations, _(id)) == id


def test_a_plural_without_translation_is_shown_in_dutch(translations: Translations) -> None:
    assert [english(translations, n_("{n} leeg", "{n} lege", n)) for n in (1, 2)] == ["1 leeg", "2 lege"]


@pytest.mark.parametrize(
    ("n", "dutch", "expected"), [(0, "0 reacties", "0 comments"), (1, "1 reactie", "1 comment"), (2, "2 reacties", "2 comments")]
)
def test_a_number_chooses_its_form(translations: Translations, n: int, dutch: str, expected: str) -> None:
    text = n_("{n} reactie", "{n} reacties", n)
    assert str(text) == dutch
    assert english(translations, text) == expected


def test_a_word_with_a_plural_can_stand_alone(translations: Translations) -> None:
    assert english(translations, _("reactie")) == "comment"


def test_an_unknown_language_is_dutch(translations: Translations) -> None:
    with translations.use("fy"):
        assert (str(_("Goedemorgen")), current_language()) == ("Goedemorgen", "nl")


def test_a_block_does_not_change_the_words_of_another(translations: Translations) -> None:
    assert english(translations, _("Goedemorgen")) == "Good morning"
    assert english(translations, _("Avond")) == "Evening"


def test_a_lazy_text_as_value_is_rendered_in_the_same_language(translations: Translations) -> None:
    text = _("Dag {name}", name=_("Goedemorgen"))
    assert english(translations, text) == "Bye Good morning"
    assert translations.translator("en").render(text) == "Bye Good morning"
    assert f"{_('Goedemorgen'):>14}" == "   Goedemorgen"


def test_braces_in_a_value_stay(translations: Translations) -> None:
    assert english(translations, _("Dag {name}", name="{n}")) == "Bye {n}"


def test_texts_are_compared_by_what_they_say() -> None:
    assert _("Dag {name}", name="Jan") == _("Dag {name}", name="Jan")
    assert _("Dag {name}", name="Jan") != _("Dag {name}", name="Piet")
    assert len({_("a"), _("a"), n_("a", "b", 1)}) == 2
    assert not Text("")


def test_an_error_of_a_service_is_rendered_by_its_reader(translations: Translations) -> None:
    error = Invalid(_("Goedemorgen"))
    assert str(error) == "Goedemorgen"
    with translations.use("en"):
        assert str(error) == "Good morning"


def test_a_worker_renders_in_the_language_of_the_reader(platform: Platform, outbox: Outbox) -> None:
    """A worker has no request: it starts in Dutch and renders mail in the language of the account."""
    seen: list[str] = []
    text = _("Gereedschap")

    def handle(uow: UnitOfWork, event: Delivered) -> None:
        seen.append(str(text))
        with uow.platform.translations.use("en"):
            seen.append(str(text))
        seen.append(str(text))

    platform.event_handlers = (EventHandler("gereedschap.mail", handle, (ProjectOpened.type,)),)
    with platform.translations.use("en"), platform.unit_of_work(system("test")) as uow:
        uow.publish(ProjectOpened(project_id=uuid.uuid4()))
    thread = threading.Thread(target=outbox.drain)
    thread.start()
    thread.join()
    assert seen[0] == seen[2] == text.id
    assert seen[1] != text.id


def test_a_language_stays_within_its_thread(translations: Translations) -> None:
    seen: list[str] = []
    with translations.use("en"):
        thread = threading.Thread(target=lambda: seen.append(current_language()))
        thread.start()
        thread.join()
    assert seen == ["nl"]


def test_dates_and_numbers_are_written_out(translations: Translations) -> None:
    moment, day = datetime(2026, 12, 3, 18, 30, tzinfo=UTC), date(2026, 12, 3)
    assert format_day(day) == format_day(moment) == "donderdag 3 december 2026"
    assert format_date(day) == "3 december 2026"
    assert format_moment(moment) == "donderdag 3 december 2026, 19.30 uur"
    assert format_time(moment) == "19.30 uur"
    assert format_number(1234567.5) == "1.234.567,5"
    with translations.use("en"):
        assert format_day(day) == "Thursday 3 December 2026"
        assert format_moment(moment) == "Thursday 3 December 2026, 19:30"
        assert format_number(1234567.5) == "1,234,567.5"


@pytest.mark.parametrize(
    ("moment", "time"), [(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01.59 uur"), (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03.00 uur")]
)
def test_moments_are_in_the_time_of_the_city(moment: datetime, time: str) -> None:
    assert format_time(moment) == time


# --- templates -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def render(platform: Platform, translations: Translations) -> Callable[..., str]:
    """``render(source, language, **values)``: a template from its source."""
    platform.translations = translations
    renderer = Renderer(platform, {})

    def from_source(source: str, language: str = "en", **values: object) -> str:
        with translations.use(language):
            return renderer.environment(language).from_string(source).render(values)

    return from_source


SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@SQLITE
@pytest.mark.parametrize(
    ("source", "dutch", "expected"),
    [
        ("{{ _('Goedemorgen') }}", "Goedemorgen", "Good morning"),
        ("{{ _('Dag {name}', name='Jan') }}", "Dag Jan", "Bye Jan"),
        ("{{ _('Dag {name}', name=_('Goedemorgen')) }}", "Dag Goedemorgen", "Bye Good morning"),
        ("{{ _('Dag {name}', name=name) }}", "Dag &lt;i&gt;", "Bye &lt;i&gt;"),
        ("{{ _('Dag {name}', name='<b>Jan</b>'|safe) }}", "Dag <b>Jan</b>", "Bye <b>Jan</b>"),
        ("{{ n_('{n} reactie', '{n} reacties', 2) }}", "2 reacties", "2 comments"),
        ("{{ n_('{n} reactie', '{n} reacties', number) }}", "1 reactie", "1 comment"),
        ("{{ lazy }}", "Goedemorgen", "Good morning"),
        ("{{ _('Alleen <b>hier</b> & daar') }}", "Alleen &lt;b&gt;hier&lt;/b&gt; &amp; daar", "Only &lt;b&gt;here&lt;/b&gt; &amp; there"),
        ("{% set x = _('Goedemorgen') %}{{ x }}", "Goedemorgen", "Good morning"),
        ("{{ _('Onbekend {x}', x=3) }}", "Onbekend 3", "Onbekend 3"),
        ("{{ _('Onbekend') ~ '!' }}", "Onbekend!", "Onbekend!"),
    ],
)
def test_a_template_is_compiled_for_each_language(render: Callable[..., str], source: str, dutch: str, expected: str) -> None:
    values = {"name": "<i>", "number": 1, "lazy": _("Goedemorgen")}
    assert render(source, "nl", **values) == dutch
    assert render(source, "en", **values) == expected


@SQLITE
def test_translations_are_looked_up_when_a_template_is_compiled(render: Callable[..., str], platform: Platform) -> None:
    """Rendering a page does no look-up: the words stand in the compiled template."""
    environment = Renderer(platform, {}).environment("en")
    source = environment.compile("{{ _('Goedemorgen') }}", raw=True)
    assert "Good morning" in source
    assert "Goedemorgen" not in source


@SQLITE
def test_a_name_that_a_template_does_not_have_is_an_error(render: Callable[..., str]) -> None:
    with pytest.raises(Exception, match="'nothing' is undefined"):
        render("{{ nothing }}")


def test_activating_a_language_holds_in_this_context_only(translations: Translations) -> None:
    import contextvars

    def inside() -> str:
        activate(translations.translator("en"))
        return current_language()

    assert contextvars.copy_context().run(inside) == "en"
    assert current_language() == "nl"
