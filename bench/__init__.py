"""Measurements (``make bench``); never part of the tests."""
