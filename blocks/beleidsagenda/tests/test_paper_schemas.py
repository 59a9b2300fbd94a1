"""What cannot be filled in for a point of an agenda or a paper."""

from __future__ import annotations

from typing import Any

import pytest

from samen_beleidsagenda.schemas.agendas import AddItemSchema
from samen_beleidsagenda.schemas.documents import AddVersionSchema, EnterDocumentSchema
from samen_core.api import Invalid, load


def test_a_heading_is_no_hammer_item() -> None:
    with pytest.raises(Invalid) as problem:
        load(AddItemSchema, {"title": "Hamerstukken", "heading": True, "hammer_item": True})
    assert list(problem.value.errors) == ["hammer_item"]


@pytest.mark.parametrize(
    ("schema", "values", "field"),
    [
        (EnterDocumentSchema, {"url": "geen webadres"}, "url"),
        (EnterDocumentSchema, {"url": "https://a.example/1", "file": {"id": "01890a5d-ac96-774b-bcce-b302099a8057"}}, "url"),
        (EnterDocumentSchema, {"sha256": "ab" * 32}, "sha256"),
        (EnterDocumentSchema, {"url": "https://a.example/1", "sha256": "xyz"}, "sha256"),
        (EnterDocumentSchema, {"woo_category": "c_00000000"}, "woo_category"),
        (EnterDocumentSchema, {"type": "rumour"}, "type"),
        (AddVersionSchema, {"version": 1}, "file"),
    ],
)
def test_what_cannot_be_is_refused(schema: Any, values: dict[str, Any], field: str) -> None:
    base = {} if schema is AddVersionSchema else {"type": "proposal", "title": "Voorstel", "date": "2026-11-22"}
    with pytest.raises(Invalid) as problem:
        load(schema, {**base, **values})
    assert list(problem.value.errors) == [field]
