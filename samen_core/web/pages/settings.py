"""The settings: an index per block to search by word, a page per block, and what was changed when by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field

from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.forms import BoundField, BoundForm, parse
from samen_core.i18n import Text, _
from samen_core.pagination import PageRequest
from samen_core.permissions import MANAGE
from samen_core.settings import Setting, change_settings, setting_changes, settings_now, stored_settings
from samen_core.web.blocks import block_labels, label_of
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import Crumb, crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("settings", __name__)
HOME = "/beheer/instellingen"
TRAIL: tuple[Crumb, ...] = ((_("Beheer"), "/beheer"), (_("Instellingen"), HOME))
SEPARATOR = "-"
SHOWN, TO_DEFAULT = "shown", "standaard"
"""Hidden fields: what the form showed, and the settings to put back; no setting has these names, since theirs hold a dash."""


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting as the page shows it: its field, its default in words ("" for nothing), and whether the city chose something else."""

    key: str
    field: BoundField
    default: Text | str
    is_changed: bool
    put_back: bool


@pages.route(HOME, permission=MANAGE)
def index() -> ResponseReturnValue:
    """The blocks that have settings; with a word, the settings that mention it; and what is kept of blocks that are not there."""
    platform = current_platform()
    stored = stored_settings(current_uow())
    changed = {row.key for row in stored}
    words = request.args.get("q", "").strip()[:100]
    labels = block_labels(platform)
    per_block: dict[str, list[Setting]] = {}
    for setting in platform.settings.declared.values():
        per_block.setdefault(_owner(setting.key), []).append(setting)
    blocks = [
        (label, page_url(_path(name)), len(per_block[name]), sum(setting.key in changed for setting in per_block[name]), name)
        for name, label in labels.items()
        if name in per_block
    ]
    found = [setting for name in labels for setting in per_block.get(name, ()) if words and _mentions(setting, labels[name], words)]
    absent = [(row, label_of(platform, _owner(row.key))) for row in stored if row.key not in platform.settings.declared]
    return render(
        "core/admin/settings.html",
        blocks=blocks,
        words=words,
        found=[
            (setting, labels[_owner(setting.key)], f"{page_url(_path(_owner(setting.key)))}#{_anchor(setting.key)}") for setting in found
        ],
        absent=absent,
        paused=platform.block_states.paused_names(),
        action=page_url(HOME),
        breadcrumbs=crumbs(TRAIL[0], (TRAIL[1][0], None)),
    )


@pages.route(f"{HOME}/<block>", permission=MANAGE)
def block(block: str) -> ResponseReturnValue:
    """The settings of one block."""
    name = _block_named(block)
    shown = _of_block(name, settings_now(current_uow()))
    return _page(200, name, shown, data=_loaded(shown))


@pages.route(f"{HOME}/<block>", permission=MANAGE, methods=["POST"])
def save(block: str) -> ResponseReturnValue:
    """Store what this manager changed; where another changed the same, both are shown."""
    name, uow = _block_named(block), current_uow()
    shown = _shown()
    declared = current_platform().settings.declared
    back = [key for key in request.form.getlist(TO_DEFAULT) if key in declared and _owner(key) == name]
    try:
        schema = _schema(name, without=back)()
        values = {key.replace(SEPARATOR, "."): value for key, value in schema.dump(parse(schema, request.form)).items()}
        values |= {key: declared[key].to_plain(declared[key].default) for key in back}
        change_settings(uow, values, shown=shown)
    except Conflict as error:
        current = _of_block(name, error.current)
        return _page(409, name, current, data=request.form, conflict=_loaded(current))
    except Invalid as error:
        return _page(400, name, shown, data=request.form, errors=error.errors)
    say(_("De instellingen zijn opgeslagen. Ze gelden meteen."))
    return go(_path(name))


@pages.route(f"{HOME}/<block>/geschiedenis", permission=MANAGE)
def changes(block: str) -> ResponseReturnValue:
    """Who changed which setting of a block when, newest first."""
    name = _block_named(block)
    page = setting_changes(current_uow(), name, PageRequest(cursor=request.args.get("cursor", "")))
    declared = current_platform().settings.declared
    rows = [
        (row, declared[key].question.label if key in declared else key, _in_words(key, (row.before or {}).get(key)), _in_words(key, value))
        for row in page.items
        for key, value in (row.after or {}).items()
    ]
    here = page_url(f"{_path(name)}/geschiedenis")
    label = label_of(current_platform(), name)
    return render(
        "core/admin/setting_changes.html",
        rows=rows,
        label=label,
        next_url=f"{here}?cursor={page.next}" if page.next else None,
        previous_url=f"{here}?cursor={page.previous}" if page.previous else None,
        breadcrumbs=crumbs(*TRAIL, (label, _path(name)), (_("Geschiedenis"), None)),
    )


def _owner(key: str) -> str:
    return key.partition(".")[0]


def _path(name: str) -> str:
    return f"{HOME}/{name.replace('_', '-')}"


def _anchor(key: str) -> str:
    """The id of the field of a setting on its page."""
    return f"instelling-{key.replace('.', SEPARATOR)}"


def _block_named(block: str) -> str:
    """The block of an address. Raises NotFound for one that has no settings."""
    name = block.replace("-", "_")
    if not any(_owner(key) == name for key in current_platform().settings.declared):
        raise NotFound(_("Deze bouwsteen heeft geen instellingen."))
    return name


def _mentions(setting: Setting, label: Text | str, words: str) -> bool:
    question = setting.question
    told = f"{label} {setting.group} {question.label} {question.help} {' '.join(str(text) for _code, text in question.options)}".casefold()
    return all(word in told for word in words.casefold().split())


def _schema(name: str, without: list[str] | None = None) -> type[Schema]:
    """One schema over the settings of a block; a dot is no good in a field name, so it becomes a dash."""
    declared = current_platform().settings.declared
    asked = {key: setting for key, setting in declared.items() if _owner(key) == name and key not in (without or ())}
    return Schema.from_dict({key.replace(".", SEPARATOR): _field(setting) for key, setting in asked.items()}, name="CoreSettings")


def _field(setting: Setting) -> Field[Any]:
    """The field of a setting, which also checks what only the setting wants: so all mistakes of a form are told at once."""
    asked = setting.question.to_field()

    def check(value: Any) -> None:
        plain = setting.to_plain(value)
        try:
            setting.question.to_field().deserialize(plain)
        except ValidationError:
            return  # the question says that itself
        setting.from_plain(plain)

    asked.validators = [*asked.validators, check]
    return asked


def _of_block(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if _owner(key) == name}


def _shown() -> dict[str, Any] | None:
    """What the form showed when this manager began, from its hidden field; None for a form without it."""
    given = request.form.get(SHOWN)
    if given is None:
        return None
    try:
        shown = json.loads(given)
    except (ValueError, RecursionError):
        shown = None
    if not isinstance(shown, dict):
        raise Invalid(_("Dit formulier is niet compleet. Open de pagina opnieuw en vul het nog eens in."))
    return shown


def _loaded(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Values (JSON types) by field name, as a form shows them; a stored one that no longer fits is the default."""
    declared = current_platform().settings.declared
    found: dict[str, Any] = {}
    for key, value in plain.items():
        try:
            found[key.replace(".", SEPARATOR)] = declared[key].from_plain(value)
        except ValidationError:
            found[key.replace(".", SEPARATOR)] = declared[key].default
    return found


def _in_words(key: str, plain: Any) -> Text | str:
    """A value (JSON types) as people read it; as it is stored when its setting is not there or does not take it."""
    setting = current_platform().settings.declared.get(key)
    if plain is None or plain == "":
        return _("(leeg)")
    try:
        value = setting.from_plain(plain) if setting else None
    except ValidationError:
        setting = None
    if setting is None:
        return json.dumps(plain, ensure_ascii=False)
    return BoundForm(Schema.from_dict({"value": setting.question.to_field()}), data={"value": value})["value"].in_words


def _page(status: int, name: str, shown: Mapping[str, Any] | None, **bound: Any) -> ResponseReturnValue:
    platform = current_platform()
    form = BoundForm(_schema(name), **bound)
    back = request.form.getlist(TO_DEFAULT)
    stored = {row.key for row in stored_settings(current_uow())}
    groups: dict[str, list[SettingView]] = {}
    for key, setting in platform.settings.declared.items():
        if _owner(key) == name:
            plain = setting.to_plain(setting.default)
            default = "" if plain in (None, "", []) else _in_words(key, plain)
            view = SettingView(key, form[key.replace(".", SEPARATOR)], default, key in stored, key in back)
            groups.setdefault(str(setting.group), []).append(view)
    label = label_of(platform, name)
    return render_status(
        status,
        "core/admin/settings_block.html",
        form=form,
        groups=groups,
        label=label,
        is_paused=name in platform.block_states.paused_names(),
        shown=None if shown is None else json.dumps(shown),
        anchor=_anchor,
        action=page_url(_path(name)),
        history_url=page_url(f"{_path(name)}/geschiedenis"),
        breadcrumbs=crumbs(*TRAIL, (label, None)),
    )
