"""The rules of accounts: who may do what, what is recorded, what is told."""
