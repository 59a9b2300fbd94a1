"""Finding installed blocks through entry points, without importing more than their manifests."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, PackageMetadata, PackageNotFoundError, entry_points, files
from pathlib import Path

import structlog

from samen_core import API_VERSION
from samen_core.errors import StartupError, block_error
from samen_core.manifest import ENTRY_POINT_GROUP, Block

log = structlog.get_logger(__name__)

OVERLAP = 1
"""How many API versions back a block still works, with a warning (docs/compatibility.md)."""

ICONS = Path(__file__).parent.parent / "web" / "icons"


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed block: its manifest, its package and what its distribution says; or the reason that it cannot be used."""

    name: str
    package: str
    block: Block | None
    folder: Path
    distribution: str
    version: str
    authors: str
    licence: str
    problem: str = ""
    warning: str = ""
    """What will keep this block from working later."""

    @property
    def migrations(self) -> Path:
        """The folder with its migrations; it may be absent."""
        return self.folder / "migrations"

    @property
    def templates(self) -> Path:
        """The folder with its templates; it may be absent."""
        return self.folder / "templates"

    @property
    def static(self) -> Path:
        """The folder with its static files; it may be absent."""
        return self.folder / "static"

    @property
    def translations(self) -> Path:
        """The folder with its catalogues; it may be absent."""
        return self.folder / "translations"

    def beside(self, name: str) -> Path | None:
        """A file that belongs to the block but is no code (``quality.toml``, ``docs/proces.nl.md``), or None.

        It stands in the package, beside ``src`` in a checkout, or where a wheel puts it: ``share/samen/<block>/``, without ``docs/``.
        """
        checkout = [self.folder.parents[1] / name] if self.folder.parent.name == "src" else []
        here = next((path for path in (self.folder / name, *checkout) if path.is_file()), None)
        return here or self._shared(name.rpartition("/")[2])

    def _shared(self, name: str) -> Path | None:
        try:
            listed = files(self.distribution) or ()
        except (PackageNotFoundError, ValueError):
            return None
        found = (Path(str(path.locate())) for path in listed if path.parts[-4:] == ("share", "samen", self.name, name))
        return next((path for path in found if path.is_file()), None)

    def document(self, name: str) -> Path | None:
        """A document of the block (``proces.nl.md``), or None."""
        return self.beside(f"docs/{name}") if "/" not in name else None


def installed_blocks(found: Iterable[EntryPoint] | None = None) -> dict[str, Installed]:
    """Every installed block by name. A block that cannot be imported or is not compatible is there too, with its ``problem``."""
    points = entry_points(group=ENTRY_POINT_GROUP) if found is None else found
    blocks: dict[str, Installed] = {}
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        read = _read(point)
        if (other := blocks.get(point.name)) and (other.package, other.distribution) != (read.package, read.distribution):
            given = " and ".join(item.distribution or item.package for item in (other, read))
            read = replace(read, block=None, problem=f"is given by two distributions, {given}: uninstall one of them")
        blocks[point.name] = read
    return blocks


def _read(point: EntryPoint) -> Installed:
    package = point.module.rpartition(".")[0] or point.module
    metadata = point.dist.metadata if point.dist else None
    facts = {
        "name": point.name,
        "package": package,
        "distribution": metadata["Name"] if metadata else "",
        "version": point.dist.version if point.dist else "",
        "authors": _first(metadata, "Author", "Author-email"),
        "licence": _first(metadata, "License-Expression", "License"),
    }
    try:
        spec = importlib.util.find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        block = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a vendor's module may raise anything; the reason is shown to the administrator
        return Installed(block=None, folder=Path(), problem=f"cannot be imported: {type(error).__name__}: {error}", **facts)
    problem = _problem(point, block)
    known = block if isinstance(block, Block) else None
    return Installed(block=known, folder=folder, problem=problem, warning=_warning(known) if not problem else "", **facts)


def _first(metadata: PackageMetadata | None, *names: str) -> str:
    return next((metadata[name] for name in names if metadata is not None and name in metadata), "")


def _problem(point: EntryPoint, block: object) -> str:
    if not isinstance(block, Block):
        return f"entry point '{point.value}' is not a samen_core.manifest.Block"
    if block.name != point.name:
        return f"the manifest says '{block.name}', the entry point '{point.name}': they must be equal"
    if not (ICONS / f"{block.icon}.svg").is_file():
        return f"names the icon '{block.icon}', which is not in samen_core/web/icons: choose another"
    low, high = block.api
    if low > API_VERSION or high < API_VERSION - OVERLAP:
        return f"supports block API {low} to {high}, this platform has {API_VERSION}: install a version of the block that fits"
    return ""


def _warning(block: Block | None) -> str:
    if block is None or block.api[1] >= API_VERSION:
        return ""
    return f"was made for block API {block.api[1]}, this platform has {API_VERSION}: it stops working at {block.api[1] + OVERLAP + 1}"


def default_blocks() -> list[str]:
    """The installed blocks that a new city starts with: those that work and are no longer ``alpha``."""
    return [name for name, found in installed_blocks().items() if found.block and not found.problem and found.block.maturity != "alpha"]


def usable_blocks(installed: dict[str, Installed], enabled: Iterable[str]) -> dict[str, Installed]:
    """The enabled blocks. Raises StartupError, naming the mend, for one that is absent, broken or incompatible."""
    chosen: dict[str, Installed] = {}
    for name in enabled:
        found = installed.get(name)
        if found is None:
            raise StartupError(
                f"block '{name}' is enabled but not installed: run 'pip install samen-{name}' or 'samen blocks disable {name}'"
            )
        if found.problem:
            raise block_error(name, found.problem)
        if found.warning:
            log.warning("block_grows_old", block=name, reason=found.warning)
        chosen[name] = found
    return chosen
