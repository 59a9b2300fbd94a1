"""HTML conformance: the Nu validator and html-validate over rendered pages."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.paths import NODE_MODULES

VNU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
HTML_VALIDATE = NODE_MODULES / "html-validate" / "bin" / "html-validate.mjs"

SETTINGS = {
    "root": True,
    "elements": ["html5"],
    "extends": ["html-validate:standard", "html-validate:a11y"],
    "rules": {
        "form-dup-name": ["error", {"shared": ["radio", "checkbox", "submit", "button"]}],
        "input-missing-label": "error",
        "no-implicit-input-type": "error",
        "no-inline-style": "error",
        "no-redundant-role": "off",  # role="list" gives a list without bullets its meaning back in Safari
    },
}


def html_problems(pages: Mapping[str, str]) -> list[str]:
    """What is wrong with these pages (name, such as the path, to HTML): one line per problem, with the page and the line in it.

    One call for many pages: each of the two validators takes seconds to start.
    """
    with tempfile.TemporaryDirectory(prefix="samen-html-") as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            path = Path(folder) / f"{number}.html"
            path.write_text(html, encoding="utf-8")
            names[str(path)] = name
        return sorted(_vnu(names) + _html_validate(names, Path(folder)))


def _vnu(names: Mapping[str, str]) -> list[str]:
    command = ["java", "-jar", str(VNU), "--errors-only", "--format", "json", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads(done.stderr)
    return [
        f"{names[message['url'].removeprefix('file:')]}:{message.get('lastLine', 1)}: {message['message']} (vnu)"
        for message in report["messages"]
    ]


def _html_validate(names: Mapping[str, str], folder: Path) -> list[str]:
    settings = folder / ".htmlvalidate.json"
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    report = folder / "report.json"  # through a pipe a long report would be cut off at the end of the process
    command = ["node", str(HTML_VALIDATE), "--config", str(settings), "--formatter", f"json={report}", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not report.is_file():
        raise RuntimeError(f"html-validate failed: {done.stderr}")
    return [
        f"{names[result['filePath']]}:{message['line']}: {message['message']} (html-validate {message['ruleId']})"
        for result in json.loads(report.read_text(encoding="utf-8"))
        for message in result["messages"]
    ]
