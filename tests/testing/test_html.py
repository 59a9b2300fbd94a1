"""The HTML validators run, and name the page and the line of a problem."""

from __future__ import annotations

from tests.support.html import html_problems

GOOD = '<!DOCTYPE html>\n<html lang="nl"><head><title>Goed</title></head>\n<body><h1>Goed</h1>{}</body></html>\n'


def test_problems_of_both_validators_are_named() -> None:
    problems = html_problems(
        {
            "/goed": GOOD.format(""),
            "/genest": GOOD.format("\n<p><p></p></div>"),
            "/knop": GOOD.format("\n<form action='/x'><button>Stuur</button></form>"),
        }
    )
    assert not [line for line in problems if line.startswith("/goed")]
    assert any(line.startswith("/genest:4:") and "(vnu)" in line for line in problems)
    assert any(line.startswith("/knop:4:") and "no-implicit-button-type" in line for line in problems)
