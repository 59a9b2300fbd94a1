"""A device in a few words, from what its browser says of itself; nothing that would tell two of the same kind apart."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
)
LATER_BROWSERS = (("Chrome", "Chrome"), ("Safari", "Safari"))
"""Looked for last: other browsers also call themselves so."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Browser and kind of device, such as "Firefox, Windows"; empty when neither is known."""
    browser = next((name for mark, name in (*BROWSERS, *LATER_BROWSERS) if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
