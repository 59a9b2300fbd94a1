"""Fetch the interface parts that Samen ships, and write them as built files.

For developers, now and then; it needs npm. Run it from the root of the repository::

    python tools/vendor_ui.py

It installs the pinned packages below in a scratch folder (no install scripts run), joins the stylesheets, leaves out the variants
and the design tokens that nothing uses, and writes

- ``samen_core/web/static/core/vendor/``: ``nlds.css``, the font, htmx, the licences and ``THIRD_PARTY.md``;
- ``samen_core/web/icons/<name>.svg``: the icons named in ``tools/icons.txt``, ready to be put inline.

Commit the outcome. Nothing of this runs at run time, and a second run with the same versions gives the same files. The
stylesheet refers to the font by its address with a hash; ``nlds.css`` and ``htmx.min.js`` get theirs from ``static_url``.
The test ``tests/contract/test_vendored_ui.py`` compares the files with the sums in ``THIRD_PARTY.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "samen_core" / "web"
VENDOR = CORE / "static" / "core" / "vendor"
ICONS = CORE / "icons"
OWN_STYLESHEETS = ("layout.css", "theme-samen.css")

TOKENS = ("@nl-design-system-unstable/voorbeeld-design-tokens", "7.4.1")
FONT = ("@fontsource-variable/noto-sans", "5.3.0")
ICON_SET = ("lucide-static", "1.62.0")
HTMX = ("htmx.org", "4.0.1")
SUBSETTER = ("subset-font", "2.9.0")

# In the order of the cascade: the national successors first, then the older components.
COMPONENTS = {
    "@nl-design-system-candidate/button-css": "1.1.0",
    "@nl-design-system-candidate/code-css": "2.0.3",
    "@nl-design-system-candidate/data-badge-css": "1.0.5",
    "@nl-design-system-candidate/heading-css": "1.1.3",
    "@nl-design-system-candidate/link-css": "2.0.3",
    "@nl-design-system-candidate/mark-css": "1.0.5",
    "@nl-design-system-candidate/number-badge-css": "1.1.5",
    "@nl-design-system-candidate/paragraph-css": "2.1.3",
    "@nl-design-system-candidate/skip-link-css": "1.0.5",
    "@utrecht/action-group-css": "4.0.1",
    "@utrecht/alert-css": "4.0.2",
    "@utrecht/badge-list-css": "4.0.1",
    "@utrecht/breadcrumb-nav-css": "3.0.1",
    "@utrecht/card-css": "2.0.1",
    "@utrecht/checkbox-css": "3.0.1",
    "@utrecht/data-list-css": "3.0.1",
    "@utrecht/document-css": "3.0.1",
    "@utrecht/form-field-css": "3.0.1",
    "@utrecht/form-field-description-css": "3.0.1",
    "@utrecht/form-field-error-message-css": "3.0.1",
    "@utrecht/form-fieldset-css": "3.0.1",
    "@utrecht/form-label-css": "3.0.1",
    "@utrecht/link-list-css": "4.0.1",
    "@utrecht/nav-list-css": "2.0.1",
    "@utrecht/ordered-list-css": "4.0.1",
    "@utrecht/page-footer-css": "4.0.2",
    "@utrecht/page-header-css": "3.0.2",
    "@utrecht/pagination-css": "3.0.1",
    "@utrecht/select-css": "3.0.1",
    "@utrecht/status-badge-css": "2.0.1",
    "@utrecht/table-css": "3.0.1",
    "@utrecht/textarea-css": "4.0.1",
    "@utrecht/textbox-css": "4.0.1",
    "@utrecht/unordered-list-css": "3.1.1",
}

# Variants that no template uses: a rule of which every selector holds one of these words is left out.
UNUSED = (
    "--arrows",
    "--busy",
    "--center",
    "--distanced",
    "--focus",
    "--hover",
    "--html-content",
    "--nested",
    "--pressed",
    "--valid",
    "-sticky",
    ":lang(ar)",
    ".nl-button:focus-visible",
    "alternate-row",
    "button--positive",
    "house-",
    "link-button",
    "list--level",
    "page-link",
    "postal-code",
    "url-data",
)

# The letters of European names outside Latin-1: Turkish, Polish, Czech, Romanian, Welsh, and the Dutch ij.
EXTENDED_LATIN = [*range(0x0100, 0x0180), *range(0x0218, 0x021C), *range(0x1E80, 0x1E86), 0x1E9E, 0x1EF2, 0x1EF3]
LATIN_RANGE = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+2215"
EXTENDED_RANGE = "U+0100-017F,U+0218-021B,U+1E80-1E85,U+1E9E,U+1EF2-1EF3"

ICON_NAMES = (ROOT / "tools" / "icons.txt").read_text().split()


def install(folder: Path) -> Path:
    """Install every pinned package in ``folder`` and return its ``node_modules``."""
    pinned = [*COMPONENTS.items(), TOKENS, FONT, ICON_SET, HTMX, SUBSETTER]
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": dict(pinned)}))
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder / "node_modules"


def read_stylesheet(package: Path) -> str:
    """The built stylesheet of one component package."""
    component = package.name.removesuffix("-css")
    for name in ("index.min.css", f"{component}.css"):
        if (path := package / "dist" / name).is_file():
            return path.read_text()
    raise SystemExit(f"{package.name}: no built stylesheet found; look in its dist folder and mend read_stylesheet.")


def rules(css: str) -> Iterable[tuple[str, str]]:
    """Cut a stylesheet in top-level rules: (selector or at-rule, body). Comments and source maps are left out."""
    css = re.sub(r'/\*.*?\*/|@charset "[^"]*";', "", css, flags=re.DOTALL)
    depth, start, brace = 0, 0, 0
    for position, letter in enumerate(css):
        if letter == "{":
            depth += 1
            if depth == 1:
                brace = position
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield css[start:brace].strip(), css[brace + 1 : position].strip()
                start = position + 1


def split_selectors(selector: str) -> list[str]:
    """The selectors of a rule; commas between brackets do not count."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", selector)]


def prune(css: str) -> str:
    """The stylesheet without the rules of which every selector names an unused variant."""
    kept: list[str] = []
    for selector, body in rules(css):
        if selector.startswith("@keyframes"):
            kept.append(f"{selector}{{{body}}}")
        elif selector.startswith("@"):
            if inner := prune(body):
                kept.append(f"{selector}{{{inner}}}")
        else:
            used = [part for part in split_selectors(selector) if not any(word in part for word in UNUSED)]
            if used and body:
                kept.append(f"{','.join(used)}{{{' '.join(body.split())}}}")
    return "".join(kept)


def references(css: str) -> set[str]:
    """The custom properties that a text refers to."""
    return set(re.findall(r"var\(\s*(--[\w-]+)", css))


def prune_tokens(theme: str, used_by: str) -> str:
    """The tokens that the stylesheets use, directly or through another token, and every ``--basis-`` token."""
    theme = re.sub(r"/\*.*?\*/", "", theme, flags=re.DOTALL)
    tokens = {name: " ".join(value.split()) for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", theme)}
    wanted = [name for name in tokens if name.startswith("--basis-")]
    wanted += sorted(references(used_by) & tokens.keys())
    keep: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in keep:
            keep.add(name)
            wanted += sorted(references(tokens[name]) & tokens.keys())
    return ".voorbeeld-theme{" + ";".join(f"{name}:{tokens[name]}" for name in sorted(keep)) + "}"


def hashed_address(path: Path) -> str:
    """The address of a file beside the stylesheet as ``samen_core.web.assets`` serves it for ever: ``noto.0f3a9c12b4d5.woff2``."""
    return f"{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


def write_fonts(modules: Path, scratch: Path) -> str:
    """Write the two Latin parts of the font and return their ``@font-face`` rules."""
    files = modules / FONT[0] / "files"
    extended = scratch / "noto-sans-latin-ext.woff2"
    script = (
        "import fs from 'node:fs'; import subset from 'subset-font';"
        "const [source, target, points] = process.argv.slice(2);"
        "const text = String.fromCodePoint(...JSON.parse(points));"
        "fs.writeFileSync(target, await subset(fs.readFileSync(source), text, {targetFormat: 'woff2'}));"
    )
    (scratch / "subset.mjs").write_text(script)
    source = files / "noto-sans-latin-ext-wght-normal.woff2"
    subprocess.run(["node", "subset.mjs", str(source), str(extended), json.dumps(EXTENDED_LATIN)], cwd=scratch, check=True)
    faces = []
    for path, name, characters in (
        (files / "noto-sans-latin-wght-normal.woff2", "noto-sans-latin.woff2", LATIN_RANGE),
        (extended, "noto-sans-latin-ext.woff2", EXTENDED_RANGE),
    ):
        shutil.copyfile(path, VENDOR / name)
        faces.append(
            "@font-face{font-family:'Noto Sans';font-style:normal;font-display:swap;font-weight:100 900;"
            f"src:url({hashed_address(VENDOR / name)}) format('woff2');unicode-range:{characters}}}"
        )
    return "".join(faces)


def write_icons(modules: Path) -> None:
    """Write the chosen icons: 1.5 stroke, hidden from screen readers (the word beside it speaks), no style attribute."""
    shutil.rmtree(ICONS, ignore_errors=True)
    ICONS.mkdir(parents=True)
    frame = (
        '<svg class="samen-icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
    )
    for name in ICON_NAMES:
        source = (modules / ICON_SET[0] / "icons" / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", source, flags=re.DOTALL)
        if inner is None:
            raise SystemExit(f"{name}.svg is not the SVG this script expects.")
        markup = re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", inner.group(1).strip()))
        (ICONS / f"{name}.svg").write_text(frame.format(markup))


def write_licences(modules: Path) -> dict[str, str]:
    """Copy the licence texts, one file per distinct text, and return the file name per package."""
    folder = VENDOR / "licences"
    folder.mkdir()
    names: dict[str, str] = {}
    for package in shipped():
        path = next(path for path in sorted((modules / package).iterdir()) if path.name.upper().startswith("LICENSE"))
        licence = declared_licence(modules / package)
        name = licence if licence == "EUPL-1.2" else f"{licence}-{package.rpartition('/')[2]}"
        (folder / f"{name}.txt").write_text(path.read_text().rstrip() + "\n")
        names[package] = f"licences/{name}.txt"
    return names


def declared_licence(package: Path) -> str:
    """The SPDX name in ``package.json``."""
    licence = json.loads((package / "package.json").read_text())["license"]
    return {"BSD-0-Clause": "0BSD"}.get(licence, str(licence))


def shipped() -> dict[str, str]:
    """Package and version of everything of which something is shipped."""
    return {**COMPONENTS, TOKENS[0]: TOKENS[1], FONT[0]: FONT[1], ICON_SET[0]: ICON_SET[1], HTMX[0]: HTMX[1]}


def write_overview(modules: Path, licences: dict[str, str]) -> None:
    """Write ``THIRD_PARTY.md``: the packages with their licences, and every file with its SHA-256 sum."""
    lines = [
        "# Work of others in this folder",
        "",
        "Written by `tools/vendor_ui.py`; do not edit by hand. The stylesheets are joined and pruned, the extended Latin part of",
        "the font is a subset, the icons have a thinner stroke; otherwise the files are as published.",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    for package, version in shipped().items():
        lines.append(f"| {package} | {version} | [{declared_licence(modules / package)}]({licences[package]}) |")
    lines += ["", "| file | SHA-256 |", "|---|---|"]
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path.name != "THIRD_PARTY.md":
            lines.append(f"| {path.relative_to(VENDOR)} | {hashlib.sha256(path.read_bytes()).hexdigest()} |")
    (VENDOR / "THIRD_PARTY.md").write_text("\n".join(lines) + "\n")


def main() -> None:
    """Install, build and write everything."""
    if shutil.which("npm") is None:
        raise SystemExit("npm was not found; install Node.js and try again.")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        modules = install(scratch)
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.mkdir(parents=True)
        components = "\n".join(prune(read_stylesheet(modules / package)) for package in COMPONENTS)
        own = "".join(path.read_text() for name in OWN_STYLESHEETS if (path := VENDOR.parent / name).is_file())
        tokens = prune_tokens((modules / TOKENS[0] / "dist" / "theme.css").read_text(), components + own)
        css = "\n".join([write_fonts(modules, scratch), tokens, components])
        if "data:" in css or "http" in css:
            raise SystemExit("The stylesheet refers to a data: or foreign address, which the content security policy refuses.")
        notice = "/* NL Design System, EUPL-1.2, joined and pruned by tools/vendor_ui.py; authors and versions: THIRD_PARTY.md */\n"
        (VENDOR / "nlds.css").write_text(notice + css + "\n")
        shutil.copy(modules / HTMX[0] / "dist" / "htmx.min.js", VENDOR)
        write_icons(modules)
        write_overview(modules, write_licences(modules))
    sys.stdout.write(f"Written: {VENDOR.relative_to(ROOT)} and {ICONS.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
