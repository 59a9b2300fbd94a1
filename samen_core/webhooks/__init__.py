"""Webhooks: telling a program elsewhere at once that something public happened, signed, and again until it listens."""
