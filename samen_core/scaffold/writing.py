"""Writing a new block from the template: its names checked, its files written."""

from __future__ import annotations

import importlib.util
import keyword
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from samen_core.blocks.discovery import installed_blocks
from samen_core.errors import StartupError
from samen_core.i18n import LANGUAGES
from samen_core.manifest import NAME_PATTERN, RESERVED

TEMPLATE = Path(__file__).parent / "template"
NAME, URL_NAME, LABEL, AUTHOR = "voorbeeld_blok", "voorbeeld-blok", "Voorbeeldblok", "Uw organisatie"
"""What stands in the template for what the new block is called; an underscore in the name keeps it apart from its address."""

_MARKS = re.compile("|".join((NAME, URL_NAME, LABEL, AUTHOR)))
_DOT = "dot."
"""How the names of files begin that start with a dot in the new block: tools leave those out of a wheel."""

_ESCAPES = {".po": (("\\", "\\\\"), ('"', '\\"')), ".cfg": (("%", "%%"),)}
"""What must be written otherwise in a file of this kind."""

_RUN = (".ci/run",)
LONGEST_LABEL, LONGEST_AUTHOR = 60, 100


@dataclass(frozen=True, slots=True)
class NewBlock:
    """What is chosen of a new block. ``folder`` does not exist yet, or is empty."""

    name: str
    label: str
    author: str
    folder: Path

    @property
    def url_name(self) -> str:
        """The name as it stands in addresses and in the name of the distribution."""
        return self.name.replace("_", "-")

    @property
    def distribution(self) -> str:
        """What pip calls it."""
        return f"samen-{self.url_name}"

    @property
    def package(self) -> str:
        """What Python calls it."""
        return f"samen_{self.name}"


def new_block(name: str, *, label: str = "", author: str = "", folder: Path | None = None) -> NewBlock:
    """A new block with these names, the rest chosen from its name. Raises StartupError, saying what to choose instead."""
    if not NAME_PATTERN.fullmatch(name) or "__" in name or name.endswith("_"):
        raise StartupError(f"'{name}' cannot be the name of a block: use 2 to 21 of a-z, 0-9 and single underscores between them")
    if name in RESERVED or name in LANGUAGES or keyword.iskeyword(name):
        raise StartupError(f"'{name}' means something else already: choose another name")
    if name in installed_blocks() or importlib.util.find_spec(f"samen_{name}"):
        raise StartupError(f"there is a block '{name}' already: choose another name")
    label = _line(label or name.replace("_", " ").capitalize(), "label", LONGEST_LABEL)
    if "{" in label or "}" in label:
        raise StartupError("the label cannot have braces in it: they stand for what is filled in")
    author = _line(author or f"The makers of {label}", "author", LONGEST_AUTHOR)
    chosen = NewBlock(name, label, author, folder or Path(name.replace("_", "-")))
    if chosen.folder.exists() and (not chosen.folder.is_dir() or any(chosen.folder.iterdir())):
        raise StartupError(f"'{chosen.folder}' is there already: choose another with --folder")
    return chosen


def _line(text: str, what: str, longest: int) -> str:
    text = " ".join(text.split(" ")).strip()
    if not text or not text.isprintable() or len(text) > longest:
        raise StartupError(f"the {what} must be one line of at most {longest} characters")
    return text


def require_free_path(new: NewBlock) -> None:
    """Raise StartupError when the address of the block's pages is that of another page of the blocks that are installed here."""
    from samen_core.app import create_app
    from samen_core.platform import Platform
    from samen_core.testing.settings import make_config

    usable = [name for name, found in installed_blocks().items() if found.block and not found.problem]
    with tempfile.TemporaryDirectory(prefix="samen-new-") as folder:
        platform = Platform(make_config(Path(folder), f"sqlite:///{folder}/samen.db", blocks=usable))
        try:
            taken = {rule.rule.split("/")[1] for rule in create_app(platform).url_map.iter_rules()}
        finally:
            platform.close()
    if new.url_name in taken:
        raise StartupError(f"there are pages at /{new.url_name} already: choose another name")


def write_block(new: NewBlock) -> list[Path]:
    """Write the files of the block; their paths, in order."""
    written = []
    for source in sorted(path for path in TEMPLATE.rglob("*") if path.is_file()):
        inside = source.relative_to(TEMPLATE)
        if any(part.startswith(".") or part == "__pycache__" for part in inside.parts):
            continue  # left by a tool
        target = new.folder / _named(inside, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(source.read_text(encoding="utf-8"), source.suffix, new), encoding="utf-8")
        if target.relative_to(new.folder).as_posix() in _RUN:
            target.chmod(0o755)
        written.append(target)
    return written


def _named(inside: Path, new: NewBlock) -> Path:
    parts = (part.replace(NAME, new.name) for part in inside.parts)
    return Path(*(f".{part.removeprefix(_DOT)}" if part.startswith(_DOT) else part for part in parts))


def _filled(text: str, suffix: str, new: NewBlock) -> str:
    if suffix == ".py":
        text = text.replace(f'"{LABEL}"', _quoted(new.label))
    if suffix == ".po" and f'msgid "{new.label}"\n' in text:
        # The label is a word that the block says elsewhere too, and is translated there.
        text = text.replace(f'msgid "{LABEL}"\nmsgstr "{LABEL}"\n\n', "")
    values = {NAME: new.name, URL_NAME: new.url_name, LABEL: new.label, AUTHOR: new.author}
    escape = _ESCAPES.get(suffix, ())
    for character, instead in escape:
        values = {mark: value.replace(character, instead) for mark, value in values.items()}
    return _MARKS.sub(lambda found: values[found[0]], text)


def _quoted(text: str) -> str:
    """A text as Python source, in the quotes that need the fewest backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + text.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote
