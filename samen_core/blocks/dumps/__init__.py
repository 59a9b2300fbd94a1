"""A block's whole memory in a folder: its tables, what core keeps for it, its files; read back into any database of ours."""
