"""A platform whose mail goes to a real SMTP server, and more than one visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.config import Mail
from samen_core.mail import SmtpMailer

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Only the city."""
    return {"blocks": ["citycontent"]}


@pytest.fixture
def mailbox(platform, outbox, mail_sink):
    """``mailbox()``: the mails that came in since the last call, after the worker did its work."""
    platform.__dict__["mailer"] = SmtpMailer(Mail(host=mail_sink.host, port=mail_sink.port, sender="samen@samen.example"), "Zoetermeer")

    def collect():
        outbox.drain()
        received = list(mail_sink.messages)
        mail_sink.clear()
        return received

    return collect


@pytest.fixture
def other(app) -> FlaskClient:
    """A second visitor, or the same one on another device."""
    return app.test_client()


@pytest.fixture
def limited(platform):
    """Rate limits switched on, with five tries to log in a quarter."""
    platform.config = replace(platform.config, limits=replace(platform.config.limits, enabled=True, log_ins_per_quarter=5))
