"""How often somebody without account may propose something: the same for every way in."""

from __future__ import annotations

PER_DAY, DAY = 10, 86_400
"""So many ideas may come without account from one address of the internet in so many seconds: a family or library shares one."""
