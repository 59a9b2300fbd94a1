"""Reading what the pages and rules need, in a constant number of statements."""
