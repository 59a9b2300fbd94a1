"""What a page costs, however much there is."""

from __future__ import annotations

from collections.abc import Iterator

from flask.testing import FlaskClient

from samen_core.testing.conformance.context import City, Context
from samen_core.testing.conformance.looking import Look, tour
from samen_core.testing.conformance.model import Finding
from samen_core.testing.conformance.rules.pages import routes
from samen_core.testing.statements import sent_statements

MANY = 45
"""How many more rows there are the second time; the seeded city has five that the block made itself."""
SLACK = 2
"""Statements that a fuller page may need more, such as the one for the cards of what it names; one per row would be ten or more."""


def check_constant(context: Context) -> Iterator[Finding]:
    """Each page and each REST list sends as many SQL statements with fifty rows as with five."""
    lists = [
        route.rule for route in routes(context) if route.rule.startswith("/api/") and "GET" in (route.methods or ()) and not route.arguments
    ]
    looks = [*(look for look in context.once(tour).looks if look.status == 200), *(Look(rule, rule, "") for rule in lists)]
    if not looks:
        return
    if not context.makes_many:
        yield f"{context.package}.testing has no make_many(uow, number), which makes so many more of each thing that the block lists"
        return
    few = dict(_costs(context.seeded, looks))
    for look, number in _costs(context.filled(MANY), looks):
        if number > few.get(look, number) + SLACK:
            yield f"{look.path} sends {few[look]} SQL statements with few rows and {number} with {MANY} more: load what it shows at once"


def _costs(city: City, looks: list[Look]) -> Iterator[tuple[Look, int]]:
    visitors = {role: city.visitor(role) for role in {look.role for look in looks}}
    for look in looks:
        if (number := _cost(city, visitors[look.role], look.path)) is not None:
            yield look, number


def _cost(city: City, visitor: FlaskClient, path: str) -> int | None:
    """The number of statements, or None for a page that does not open; the second time, when what is read once has been read."""
    numbers = []
    for _time in range(2):
        with sent_statements(city.platform) as sent:
            status = visitor.get(path).status_code
        if status != 200:
            return None
        numbers.append(len(sent))
    return min(numbers)
