"""Inbreng: collecting contributions on any subject of the city, and answering every one of them."""
