"""The city database: organisations, persons, projects, events, areas and what ties them. Declared as a block like any other."""
