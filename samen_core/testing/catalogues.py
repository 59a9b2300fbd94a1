"""Compares the Dutch texts in the code and templates of a package with its English catalogue (``translations/en.po``).

``python -m samen_core.testing.catalogues src/samen_buurtbudget`` prints what has no translation and what is translated but no longer
said; the status is 1 when there is any. With ``--update`` the catalogue gets an empty entry for every new text and loses what is
obsolete; translations that are there stay.
"""

from __future__ import annotations

import argparse
import ast
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

KEYWORDS = {"_": None, "n_": (1, 2)}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}
NOT_SAID = {"migrations", "template"}
DECLARING = ("personal", "thing")
LANGUAGE = "en"
HEADER = r"""msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"""
Key = str | tuple[str, ...]


def sources(package: Path) -> list[Path]:
    """The files with texts: modules and templates, without migrations and without the template of new blocks, which has its own English."""
    modules = package.rglob("*.py")
    templates = (path for folder in package.rglob("templates") for path in folder.rglob("*") if path.suffix in (".html", ".txt"))
    return sorted(path for path in {*modules, *templates} if not NOT_SAID & set(path.relative_to(package).parts))


def said(package: Path) -> dict[Key, list[str]]:
    """Every Dutch text of a package (a pair for one with a plural), with the places where it is said.

    Texts are what ``_`` and ``n_`` mark, and what ``personal`` declares.
    """
    found: dict[Key, list[str]] = {}
    for path in sources(package):
        method: Any = METHODS[path.suffix]
        if method != "python":
            from jinja2.ext import babel_extract

            method = babel_extract
        with path.open("rb") as stream:
            for line, message, _comments, _context in extract(method, stream, keywords=KEYWORDS, options={"silent": "false"}):
                key = tuple(message) if isinstance(message, tuple | list) else message
                if key:
                    found.setdefault(key, []).append(f"{path.relative_to(package.parent)}:{line}")
        if path.suffix == ".py":
            for text, line in _declared(path):
                found.setdefault(text, []).append(f"{path.relative_to(package.parent)}:{line}")
    return found


def _declared(path: Path) -> Iterator[tuple[str, int]]:
    """The texts in declarations of personal data, which are shown to people too; constants of the module are followed."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECLARING:
            named = [keyword.value for keyword in node.keywords if keyword.arg in ("purpose", "retention", "label", "keep_reason")]
            for value in (*node.args[0:1], *node.args[2:3], *named):
                text = constants.get(value.id) if isinstance(value, ast.Name) else value
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value, node.lineno


def catalogue(package: Path) -> Catalog:
    """The English catalogue of a package; a new one when it has none."""
    path = package / "translations" / f"{LANGUAGE}.po"
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE)


def key_of(message: Message) -> Key:
    """The text of a message, or its two forms."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else message.id


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation of a message, one or two forms."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def placeholders(text: str) -> set[str]:
    """The names in braces. Raises ValueError for a text that cannot be filled in."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def problems(package: Path) -> Iterator[str]:
    """One line for every text that is not, no longer or wrongly translated."""
    texts = said(package)
    known = {key_of(message): message for message in catalogue(package) if message.id}
    for key, places in texts.items():
        message = known.get(key)
        if message is None or message.fuzzy or not all(forms_of(message)):
            yield f"{places[0]}: no English for {key!r}"
            continue
        yield from _wrong_placeholders(key, message, places[0])
    for key in known.keys() - texts.keys():
        yield f"{package.name}: no longer said: {key!r}"


def _wrong_placeholders(key: Key, message: Message, place: str) -> Iterator[str]:
    dutch = set().union(*(placeholders(form) for form in ((key,) if isinstance(key, str) else key)))
    for form in forms_of(message):
        given = placeholders(form)
        if not given <= dutch or (isinstance(key, str) and given != dutch):
            yield f"{place}: {form!r} has the placeholders {sorted(given)}, the Dutch {sorted(dutch)}"


def update(package: Path) -> None:
    """Bring a catalogue up to date: an empty entry for each new text, nothing of what is obsolete, in the order of the texts."""
    old = {key_of(message): message for message in catalogue(package) if message.id}
    texts = said(package)
    if not texts:
        return
    made = Catalog(locale=LANGUAGE)
    for key in texts:
        before = old.get(key)
        made.add(key, string=before.string if before else None, user_comments=before.user_comments if before else ())
    path = package / "translations" / f"{LANGUAGE}.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as stream:
        stream.write(f"# English texts of {package.name}.\n{HEADER}\n".encode())
        write_po(stream, made, width=0, no_location=True, omit_header=True, sort_output=True)


def main(arguments: Sequence[str] | None = None, packages: Sequence[Path] = ()) -> int:
    """Check or update these packages, or those that the arguments name; the status is 1 when something is not translated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the catalogues")
    parser.add_argument("package", nargs="*", help="a folder, or the name of one that is known (samen_core, citycontent, ...)")
    chosen = parser.parse_args(arguments)
    known = {package.name: package for package in packages}
    found: list[str] = []
    for package in [known.get(name, Path(name)) for name in chosen.package] or packages:
        if chosen.update:
            update(package)
        found += problems(package)
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
