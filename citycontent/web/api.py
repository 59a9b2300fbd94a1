"""What the pages of other blocks may use of the city's pages: forms, lists, filters on area and theme, names for areas and themes."""

from __future__ import annotations

from citycontent.web.atlas import Atlas, ThemeView, area_path, atlas
from citycontent.web.dates import when
from citycontent.web.editing import FormPage, Section, delete_page, form_page
from citycontent.web.forms import FormSpec, Named, Options, send, show, suggestions
from citycontent.web.listing import (
    ListPage,
    area_choices,
    area_field,
    area_filter,
    chips,
    counted,
    filters_part,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    theme_choices,
    theme_field,
    theme_filter,
    unknown_filter,
)
from citycontent.web.month import Moment, asked_day, asked_month, month_view, next_month
from citycontent.web.parts import Link, area_links, event_row, place_lines, theme_links, thing_link
from citycontent.web.small_map import small_map

__all__ = [
    "Atlas",
    "FormPage",
    "FormSpec",
    "Link",
    "ListPage",
    "Moment",
    "Named",
    "Options",
    "Section",
    "ThemeView",
    "area_choices",
    "area_field",
    "area_filter",
    "area_links",
    "area_path",
    "asked_day",
    "asked_month",
    "atlas",
    "chips",
    "counted",
    "delete_page",
    "event_row",
    "filters_part",
    "form_page",
    "in_words",
    "list_page",
    "month_view",
    "next_month",
    "one_of",
    "place_lines",
    "search_field",
    "select_field",
    "send",
    "show",
    "small_map",
    "suggestions",
    "theme_choices",
    "theme_field",
    "theme_filter",
    "theme_links",
    "thing_link",
    "unknown_filter",
    "when",
]
