"""Personal data: declared where it is stored, and everything that follows from the declarations (AVG art. 5, 15, 17, 20, 30)."""

from __future__ import annotations

from samen_core.privacy.declarations import (
    NOT_PERSONAL,
    PERSONAL,
    Basis,
    Erase,
    Expiry,
    People,
    Personal,
    Receiver,
    declaration,
    declared_columns,
    not_personal,
    owner_column,
    personal,
    thing,
    thing_of,
)
from samen_core.privacy.models import PersonalField, RetentionRun, declaration_rows, stored_declaration

__all__ = [
    "NOT_PERSONAL",
    "PERSONAL",
    "Basis",
    "Erase",
    "Expiry",
    "People",
    "Personal",
    "PersonalField",
    "Receiver",
    "RetentionRun",
    "declaration",
    "declaration_rows",
    "declared_columns",
    "not_personal",
    "owner_column",
    "personal",
    "stored_declaration",
    "thing",
    "thing_of",
]
