"""The JSON-LD document of one thing of the agenda, for ``/id/{type}/{uuid}.jsonld``: what its page shows, no more (schema.org)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from citycontent.api import Organization
from samen_beleidsagenda.labels import RESULT_LABELS
from samen_beleidsagenda.models import Decision
from samen_beleidsagenda.paths import decision as decision_path
from samen_beleidsagenda.services.common import dossier_of, get_thing
from samen_beleidsagenda.services.kinds import DECISION, DOSSIER
from samen_core.api import UnitOfWork

Node = dict[str, Any]
CONTEXT = "https://schema.org"


def decision(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A decision of a body; ``comment`` is what was done with what residents said. Raises NotFound."""
    found = get_thing(uow, Decision, id)
    base = uow.platform.config.web.base_url.rstrip("/")
    body, dossier = uow.session.get(Organization, found.body_id), dossier_of(uow, found)
    facts: Node = {
        "@context": CONTEXT,
        "@type": "Legislation",
        "@id": f"{base}/id/{DECISION.name}/{id}",
        "url": base + decision_path(id),
        "inLanguage": "nl",
        "name": found.title,
        "text": found.text,
        "abstract": str(RESULT_LABELS[found.result]),
        "legislationDate": found.decided_on.isoformat(),
        "legislationDateVersion": found.effective_on.isoformat() if found.effective_on else None,
        "legislationChanges": f"{base}/id/{DECISION.name}/{found.replaces_id}" if found.replaces_id else None,
        "comment": {"@type": "Comment", "text": found.participation} if found.participation else None,
        "isPartOf": f"{base}/id/{DOSSIER.name}/{dossier.id}" if dossier is not None and dossier.is_public else None,
    }
    if body is not None:
        identity = f"{base}/id/organization/{body.id}"
        facts["legislationPassedBy"] = {"@type": "GovernmentOrganization", "@id": identity, "name": body.name}
    return {name: value for name, value in facts.items() if value}


DOCUMENTS: dict[str, Callable[[UnitOfWork, uuid.UUID], Node]] = {DECISION.name: decision}
"""By type of the register."""
