"""Formats of others: reading areas and addresses in, giving calendars and linked data out."""
