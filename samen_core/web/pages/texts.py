"""The texts of pages and mails: the list, the editor with preview and test mail, and the history."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, missing, validate

from samen_core.errors import Conflict, Invalid, NotFound, TooMany
from samen_core.forms import BoundForm, FormSchema, parse
from samen_core.i18n import LANGUAGES, Text, _
from samen_core.limits import hit, who_hash
from samen_core.mail.queue import MAX_SUBJECT
from samen_core.pagination import PageRequest
from samen_core.permissions import MANAGE
from samen_core.texts import services
from samen_core.texts.declared import CITY, ManagedText, Wording, languages
from samen_core.texts.filling import example_values, fill_mail
from samen_core.texts.services import ChangeText, TextNow
from samen_core.web.blocks import block_labels, label_of
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.city_texts import shown
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.differences import marked_differences
from samen_core.web.layout import Crumb, crumbs, go, page_url, render, render_status, say

pages = BlockBlueprint("texts", __name__)
HOME = "/beheer/teksten"
TRAIL: tuple[Crumb, ...] = ((_("Beheer"), "/beheer"), (_("Teksten en mails"), HOME))
TESTS_PER_HOUR, HOUR = 10, 60 * 60
VERSIONS = 10
KINDS = {"page": _("Pagina"), "mail": _("Mail")}


_MAIL = _("Een lege regel begint een nieuwe alinea. Een alinea met iets dat voor deze ontvanger leeg is, valt weg.")
_LINE = _("Eén regel, zonder opmaak.")
_MARKDOWN = _(
    "Een lege regel begint een nieuwe alinea. Zo maakt u **vet**, een kop (# ervoor), een lijst (- ervoor) "
    "of een link: [tekst](https://adres)."
)


@pages.route(HOME, permission=MANAGE)
def index() -> ResponseReturnValue:
    """Every text that the city may change, by block, to filter; and what is kept of blocks that are not there."""
    platform, uow = current_platform(), current_uow()
    stored = services.stored_texts(uow)
    changed = {(row.key, row.language) for row in stored}
    labels = block_labels(platform)
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "bouwsteen", "soort", "aangepast")}
    spoken = languages(platform.config.city.languages)
    groups: dict[str, list[dict[str, Any]]] = {}
    for text in platform.texts.declared.values():
        own = [language for language in spoken if (text.key, language) in changed]
        if _asked_for(text, asked, bool(own)):
            links = [(language, LANGUAGES[language], _path(text.key, language), language in own) for language in spoken]
            groups.setdefault(text.block, []).append({"text": text, "kind": KINDS[text.kind], "links": links})
    absent = [(row, label_of(platform, row.key.partition(".")[0])) for row in stored if row.key not in platform.texts.declared]
    return render(
        "core/admin/texts.html",
        groups=[(name, labels[name], groups[name]) for name in labels if name in groups],
        number=sum(map(len, groups.values())),
        asked=asked,
        blocks=[(name, label) for name, label in labels.items() if any(text.block == name for text in platform.texts.declared.values())],
        kinds=KINDS,
        languages=LANGUAGES,
        absent=absent,
        paused=platform.block_states.paused_names(),
        action=page_url(HOME),
        breadcrumbs=crumbs(TRAIL[0], (TRAIL[1][0], None)),
    )


def _asked_for(text: ManagedText, asked: dict[str, str], is_changed: bool) -> bool:
    words = asked["q"].casefold()
    told = f"{text.label} {text.explanation} {text.subject or ''} {' '.join(map(str, text.body))}".casefold()
    return (
        words in told
        and asked["bouwsteen"] in ("", text.block)
        and asked["soort"] in ("", text.kind)
        and (is_changed or not asked["aangepast"])
    )


@pages.route(f"{HOME}/<key>/<language>", permission=MANAGE)
def edit(key: str, language: str) -> ResponseReturnValue:
    """One text in one language: its words, the default beside it, what is filled in, and how it will look."""
    now = services.text_now(current_uow(), key, language)
    return _editor(200, now, _form(now, now.wording), preview=now.wording)


@pages.route(f"{HOME}/<key>/<language>", permission=MANAGE, methods=["POST"])
def save(key: str, language: str) -> ResponseReturnValue:
    """Store the words, or only show or mail how they will look; what was typed stays in the form."""
    now = services.text_now(current_uow(), key, language)
    action, version = request.form.get("wat", ""), request.form.get("version", type=int)
    if version is None:
        raise Invalid(_("Dit formulier is niet compleet. Open de pagina opnieuw en vul het nog eens in."))
    again: dict[str, Any] = {"data": request.form, "version": version}
    try:
        wording = _read(now)
        if action == "voorbeeld":
            return _editor(200, now, _bound(now, **again), preview=wording, is_unsaved=wording != now.wording)
        if action == "test" and now.text.kind == "mail":
            return _mail_test(key, language, wording, again)
        services.change_text(current_uow(), ChangeText(key, language, wording.subject, wording.body, version))
    except Conflict as error:
        current_uow().rollback()
        return _editor(409, now, _bound(now, data=request.form, conflict=error.current, version=error.version))
    except Invalid as error:
        current_uow().rollback()
        return _editor(400, now, _bound(now, **again, errors=error.errors))
    say(_("De tekst is bewaard en geldt meteen. De vorige staat in de geschiedenis."))
    return go(f"{HOME}/{key}/{language}")


def _mail_test(key: str, language: str, wording: Wording, again: dict[str, Any]) -> ResponseReturnValue:
    """Mail these words to this manager; they are not stored."""
    uow = current_uow()
    # The limit is counted in a transaction of its own, and SQLite knows one writer.
    uow.rollback()
    try:
        if uow.platform.config.limits.enabled:
            hit(uow.platform, "core.text_test", who_hash(uow.platform, str(current_actor().account_id)), TESTS_PER_HOUR, HOUR)
        now = services.text_now(uow, key, language)
        address = services.send_test(uow, now, wording)
    except (NotFound, TooMany) as error:
        uow.rollback()
        now = services.text_now(uow, key, language)
        errors = {"": [error.message or error.title]}
        return _editor(error.status, now, _bound(now, **again, errors=errors), preview=wording)
    sent = _("Er gaat een testmail naar {address}. De tekst zelf is nog niet bewaard.", address=address)
    return _editor(200, now, _bound(now, **again), preview=wording, sent=sent, is_unsaved=wording != now.wording)


@pages.route(f"{HOME}/<key>/<language>/geschiedenis", permission=MANAGE)
def versions(key: str, language: str) -> ResponseReturnValue:
    """What was changed when and by whom, newest first, each with the difference to the version before."""
    uow = current_uow()
    now = services.text_now(uow, key, language)
    page = services.history(uow, key, language, PageRequest(VERSIONS, request.args.get("cursor", "")))
    before = services.version_before(uow, now, page.items[-1].version) if page.items else now.default
    items = []
    for row in reversed(page.items):
        wording = now.default if row.body is None else Wording(row.subject, row.body)
        items.append({"row": row, "is_now": row.version == now.version, "changes": _changes(before, wording)})
        before = wording
    return render(
        "core/admin/text_history.html",
        now=now,
        items=items[::-1],
        next_url=_older(key, language, page.next),
        previous_url=_older(key, language, page.previous),
        action=page_url(f"{HOME}/{key}/{language}/terugzetten"),
        tabs=_tabs(now, "history"),
        breadcrumbs=crumbs(*TRAIL, (now.text.label, f"{HOME}/{key}/{language}"), (_("Geschiedenis"), None)),
    )


@pages.route(f"{HOME}/<key>/<language>/terugzetten", permission=MANAGE, methods=["POST"])
def restore(key: str, language: str) -> ResponseReturnValue:
    """Make an earlier version count again, or the default (0)."""
    number, version = request.form.get("nummer", type=int), request.form.get("version", type=int)
    if number is None or version is None or not 0 <= number < 2**31:
        raise Invalid(_("Dit formulier is niet compleet. Open de pagina opnieuw en vul het nog eens in."))
    services.put_back(current_uow(), key, language, number, version)
    say(_("De standaardtekst geldt weer.") if number == 0 else _("Versie {number} geldt weer.", number=number))
    return go(f"{HOME}/{key}/{language}")


def _changes(before: Wording, after: Wording) -> list[tuple[Text, Any, Any]]:
    """What differs: (label, the words before, the words after), with what went and came marked."""
    parts = ((_("Onderwerp"), before.subject, after.subject), (_("Tekst"), before.body, after.body))
    return [(label, *marked_differences(old, new)) for label, old, new in parts if old != new]


def _editor(
    status: int, now: TextNow, form: BoundForm, *, preview: Wording | None = None, is_unsaved: bool = False, sent: Text | None = None
) -> ResponseReturnValue:
    text, platform = now.text, current_platform()
    return render_status(
        status,
        "core/admin/text.html",
        now=now,
        form=form,
        kind=KINDS[text.kind],
        block=label_of(platform, text.block),
        placeholders=[(item, _example(now, item.example)) for item in text.by_name.values() if text.kind == "mail" or item is CITY],
        city_name=platform.config.city.name,
        preview=_preview(now, preview) if preview else None,
        is_unsaved=is_unsaved,
        sent=sent,
        action=page_url(_path(text.key, now.language)),
        restore_action=page_url(f"{_path(text.key, now.language)}/terugzetten"),
        language_name=LANGUAGES[now.language],
        tabs=_tabs(now, "edit"),
        breadcrumbs=crumbs(*TRAIL, (text.label, None)),
    )


def _preview(now: TextNow, wording: Wording) -> dict[str, Any]:
    """How the words look: the subject and paragraphs of the mail, or the HTML of the page."""
    platform = current_platform()
    if now.text.kind == "mail":
        subject, paragraphs = fill_mail(platform, now.text, wording, now.language, example_values(now.text))
        return {"subject": subject, "paragraphs": paragraphs}
    return {"html": shown(platform, now.text, wording, now.language)}


def _example(now: TextNow, example: object) -> str:
    with current_platform().translations.use(now.language):
        return " ".join(str(part) for part in example) if isinstance(example, tuple) else str(example)


def _read(now: TextNow) -> Wording:
    """The words that were sent. Raises Invalid with all that is wrong: with the fields, and with what is filled in."""
    wording = services.tidy_wording(now.text, request.form.get("subject", ""), request.form.get("body", ""))
    errors: dict[str, list[Text]] = {}
    for check in (lambda: parse(_schema(now), request.form), lambda: services.check_wording(now.text, wording)):
        try:
            check()
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)
    return wording


def _schema(now: TextNow) -> type[Schema]:
    """The form of a text. One that says nothing by default may be empty."""
    text, required = now.text, bool(now.text.body)
    rows, about = (16, _MAIL) if text.kind == "mail" else (3, _LINE) if text.line else (12, _MARKDOWN)
    asked: dict[str, fields.Field[Any]] = {}
    if text.kind == "mail":
        about_subject = {"label": _("Onderwerp"), "lang": now.language}
        asked["subject"] = fields.String(required=True, validate=validate.Length(max=MAX_SUBJECT), metadata=about_subject)
    asked["body"] = fields.String(
        required=required,
        load_default=missing if required else "",
        validate=validate.Length(max=services.MAX_LINE if text.line else services.MAX_BODY),
        metadata={"label": _("Tekst"), "widget": "textarea", "rows": rows, "help": about, "lang": now.language},
    )
    return FormSchema.from_dict(asked, name="CoreText")


def _form(now: TextNow, wording: Wording) -> BoundForm:
    return _bound(now, data={"subject": wording.subject, "body": wording.body}, version=now.version)


def _bound(now: TextNow, **given: Any) -> BoundForm:
    return BoundForm(_schema(now), **given)


def _path(key: str, language: str) -> str:
    return f"{HOME}/{key}/{language}"


def _older(key: str, language: str, cursor: str | None) -> str | None:
    return f"{page_url(_path(key, language))}/geschiedenis?cursor={cursor}" if cursor else None


def _tabs(now: TextNow, tab: str) -> list[tuple[Text | str, str, bool]]:
    """The languages of the text, and its history."""
    spoken = languages(current_platform().config.city.languages)
    links: list[tuple[Text | str, str, bool]] = [
        (LANGUAGES[language], page_url(_path(now.text.key, language)), tab == "edit" and language == now.language) for language in spoken
    ]
    label = _("Geschiedenis ({language})", language=LANGUAGES[now.language])
    return [*links, (label, page_url(f"{_path(now.text.key, now.language)}/geschiedenis"), tab == "history")]
