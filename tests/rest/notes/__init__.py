"""A small block with one resource, to test the REST framework with."""
