"""``samen outbox``: look at deliveries and try dead ones again."""

from __future__ import annotations

import uuid

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from samen_core.cli.common import open_platform
from samen_core.errors import StartupError
from samen_core.events import outbox as store
from samen_core.events.outbox import OutboxDelivery, OutboxEvent


@click.group()
def outbox() -> None:
    """See what waits for delivery, and put what failed back in line."""


@outbox.command("list")
@click.option("--state", type=click.Choice(["pending", "done", "dead"]), help="Only deliveries in this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many at most.")
def list_(state: str | None, limit: int) -> None:
    """List deliveries, newest first, after the number in each state."""
    columns = (
        OutboxDelivery.id,
        OutboxDelivery.state,
        OutboxDelivery.handler,
        OutboxDelivery.attempts,
        OutboxDelivery.next_at,
        OutboxDelivery.last_error,
        OutboxEvent.type,
    )
    statement = (
        select(*columns).join(OutboxEvent, OutboxEvent.id == OutboxDelivery.event_id).order_by(OutboxDelivery.id.desc()).limit(limit)
    )
    if state:
        statement = statement.where(OutboxDelivery.state == state)
    with open_platform() as platform, Session(platform.engine) as session:
        numbers = store.counts(session)
        click.echo(", ".join(f"{number} {name}" for name, number in sorted(numbers.items())) or "nothing was delivered yet")
        for row in session.execute(statement):
            error = f" {row.last_error}" if row.last_error else ""
            click.echo(
                f"{row.id} {row.state:8} {row.handler:30} {row.type:40} tries {row.attempts}, next {row.next_at:%Y-%m-%d %H:%M:%S}{error}"
            )


@outbox.command()
@click.argument("delivery", required=False, type=click.UUID)
def retry(delivery: uuid.UUID | None) -> None:
    """Put every dead delivery back in line, or only DELIVERY."""
    with open_platform() as platform, Session(platform.write_engine) as session:
        number = store.retry(session, platform.clock(), delivery)
        session.commit()
    if delivery is not None and not number:
        raise StartupError(f"there is no dead delivery {delivery}")
    click.echo(f"{number} put back in line")
