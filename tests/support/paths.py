"""Where things are in the source tree."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED_DATA = ROOT.parent / "shared" / "data"
NODE_MODULES = ROOT / "tests" / "tools" / "node_modules"
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
