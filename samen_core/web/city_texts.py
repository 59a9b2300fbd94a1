"""The text of a page in the words of the city, for templates: ``{{ city_text("core.contact") }}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from samen_core.i18n import current_language
from samen_core.texts.declared import ManagedText, Wording
from samen_core.texts.filling import fill_page
from samen_core.web.rendering import kept_markdown

if TYPE_CHECKING:
    from samen_core.platform import Platform

_LINE = Markup('<span lang="{}">{}</span>')
_PROSE = Markup('<div class="samen-prose samen-city-text">{}</div>')
_FOREIGN_PROSE = Markup('<div class="samen-prose samen-city-text" lang="{}">{}</div>')


def city_text(platform: Platform, key: str) -> Markup:
    """The text of a page as HTML, marked when it is in another language than the page; empty where the city says nothing."""
    wording, language = platform.texts.wording(platform, key, current_language())
    return shown(platform, platform.texts.declared[key], wording, language)


def plain_city_text(platform: Platform, key: str) -> str:
    """The same without marks, for a file."""
    wording, _language = platform.texts.wording(platform, key, current_language())
    return fill_page(platform, platform.texts.declared[key], wording)


def shown(platform: Platform, text: ManagedText, wording: Wording, language: str) -> Markup:
    """These words as a page shows them: one line, or Markdown as safe HTML."""
    filled = fill_page(platform, text, wording)
    if not filled:
        return Markup("")
    is_foreign = language != current_language()
    if text.line:
        return _LINE.format(language, filled) if is_foreign else escape(filled)
    html = kept_markdown(filled, 2)
    return _FOREIGN_PROSE.format(language, html) if is_foreign else _PROSE.format(html)
