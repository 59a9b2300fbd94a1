"""What people send, one module a concept: frozen commands, and the schemas that make them of a form or of JSON."""
