"""Open311, GeoJSON and CSV: how things are written for others and read from them."""
