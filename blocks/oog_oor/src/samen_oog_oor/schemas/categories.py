"""Commands about categories."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCategory:
    """What a category is from now on.

    ``parent_id`` None makes it a main one. An empty ``code`` is made from the name; it never changes afterwards. ``form`` None leaves the
    questions as they are. ``version`` is the one that was read; a new one has none.
    """

    name: str
    parent_id: uuid.UUID | None = None
    code: str = ""
    name_en: str = ""
    description: str = ""
    words: str = ""
    promise: str = ""
    icon: str = "map-pin"
    form: Mapping[str, Any] | None = None
    term_days: int = 5
    radius: int = 50
    publication: str = "point"
    stop: str = ""
    stop_text: str = ""
    stop_text_en: str = ""
    stop_url: str = ""
    stop_phone: str = ""
    confirm_by_mail: bool = False
    confidential: bool = False
    organization_id: uuid.UUID | None = None
    version: int | None = None
