"""Texts and documents of a block."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata

from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding

FEWEST_WORDS, FEWEST_HEADINGS = 150, 3


def check_translations(context: Context) -> Iterator[Finding]:
    """Every Dutch text in code, templates and declarations has its English, with the same placeholders, and nothing else has."""
    from samen_core.testing.catalogues import problems

    yield from problems(context.installed.folder)


def check_mails(context: Context) -> Iterator[Finding]:
    """No mail is written in the code where a city cannot change its words: nothing makes a ``Message`` itself."""
    for module in context.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and _name(node.func) == "Message":
                yield f"{module.name}.py:{node.lineno}: makes a Message: declare the mail in managed_texts.py and use managed_mail"


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def check_documents(context: Context) -> Iterator[Finding]:
    """A process description and an implementation guide, with headings and of some length; a README and a CHANGELOG."""
    for name, title in (("proces.nl.md", "process description"), ("invoering.nl.md", "implementation guide")):
        path = context.installed.document(name)
        if path is None:
            yield f"there is no docs/{name}: the {title} for people of the city, in Dutch"
            continue
        text = path.read_text(encoding="utf-8")
        words, headings = len(text.split()), len(re.findall(r"^##+ \S", text, re.MULTILINE))
        if words < FEWEST_WORDS or headings < FEWEST_HEADINGS:
            yield f"docs/{name} has {words} words and {headings} headings; a {title} needs {FEWEST_WORDS} and {FEWEST_HEADINGS}"
    if context.installed.folder.parent.name == "src":
        for name in ("README.md", "CHANGELOG.md"):
            if context.installed.beside(name) is None:
                yield f"there is no {name} beside src"
    try:
        said = metadata(context.installed.distribution) if context.installed.distribution else None
    except PackageNotFoundError:
        said = None
    if said is not None and not str(said.json.get("description", "")).strip():
        yield "the distribution has no long description: name README.md in setup.cfg"
