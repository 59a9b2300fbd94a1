"""Calling servers elsewhere, for building blocks: on the internet, or in a network that the operator allows (web.webhook_networks)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samen_core.platform import Platform
    from samen_core.webhooks.posting import Answer

MOST = 4_000_000
"""Bytes of an answer that are read."""


class NotReached(Exception):
    """The server gave no answer that can be used; the text is a code for the log, such as ``AddressForbidden``."""


def check_outside_address(platform: Platform, url: str) -> None:
    """Raise Invalid (field ``url``) for an address that this server may not call."""
    from samen_core.webhooks.addresses import parse_address

    parse_address(url, platform.config.web.webhook_networks)


def call_outside(
    platform: Platform, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, *, most: int = MOST
) -> Answer:
    """Ask another server something; a redirect is an answer too, and is not followed. Call it while no transaction is open.

    Raises NotReached, also for an answer of more than ``most`` bytes, and Invalid for an address that may not be called.
    """
    from samen_core import __version__
    from samen_core.webhooks.addresses import AddressForbidden, AddressUnknown, parse_address
    from samen_core.webhooks.posting import NoAnswer, call

    networks = platform.config.web.webhook_networks
    sent = {"User-Agent": f"Samen/{__version__}", **(headers or {})}
    try:
        return call(method, parse_address(url, networks), body, sent, networks, most=most)
    except NoAnswer as error:
        raise NotReached(str(error)) from error
    except (AddressForbidden, AddressUnknown) as error:
        raise NotReached(type(error).__name__) from error
