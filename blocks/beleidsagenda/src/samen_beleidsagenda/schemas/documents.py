"""Commands about documents and where they are treated."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    SHORT,
    CommandSchema,
    choice_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    references_field,
    url_field,
    version_field,
)
from samen_beleidsagenda.labels import DOCUMENT_TYPE_LABELS, ROLE_LABELS
from samen_beleidsagenda.models import NUMBER_LENGTH
from samen_beleidsagenda.woo import COUNCIL_PAPERS, WOO_CATEGORIES
from samen_core.api import FileReference, FileValue, Text, _

LANGUAGES: dict[str, Text] = {"nl": _("Nederlands"), "en": _("Engels")}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDocument:
    """Enter a paper, as a draft, with its first version: a file of ours, or an address elsewhere."""

    type: str
    title: str
    date: date
    reference: str = ""
    summary: str = ""
    woo_category: str = COUNCIL_PAPERS
    language: str = "nl"
    licence: str = ""
    page_url: str = ""
    confidential: bool = False
    dossier_ids: tuple[uuid.UUID, ...] = ()
    file: FileValue | None = None
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocument:
    """Replace what is known of a paper, not its versions."""

    type: str
    title: str
    date: date
    version: int
    reference: str = ""
    summary: str = ""
    woo_category: str = COUNCIL_PAPERS
    language: str = "nl"
    licence: str = ""
    page_url: str = ""
    confidential: bool = False
    dossier_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVersion:
    """A newer version of a paper; ``note`` says what changed."""

    version: int
    file: FileValue | None = None
    url: str = ""
    sha256: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatDocument:
    """Put a paper at a point of an agenda. ``authoritative``: here it is decided about, and no longer elsewhere."""

    document_id: uuid.UUID
    role: str = "information"
    authoritative: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTreatment:
    """Why a paper lies at a point, and what came of it."""

    version: int
    role: str = "information"
    authoritative: bool = False
    outcome: str = ""


def _sha256_field() -> fields.String:
    check = validate.Regexp(r"^([0-9a-fA-F]{64})?$", error=_("Een SHA-256 heeft 64 cijfers en letters van a tot en met f.").id)
    return fields.String(load_default="", validate=check, metadata={"label": _("SHA-256 van het bestand op dat adres"), "maxlength": 64})


def _file_field() -> FileReference:
    return FileReference(load_default=None, allow_none=True, metadata={"label": _("Bestand")})


def _check_one(data: dict[str, Any]) -> None:
    if data.get("file") and data.get("url"):
        raise ValidationError({"url": [_("Kies een bestand of vul een webadres in, niet allebei.")]})
    if data.get("sha256") and not data.get("url"):
        raise ValidationError({"sha256": [_("Dit hoort bij een webadres. Van een bestand dat u kiest, berekenen wij het zelf.")]})


class _DocumentSchema(CommandSchema):
    type = choice_field(DOCUMENT_TYPE_LABELS, _("Wat voor stuk is het?"), widget="select")
    title = name_field(_("Titel"))
    reference = line_field(_("Kenmerk"), longest=NUMBER_LENGTH)
    date = fields.Date(required=True, metadata={"label": _("Datum van het stuk"), "widget": "date"})
    summary = prose_field(_("Samenvatting"), _("In gewone woorden: wat staat erin?"), rows=4)
    woo_category = choice_field(WOO_CATEGORIES, _("Woo-categorie"), default=COUNCIL_PAPERS, widget="select")
    language = choice_field(LANGUAGES, _("Taal van het stuk"), default="nl", widget="select")
    licence = line_field(_("Licentie"), _("Bijvoorbeeld CC0."), SHORT)
    page_url = url_field(_("Pagina van het stuk op een andere website"))
    confidential = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Vertrouwelijk"),
            "help": _("Alleen wie vertrouwelijke stukken mag zien, ziet dit stuk en zijn bestanden."),
            "widget": "checkbox",
        },
    )
    dossier_ids = references_field(_("Dossiers"))


class EnterDocumentSchema(_DocumentSchema):
    """A new paper."""

    command: ClassVar[type[Any]] = EnterDocument

    file = _file_field()
    url = url_field(_("Of het webadres van het bestand"))
    sha256 = _sha256_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_one(data)


class ChangeDocumentSchema(_DocumentSchema):
    """Changes to a paper."""

    command: ClassVar[type[Any]] = ChangeDocument

    version = version_field()


class AddVersionSchema(CommandSchema):
    """A newer version."""

    command: ClassVar[type[Any]] = AddVersion

    file = _file_field()
    url = url_field(_("Of het webadres van het bestand"))
    sha256 = _sha256_field()
    note = line_field(_("Wat is er veranderd?"), longest=SHORT)
    version = version_field()

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _check_one(data)
        if not data.get("file") and not data.get("url"):
            raise ValidationError({"file": [_("Kies een bestand of vul een webadres in.")]})


def _role_fields() -> dict[str, Any]:
    return {
        "role": choice_field(ROLE_LABELS, _("Waarom ligt het stuk hier?"), default="information"),
        "authoritative": fields.Boolean(
            load_default=False,
            metadata={
                "label": _("Hier wordt over het stuk besloten"),
                "help": _("Dat kan maar op één plek. Kies dan hierboven “Besluiten”. Op een andere plek wordt het alleen besproken."),
                "widget": "checkbox",
            },
        ),
        "outcome": line_field(_("Wat kwam eruit?"), longest=SHORT),
    }


class TreatDocumentSchema(CommandSchema):
    """A paper at a point of an agenda."""

    command: ClassVar[type[Any]] = TreatDocument

    document_id = reference_field(_("Stuk"), required=True)
    role, authoritative, outcome = _role_fields().values()


class ChangeTreatmentSchema(CommandSchema):
    """What a paper does at a point."""

    command: ClassVar[type[Any]] = ChangeTreatment

    role, authoritative, outcome = _role_fields().values()
    version = version_field()
