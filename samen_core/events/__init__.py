"""Events, signals, the outbox and the worker."""
