"""Run in another environment: walks the pages of the installation in this folder and tells what it saw, as JSON."""

from __future__ import annotations

import json
import sys

from samen_core.app import create_app
from samen_core.config import load_config
from samen_core.platform import Platform
from samen_core.testing.crawl import crawl
from samen_core.web.headers import PAGE_HEADERS


def look(permalinks: list[str]) -> dict[str, object]:
    """The pages with their problems, and the answers on lasting addresses."""
    platform = Platform(load_config())
    client = create_app(platform).test_client()
    pages = list(crawl(client, headers=PAGE_HEADERS))
    answers = {path: client.get(path, follow_redirects=True) for path in permalinks}
    platform.close()
    return {
        "pages": sorted(page.path for page in pages),
        "problems": [f"{page.path}: {problem}" for page in pages for problem in page.problems],
        "permalinks": {path: [answer.status_code, answer.get_data(as_text=True)] for path, answer in answers.items()},
        "blocks": sorted(name for name in sys.modules if name.startswith("samen_") and "." not in name),
    }


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1:])))
