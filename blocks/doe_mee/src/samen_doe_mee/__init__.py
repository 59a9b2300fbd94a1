"""Residents' ideas and the municipality's plans, in one place."""
