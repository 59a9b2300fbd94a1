"""Reading and writing the agenda in the forms of others."""
