"""Which addresses a webhook may go to: on the internet, and inside the own network only where the operator says so.

Whoever may enter an address could otherwise let this server knock on doors that are only open from inside (SSRF). So a name is looked up
once, every answer is judged, and the connection goes to the address that was judged, whatever the name says a moment later.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from samen_core.errors import Invalid
from samen_core.i18n import _

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_NAT64 = ip_network("64:ff9b::/96")
_SENDABLE = re.compile(r"[\x21-\x7e]*")
"""What may stand in an address after its host: HTTP cannot send anything else."""
NOT_OUTSIDE = _("Dit adres ligt niet op het internet. Vraag uw beheerder als het toch mag (web.webhook_networks).")


class AddressForbidden(Exception):
    """The address is not on the internet, nor in a network that the operator allows."""


class AddressUnknown(Exception):
    """The name has no address."""


def parse_address(url: str, networks: Iterable[str]) -> SplitResult:
    """The parts of the address of a webhook. Raises Invalid (field ``url``) for one that is not ``https://`` on the internet.

    Inside ``networks`` (CIDR) an address may be ``http://`` too. A name is only looked up when something is sent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise Invalid({"url": [_("Vul een heel webadres in, zoals https://voorbeeld.nl/melding.")]})
    if not _SENDABLE.fullmatch(url.removeprefix(parts.scheme).replace(parts.netloc, "", 1)):
        raise Invalid({"url": [_("In het adres staan spaties of andere tekens die er niet in mogen.")]})
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid({"url": [_("Zet geen gebruikersnaam, wachtwoord of # in het adres.")]})
    inside = _is_inside(host, networks)
    if parts.scheme == "http" and not inside:
        raise Invalid({"url": [_("Gebruik een adres dat begint met https://, zodat niemand kan meelezen.")]})
    literal = _literal(host)
    if not inside and (is_forbidden(literal, networks) if literal else "." not in host.rstrip(".") or host.endswith(".localhost")):
        raise Invalid({"url": [NOT_OUTSIDE]})
    return parts


def find_address(host: str, port: int, networks: Iterable[str]) -> str:
    """The address to connect to. Raises AddressUnknown, and AddressForbidden when one of the addresses of the name is not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressUnknown from error
    addresses = [ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    if not addresses or any(is_forbidden(address, networks) for address in addresses):
        raise AddressForbidden
    return str(addresses[0])


def is_forbidden(address: Address, networks: Iterable[str]) -> bool:
    """Whether an address is neither on the internet nor in one of the networks; also what an IPv6 address only wraps is judged."""
    if any(address in network for network in _networks(networks)):
        return False
    inner = _wrapped(address)
    if inner is not None:
        return is_forbidden(inner, networks)
    old_inside = isinstance(address, IPv6Address) and address.is_site_local
    return not address.is_global or old_inside or address.is_multicast or address.is_reserved or address.is_unspecified


def _wrapped(address: Address) -> IPv4Address | None:
    if not isinstance(address, IPv6Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _networks(networks: Iterable[str]) -> list[Network]:
    return [ip_network(network) for network in networks]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_inside(host: str, networks: Iterable[str]) -> bool:
    """Whether a host is written as an address of an allowed network; ``localhost`` is one of loopback."""
    address = _literal("127.0.0.1" if host == "localhost" else host)
    return address is not None and any(address in network for network in _networks(networks))
