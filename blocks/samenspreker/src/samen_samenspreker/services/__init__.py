"""The rules of the table, one module a concept."""
