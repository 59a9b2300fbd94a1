"""Residents make proposals, with or without a project of the city."""
