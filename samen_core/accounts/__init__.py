"""Accounts: who may log in, with which rights, sessions and API tokens."""
