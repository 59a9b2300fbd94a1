"""Commands about connections: keys to write here, servers that cases go to, and messages that another server sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line, line_field, reference_field, url_field, version_field
from samen_core.api import _
from samen_oog_oor.models.base import TITLE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeKey:
    """Make a key."""

    name: str


class MakeKeySchema(CommandSchema):
    """The command to make a key."""

    command: ClassVar[type[Any]] = MakeKey

    name = Line(
        required=True,
        validate=validate.Length(1, TITLE_LENGTH),
        metadata={"label": _("Waar is de sleutel voor?"), "help": _("Zoals de naam van uw app. Zo herkent u de sleutel later.")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveServer:
    """Another Open311 server. An empty ``key`` leaves the stored one as it is. ``version`` is None for a new one."""

    name: str
    url: str
    organization_id: uuid.UUID
    jurisdiction_id: str = ""
    key: str = ""
    active: bool = True
    version: int | None = None


class SaveServerSchema(CommandSchema):
    """The command to add a server."""

    command: ClassVar[type[Any]] = SaveServer

    name = Line(
        required=True, validate=validate.Length(1, 80), metadata={"label": _("Naam"), "help": _("Zoals: Provincie, of Aannemer licht.")}
    )
    url = url_field(_("Adres van Open311"), _("Het adres waar services.json onder staat, zoals https://voorbeeld.nl/open311/v2."))
    organization_id = reference_field(
        _("Van welke organisatie is deze server?"), _("De organisatie die daar het werk doet."), required=True
    )
    jurisdiction_id = line_field(_("Naam van de gemeente daar (jurisdiction_id)"), _("Alleen als de andere kant dat vraagt."), TITLE_LENGTH)
    key = line_field(
        _("Sleutel"),
        _("De api_key die u van de andere kant kreeg. Wij bewaren hem verzegeld en tonen hem nooit meer."),
        200,
        autocomplete="off",
    )
    active = fields.Boolean(load_default=False, metadata={"label": _("Stuur zaken door en haal berichten op")})


class UpdateServerSchema(SaveServerSchema):
    """The command to change a server."""

    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCategory:
    """Cases of a category go to a server from now on, which calls it ``service_code``."""

    category_id: uuid.UUID
    service_code: str


class MapCategorySchema(CommandSchema):
    """The command to send a category on."""

    command: ClassVar[type[Any]] = MapCategory

    category_id = reference_field(_("Categorie bij ons"), required=True)
    service_code = Line(
        required=True,
        validate=validate.Length(1, 120),
        metadata={"label": _("service_code aan de andere kant"), "help": _("Staat in de lijst services.json van de andere kant.")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUpdate:
    """What another server tells of a case. ``source`` and ``source_id`` name the message; ``status`` is one of the update extension.

    It counts from when it came in: who asks for the messages of a period then misses none that was late.
    """

    number: str
    source: str
    source_id: str
    status: str
    text: str = ""
