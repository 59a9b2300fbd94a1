"""``python -m samen_counting.publish EVENTS MAILS``: events and mails, mixed, for the workers to deliver."""

from __future__ import annotations

import sys

from samen_core.actor import system
from samen_core.config import load_config
from samen_core.i18n import _
from samen_core.mail import Message, queue
from samen_core.platform import Platform
from samen_counting.hooks import Happened

BATCH = 10


def main(events: int, mails: int) -> None:
    """Publish in small transactions, so that the two kinds alternate."""
    platform = Platform(load_config())
    for first in range(0, max(events, mails), BATCH):
        with platform.unit_of_work(system("test")) as uow:
            for number in range(first, first + BATCH):
                if number < events:
                    uow.publish(Happened())
                if number < mails:
                    queue(uow, Message(f"lezer-{number}@samen.example", _("Bericht {n}", n=number), ("Dag.",)))
    platform.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
