"""Finding, ordering and asking the building blocks."""
