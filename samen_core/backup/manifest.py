"""What a back-up says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from samen_core.errors import StartupError

FORMAT = 1

NOT_INCLUDED = (
    "the secret key and the passwords of database and mail server (the environment, or the files that it names)",
    "variables of the environment",
    "mail that was put in files (mail.folder), logs, and the configuration of the web server and of services",
)
"""What a back-up leaves out, as it tells."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first member of an archive. ``tables`` has the number of rows of each table; ``files`` counts contents and their bytes.

    ``blocks`` are the enabled blocks with their versions; ``revisions`` the newest migration of each owner. ``missing`` are the keys of
    files whose content was not in the folder. ``log`` is the end of the change log.
    """

    made_at: str
    samen: str
    city: dict[str, str]
    database: str
    server: str
    blocks: dict[str, str]
    revisions: dict[str, str]
    tables: dict[str, int]
    files: dict[str, int]
    missing: list[str]
    log: dict[str, Any]
    format: int = FORMAT
    not_included: list[str] = field(default_factory=lambda: list(NOT_INCLUDED))

    def to_json(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def parse(content: bytes, path: Path) -> Manifest:
    """The manifest in these bytes. Raises StartupError for another format."""
    try:
        values = json.loads(content)
        if values["format"] != FORMAT:
            raise StartupError(f"{path} has format {values['format']}, this version of samen reads {FORMAT}: install a newer version")
        return Manifest(**values)
    except (ValueError, KeyError, TypeError):
        raise StartupError(f"{path} is not a back-up of Samen: its manifest cannot be read") from None
