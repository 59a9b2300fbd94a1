"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint

rest = RestBlueprint("samenspreker", __name__, description="Questions of the city and the tables that work on them, in five steps.")
