"""Thank-you notes to organisations: the example of a building block."""
