"""The configuration of a platform under test; free of pytest, so that the command line may use it too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samen_core.config import Config, build_config

SECRET = "test-secret-" + "0" * 32


def make_config(folder: Path, database_url: str, **values: Any) -> Config:
    """A test configuration in ``folder``; ``values`` are those of a samen.toml."""
    base: dict[str, Any] = {
        "environment": "test",
        "database_url": database_url,
        "city": {
            "name": "Gemeente Zoetermeer",
            "short_name": "SamenZoetermeer",
            "code": "GM0637",
            "contact_email": "samen@zoetermeer.example",
        },
        "limits": {"enabled": False},
    }
    # Otherwise the second request of a test would say nothing of what a page costs or shows.
    values["web"] = {"kept_pages": 0, **values.get("web", {})}
    return build_config({**base, **values}, folder=folder, environ={"SAMEN_SECRET_KEY": SECRET})
