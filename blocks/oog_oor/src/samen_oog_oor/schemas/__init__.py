"""Commands and what forms and REST accept."""
