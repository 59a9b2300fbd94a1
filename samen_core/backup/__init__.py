"""Back-ups of a whole city in one file: made while the city is running, checked before they are put back."""
