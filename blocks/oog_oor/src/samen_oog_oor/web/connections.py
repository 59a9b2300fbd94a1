"""Connections over Open311: one's own keys, and for who sets up the block the servers that cases go to and the keys of all."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Section, form_page
from samen_core.api import Invalid, Text, UnitOfWork, _, current_language, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.models import Server
from samen_oog_oor.permissions import CONNECT, DEFINE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.schemas.open311 import MakeKeySchema, MapCategory, MapCategorySchema, SaveServer, SaveServerSchema, UpdateServerSchema
from samen_oog_oor.services import servers as rules
from samen_oog_oor.services.forwarding import FAILED
from samen_oog_oor.services.keys import all_keys, let_update, make_key, own_keys, revoke_key
from samen_oog_oor.web.common import DESK, LABEL, desk_tabs, pages, tabs

TITLE = _("Koppelingen")
ORGANIZATION = {"organization_id": Named("organization")}
FIELDS = ("name", "url", "organization_id", "jurisdiction_id", "key", "active")
STATE_WORDS: dict[str, tuple[Text, str]] = {
    "waiting": (_("Wordt verstuurd"), "info"),
    "sent": (_("Verstuurd, wacht op een nummer"), "info"),
    "acknowledged": (_("Aangekomen"), "success"),
    "failed": (_("Niet gelukt"), "warning"),
    "closed": (_("Daar afgesloten"), "neutral"),
    "held": (_("Blijft hier zolang de zaak dicht is"), "neutral"),
    "kept": (_("Blijft hier"), "neutral"),
}
PROBLEM_WORDS: dict[str, Text] = {
    "AddressForbidden": _("Dit adres mag deze server niet aanroepen. Vraag uw beheerder."),
    "AddressUnknown": _("De naam van de server bestaat niet."),
    "NoJson": _("De server gaf een antwoord dat geen JSON is."),
    "NoList": _("De server gaf een antwoord dat niet bij Open311 past."),
    "NoId": _("De server nam de melding aan zonder nummer of token te geven."),
    "NoIdYet": _("De server heeft nog geen nummer gegeven."),
    "NoService": _("De categorie gaat niet meer naar deze server."),
}
Trail = tuple[tuple[Text | str, str | None], ...]


def problem_words(problem: str) -> Text | str:
    """A stored problem for people."""
    if not problem:
        return ""
    if problem[0].isdigit():
        return _("De server antwoordde: {answer}", answer=problem)
    return PROBLEM_WORDS.get(problem, _("Wij kregen geen verbinding ({reason}).", reason=problem))


# ---------------------------------------------------------------- one's own keys


@pages.route(paths.KEYS, permission=CONNECT)
def keys() -> ResponseReturnValue:
    """One's keys, and the form of a new one."""
    return _keys_page(200, BoundForm(MakeKeySchema))


@pages.route(paths.KEYS, permission=CONNECT, methods=["POST"])
def key_new() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    uow = current_uow()
    try:
        made = make_key(uow, parse(MakeKeySchema, request.form))
    except Invalid as error:
        return _keys_page(400, BoundForm(MakeKeySchema, data=request.form, errors=error.errors))
    return _keys_page(200, BoundForm(MakeKeySchema), made.secret)


@pages.route(f"{paths.KEYS}/<uuid:id>/intrekken", permission=CONNECT, methods=["POST"])
def key_revoke(id: uuid.UUID) -> ResponseReturnValue:
    """End a key."""
    uow = current_uow()
    revoke_key(uow, id)
    say(_("De sleutel is ingetrokken. Hij werkt meteen niet meer."))
    back = request.form.get("back") == "desk" and DEFINE.somewhere(uow.actor)
    return go(paths.SERVERS if back else paths.KEYS)


def _keys_page(status: int, form: BoundForm, secret: str = "") -> Response:
    uow = current_uow()
    base = uow.platform.config.web.base_url.rstrip("/")
    return render_status(
        status,
        "oog_oor/keys.html",
        form=form,
        secret=secret,
        keys=own_keys(uow),
        action=page_url(paths.KEYS),
        api_url=base + paths.OPEN311,
        tabs=tabs(uow.actor, paths.KEYS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Sleutels voor Open311"), None)),
    )


# ---------------------------------------------------------------- servers


@pages.route(paths.SERVERS, permission=DEFINE)
def server_list() -> ResponseReturnValue:
    """Every server that cases go to, and the keys of others to here."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    return render(
        "oog_oor/servers.html",
        tabs=tabs(uow.actor, paths.SERVERS),
        desk_tabs=desk_tabs(uow.actor, paths.SERVERS),
        servers=[(line, page_url(f"{paths.SERVERS}/{line.server.id}"), problem_words(line.server.problem)) for line in rules.servers(uow)],
        keys=all_keys(uow),
        new_url=page_url(f"{paths.SERVERS}/nieuw"),
        here=page_url(paths.SERVERS),
        keys_url=page_url(paths.KEYS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, None)),
    )


@pages.route(f"{paths.SERVERS}/nieuw", permission=DEFINE, methods=["GET", "POST"])
def server_new() -> ResponseReturnValue:
    """Add a server."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    page = FormPage(
        title=_("Een server toevoegen"),
        lead=_("Zaken van de categorieën die u straks kiest, gaan vanzelf naar deze server. Wat daar gebeurt, komt hier terug."),
        submit=_("Voeg de server toe"),
        done=_("De server is toegevoegd. Kies nu welke categorieën erheen gaan."),
        path=f"{paths.SERVERS}/nieuw",
        back=paths.SERVERS,
        trail=_trail((_("Toevoegen"), None)),
    )

    def write(command: SaveServer) -> str:
        return _path(rules.create_server(uow, command))

    return form_page(
        uow,
        page,
        FormSpec(SaveServerSchema, ORGANIZATION, required=("url",)),
        (Section(_("De server"), FIELDS),),
        write,
        values={"active": True},
    )


@pages.route(f"{paths.SERVERS}/<uuid:id>", permission=DEFINE)
def server(id: uuid.UUID) -> ResponseReturnValue:
    """A server: which categories go there, and how the last cases fared."""
    return _server_page(current_uow(), id)


@pages.route(f"{paths.SERVERS}/<uuid:id>/bewerken", permission=DEFINE, methods=["GET", "POST"])
def server_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a server."""
    uow = current_uow()
    found = rules.get_server(uow, id)
    page = FormPage(
        title=_("{name} bewerken", name=found.name),
        lead=_("Laat de sleutel leeg om de bewaarde te houden."),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{_path(found)}/bewerken",
        back=_path(found),
        trail=_trail((found.name, _path(found)), (_("Bewerken"), None)),
    )

    def write(command: SaveServer) -> str:
        return _path(rules.update_server(uow, id, command))

    sections = (Section(_("De server"), FIELDS),)
    return form_page(
        uow, page, FormSpec(UpdateServerSchema, ORGANIZATION, required=("url",)), sections, write, values=rules.server_values(found)
    )


@pages.route(f"{paths.SERVERS}/<uuid:id>/categorieen", permission=DEFINE, methods=["POST"])
def server_map(id: uuid.UUID) -> ResponseReturnValue:
    """Send a category to a server."""
    uow = current_uow()
    try:
        command: MapCategory = parse(MapCategorySchema, request.form)
        rules.map_category(uow, id, command)
    except Invalid as error:
        uow.rollback()
        return _server_page(uow, id, 400, data=request.form, errors=error.errors)
    say(_("Nieuwe zaken van deze categorie gaan nu naar deze server."))
    return go(f"{paths.SERVERS}/{id}")


@pages.route(f"{paths.SERVERS}/<uuid:id>/categorieen/<uuid:category_id>/weghalen", permission=DEFINE, methods=["POST"])
def server_unmap(id: uuid.UUID, category_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the cases of a category here."""
    rules.unmap_category(current_uow(), id, category_id)
    say(_("Zaken van deze categorie blijven voortaan hier."))
    return go(f"{paths.SERVERS}/{id}")


@pages.route(f"{paths.SERVERS}/<uuid:id>/zaken/<uuid:forward_id>/opnieuw", permission=DEFINE, methods=["POST"])
def forward_again(id: uuid.UUID, forward_id: uuid.UUID) -> ResponseReturnValue:
    """Try a case again that could not be sent."""
    rules.try_again(current_uow(), forward_id)
    say(_("Wij proberen het opnieuw. Dat duurt een paar minuten."))
    return go(f"{paths.SERVERS}/{id}")


@pages.route(f"{paths.SERVERS}/sleutels/<uuid:id>", permission=DEFINE, methods=["POST"])
def key_may_update(id: uuid.UUID) -> ResponseReturnValue:
    """Say whether a key may send messages about cases."""
    may = request.form.get("may") == "true"
    let_update(current_uow(), id, may)
    say(
        _("Met deze sleutel kunnen nu berichten over zaken worden gestuurd.")
        if may
        else _("Met deze sleutel kan alleen nog worden gemeld.")
    )
    return go(paths.SERVERS)


def _server_page(uow: UnitOfWork, id: uuid.UUID, status: int = 200, **form: Any) -> Response:
    found, language = rules.get_server(uow, id), current_language()
    path = _path(found)
    tree = category_tree(uow)
    options = [
        (str(category.id), f"{main.called(language)}: {category.called(language)}")
        for main, subs in tree.offered()
        for category in subs
        if not category.stop
    ]
    sent = [
        (forward, number, page_url(paths.work(number)), STATE_WORDS[forward.state], problem_words(forward.problem), forward.state == FAILED)
        for forward, number in rules.forwards(uow, found)
    ]
    return render_status(
        status,
        "oog_oor/server.html",
        server=found,
        problem=problem_words(found.problem),
        url=page_url(path),
        tabs=tabs(uow.actor, paths.SERVERS),
        desk_tabs=desk_tabs(uow.actor, paths.SERVERS),
        mapping=[(view.id, view.called(language), code) for view, code in rules.mapping(uow, found)],
        form=BoundForm(MapCategorySchema, options={"category_id": options}, **form),
        sent=sent,
        breadcrumbs=crumbs(*_trail((found.name, None))),
    )


def _path(server: Server) -> str:
    return f"{paths.SERVERS}/{server.id}"


def _trail(*more: tuple[Text | str, str | None]) -> Trail:
    return (LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.SERVERS), *more
