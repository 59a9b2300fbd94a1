"""Models, transactions, migrations and the change log."""
