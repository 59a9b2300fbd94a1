"""Demonstration content."""
