"""Dossiers over REST: what the city works on, with every act as a sub-resource."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import PartialDate, area_tree
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import LEVELS, PHASES, SIDE_PHASES, STATES, Dossier
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.queries.dossiers import ORDERS, DossierFilter, areas_of, list_dossiers, phase_changes, projects_of, themes_of
from samen_beleidsagenda.queries.lights import LIGHTS, lights_of_dossiers
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.dossiers import (
    ChooseLevel,
    ChooseLevelSchema,
    CreateDossier,
    CreateDossierSchema,
    MoveDossier,
    MoveDossierSchema,
    UpdateDossier,
    UpdateDossierSchema,
)
from samen_beleidsagenda.services import dossiers
from samen_beleidsagenda.services.common import get_thing
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page

Ids = dict[uuid.UUID, list[uuid.UUID]]
ALL_PHASES = (*PHASES, *SIDE_PHASES)
FACTS = (
    "id",
    "version",
    "title",
    "summary",
    "why",
    "question",
    "phase",
    "phase_before",
    "phase_since",
    "level",
    "level_reason",
    "holder_id",
    "organization_id",
    "contact",
    "start_date",
    "expected_end",
    "tags",
    "state",
    "confidential",
    "published_at",
    "changed_at",
)
COLUMNS = tuple(Dossier.__table__.c[name] for name in (*FACTS, "slug", "sort_title"))


class DossierArgumentsSchema(PageArgumentsSchema):
    """Which dossiers."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title or the text."})
    phase = fields.String(load_default=None, validate=validate.OneOf(ALL_PHASES))
    light = fields.String(load_default=None, validate=validate.OneOf(LIGHTS), metadata={"description": "Derived from dates."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area, with all that lies in it."})
    holder_id = fields.UUID(data_key="holderId", load_default=None, metadata={"description": "The post that holds the dossier."})
    running = fields.Boolean(load_default=False, metadata={"description": "Only those that are not completed or withdrawn."})
    order = fields.String(load_default="title", validate=validate.OneOf(tuple(ORDERS)))


def _partial(description: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": f"{description}: `2027-03-12`, `2027-03` or `2027`."})


class DossierSchema(Schema):
    """A dossier."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True, metadata={"description": "In plain language."})
    why = fields.String(required=True)
    question = fields.String(required=True, metadata={"description": "What is to be decided."})
    phase = fields.String(required=True, validate=validate.OneOf(ALL_PHASES))
    phase_before = fields.String(required=True, allow_none=True, metadata={"description": "Where one on hold or withdrawn was."})
    phase_since = MomentField(required=True)
    light = fields.String(required=True, validate=validate.OneOf(LIGHTS))
    level = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(LEVELS), metadata={"description": "Null: not chosen yet; `none`: refused."}
    )
    level_reason = fields.String(required=True)
    holder_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The post that holds the dossier."})
    organization_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Who does the work."})
    contact = fields.String(required=True)
    start_date = _partial("When it began")
    expected_end = _partial("When it is expected to be done")
    tags = fields.List(fields.String(), required=True)
    theme_ids = fields.List(fields.UUID(), required=True)
    area_ids = fields.List(fields.UUID(), required=True, metadata={"description": "None: the whole city."})
    project_ids = fields.List(fields.UUID(), required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


class PhaseChangeSchema(Schema):
    """A move of a dossier from one phase to another."""

    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, validate=validate.OneOf(ALL_PHASES))
    reason = fields.String(required=True)
    at = MomentField(required=True)


class OneDossierSchema(DossierSchema):
    """A dossier with its moves, first to last."""

    phases = fields.List(fields.Nested(PhaseChangeSchema), required=True)


def _represent(row: Any, light: str, themes: Ids, areas: Ids, projects: Ids) -> dict[str, Any]:
    base = base_url()
    return {
        **{name: getattr(row, name) for name in FACTS},
        "start_date": _plain(row.start_date),
        "expected_end": _plain(row.expected_end),
        "tags": list(row.tags or ()),
        "uri": f"{base}/id/dossier/{row.id}",
        "url": base + paths.dossier(row.slug),
        "light": light,
        "theme_ids": sorted(themes.get(row.id, ())),
        "area_ids": sorted(areas.get(row.id, ())),
        "project_ids": sorted(projects.get(row.id, ())),
    }


def _plain(value: PartialDate | None) -> str | None:
    return str(value) if value is not None else None


def _answer(dossier: Dossier, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    ids = [dossier.id]
    body = _represent(dossier, lights_of_dossiers(uow, ids)[dossier.id], themes_of(uow, ids), areas_of(uow, ids), projects_of(uow, ids))
    moves = [{name: getattr(move, name) for name in ("before", "after", "reason", "at")} for move in phase_changes(uow, dossier.id)]
    location = f"{API}/dossiers/{dossier.id}" if status == 201 else ""
    return reply({**body, "phases": moves}, status, version=dossier.version, location=location)


@rest.route("/dossiers", public=True)
@rest.arguments(DossierArgumentsSchema, location="query")
@rest.listing(DossierSchema)
def list_public_dossiers(arguments: dict[str, Any]) -> Response:
    """Public dossiers, by title or the newest change first."""
    uow = current_uow()
    area_ids = area_tree(uow).within(arguments["area_id"]) if arguments["area_id"] else None
    chosen = DossierFilter(
        text=arguments["q"],
        area_ids=area_ids,
        **{name: arguments[name] for name in ("phase", "light", "theme_id", "holder_id", "running")},
    )
    page = list_dossiers(uow, chosen, arguments["page"], order=arguments["order"], with_count=False, columns=COLUMNS)
    ids = [row.id for row in page.items]
    themes, areas, projects = themes_of(uow, ids), areas_of(uow, ids), projects_of(uow, ids)
    return reply_page(page, [_represent(row, row.light, themes, areas, projects) for row in page.items], arguments["page"])


@rest.route("/dossiers", methods=["POST"], permission=WRITE)
@rest.arguments(CreateDossierSchema)
@rest.response(201, OneDossierSchema)
def create_dossier(command: CreateDossier) -> Response:
    """Add a dossier, as a draft."""
    return _answer(dossiers.create_dossier(current_uow(), command), 201)


@rest.route("/dossiers/<uuid:id>", public=True)
@rest.response(200, OneDossierSchema)
def one_dossier(id: uuid.UUID) -> Response:
    """One dossier with the moves that it made."""
    return _answer(get_thing(current_uow(), Dossier, id))


@rest.route("/dossiers/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(UpdateDossierSchema)
@rest.response(200, OneDossierSchema)
def replace_dossier(command: UpdateDossier, id: uuid.UUID) -> Response:
    """Replace what is known of a dossier: what is left out becomes empty. Its phase and level have acts of their own."""
    return _answer(dossiers.update_dossier(current_uow(), id, command))


@rest.route("/dossiers/<uuid:id>/phase", methods=["POST"], permission=WRITE)
@rest.arguments(MoveDossierSchema)
@rest.response(200, OneDossierSchema)
def move_dossier(command: MoveDossier, id: uuid.UUID) -> Response:
    """Bring a dossier to another phase; back, on hold and withdrawn need a reason."""
    return _answer(dossiers.move_phase(current_uow(), id, command))


@rest.route("/dossiers/<uuid:id>/level", methods=["POST"], permission=WRITE)
@rest.arguments(ChooseLevelSchema)
@rest.response(200, OneDossierSchema)
def choose_dossier_level(command: ChooseLevel, id: uuid.UUID) -> Response:
    """Choose how much residents have to say; `none` needs a reason."""
    return _answer(dossiers.choose_level(current_uow(), id, command))


add_approvals(
    Approvals(
        noun="a dossier",
        path="/dossiers",
        model=Dossier,
        answer=OneDossierSchema,
        represent=_answer,
        publish=dossiers.publish_dossier,
        remove=dossiers.remove_dossier,
    )
)
