"""Static files of core and the blocks, with the hash of their content in the address, so that browsers keep them for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from flask import Response, send_file
from werkzeug.exceptions import NotFound

FOREVER = "public, max-age=31536000, immutable"
CITY = "city"
_HASHED = re.compile(r"(?P<stem>.+)\.(?P<hash>[0-9a-f]{12})(?P<suffix>\.\w+)")


class Assets:
    """The static files of one platform: ``owner/path`` to a file, and its address."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self.folders = folders
        self._urls: dict[str, str] = {}

    def url(self, name: str) -> str:
        """The address of ``owner/path``. Raises FileNotFoundError for a file that is not there."""
        if name not in self._urls:
            path = self._path(name)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            stem, dot, suffix = name.rpartition(".")
            self._urls[name] = f"/static/{stem}.{digest}.{suffix}" if dot else f"/static/{name}"
        return self._urls[name]

    def _path(self, name: str) -> Path:
        owner, _, rest = name.partition("/")
        folder = self.folders.get(owner)
        if folder is None:
            raise FileNotFoundError(name)
        path = (folder / rest).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise FileNotFoundError(name)
        return path

    def serve(self, address: str) -> Response:
        """The answer for ``/static/<address>``: kept for ever with the right hash, revalidated without."""
        match = _HASHED.fullmatch(address)
        name = match["stem"] + match["suffix"] if match else address
        try:
            path = self._path(name)
            right = bool(match) and self.url(name) == f"/static/{address}"
        except (FileNotFoundError, ValueError):
            raise NotFound from None
        response = send_file(path, conditional=True, etag=True)
        response.headers["Cache-Control"] = FOREVER if right else "public, no-cache"
        return response
