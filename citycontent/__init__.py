"""Citycontent: the data model of the city, itself a building block on samen_core."""
