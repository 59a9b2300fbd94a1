"""``python -m samen_core.cli`` is the command ``samen``."""

from __future__ import annotations

from samen_core.cli import main

main()
