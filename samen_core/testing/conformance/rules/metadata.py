"""What a block says about itself: its distribution, its manifest, its quality.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from samen_core.blocks.quality import FILE
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding

PLATFORM = "samen"
MOST_WORDS = 40


def check_metadata(context: Context) -> Iterator[Finding]:
    """The distribution has its facts, the manifest its words, and quality.toml names rules that exist."""
    found = context.installed
    if found.problem:
        yield f"block '{found.name}' {found.problem}"
        return
    yield from _names(context)
    yield from _distribution(context)
    for what, text in (("label", str(context.block.label)), ("summary", str(context.block.summary))):
        if not text.strip():
            yield f"the {what} in block.py is empty: say in Dutch what the block is"
    if len(str(context.block.summary).split()) > MOST_WORDS:
        yield f"the summary in block.py is longer than {MOST_WORDS} words: the rest belongs in docs/proces.nl.md"
    if not (found.folder / "py.typed").is_file():
        yield "the package has no py.typed: add that empty file, so that who uses its api gets its types checked"
    yield from _quality(context)


def _names(context: Context) -> Iterator[Finding]:
    found = context.installed
    if found.distribution == PLATFORM:
        return
    wanted = f"samen-{context.block.url_name}"
    if re.sub(r"[-_.]+", "-", found.distribution).lower() != wanted:
        yield f"the distribution is called '{found.distribution}': a block '{found.name}' comes in '{wanted}'"
    if found.package != f"samen_{found.name}":
        yield f"the package is called '{found.package}': a block '{found.name}' is in 'samen_{found.name}'"


def _distribution(context: Context) -> Iterator[Finding]:
    found = context.installed
    for what, value in (("version", found.version), ("author", found.authors), ("licence", found.licence)):
        if not value.strip():
            yield f"the distribution states no {what}: add it in setup.cfg or pyproject.toml"
    try:
        said = distribution(found.distribution) if found.distribution else None
    except PackageNotFoundError:
        said = None
    if said is None or found.distribution == PLATFORM:
        return
    if not said.metadata["Summary"]:
        yield "the distribution has no description: add it in setup.cfg or pyproject.toml"
    stated = {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line, maxsplit=1)[0]).lower() for line in said.requires or ()}
    for name in ("", *context.block.requires):
        needed = context.everything[name].distribution if name in context.everything else PLATFORM
        if needed and needed.lower() not in stated:
            yield f"the distribution does not require '{needed}'{f', which has block {name!r}' if name else ''}: add it to install_requires"


def _quality(context: Context) -> Iterator[Finding]:
    from samen_core.testing.conformance.rules import RULES

    quality = context.quality
    if quality.problem:
        yield quality.problem
    elif not quality.tier and not quality.marks:
        yield f"there is no {FILE} that claims a tier (or a wheel leaves it out: see data_files in setup.cfg)"
    for code in sorted(quality.marks.keys() - {rule.code for rule in RULES}):
        yield f"{FILE} names the rule '{code}', which does not exist"
