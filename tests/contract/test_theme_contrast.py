"""Every pair of colours that a page can show has enough contrast, in the default theme and in every theme beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from samen_core.web import theme

ROOT = Path(__file__).resolve().parents[2]
THEMES = sorted(path for folder in ("samen_core", "citycontent", "blocks", "docs") for path in ROOT.glob(f"{folder}/**/theme-*.css"))


def test_the_default_theme_is_among_the_checked() -> None:
    assert theme.STATIC / "theme-samen.css" in THEMES


@pytest.mark.parametrize("path", THEMES, ids=lambda path: path.name)
def test_contrast(path: Path) -> None:
    assert [str(problem) for problem in theme.problems(path.read_text())] == []


def test_a_pale_colour_is_found() -> None:
    found = {problem.pair.front for problem in theme.problems(":root { --samen-action: #7fc4c9; }")}
    assert {"--samen-action", "--samen-on-action", "--nl-link-color"} <= found


def test_a_colour_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match=r"--samen-ink: .tomato."):
        theme.problems(":root { --samen-ink: tomato; }")


def test_contrast_agrees_with_the_definition() -> None:
    assert theme.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert theme.contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("action", ["#0b5c63", "#154273", "#7a1f3d", "#00593c", "#3b2a78"])
def test_a_theme_made_from_one_dark_colour_is_good(action: str) -> None:
    assert [str(problem) for problem in theme.problems(theme.city_theme(action, "#8a3b12"))] == []
