"""What may be done with the city's data: every write checks its permission, registers the thing, logs the change and tells it."""
