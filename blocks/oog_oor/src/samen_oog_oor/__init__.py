"""The eyes and ears of the neighbourhood: what people see, who is responsible, what became of it."""
