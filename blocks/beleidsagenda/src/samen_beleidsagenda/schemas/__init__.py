"""What people send, and the commands that it becomes; one module a concept."""
