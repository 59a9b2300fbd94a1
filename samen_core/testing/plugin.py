"""The pytest plugin that comes with samen; pytest finds it by its entry point."""

pytest_plugins = (
    "samen_core.testing.services",
    "samen_core.testing.platforms",
    "samen_core.testing.visitors",
    "samen_core.testing.conformance.fixtures",
)
