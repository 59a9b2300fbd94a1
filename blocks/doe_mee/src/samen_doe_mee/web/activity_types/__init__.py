"""How each type of activity looks and what people do on its page: one module each, with the same shape, found by the code of the type."""
