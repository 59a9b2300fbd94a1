"""The pages of the city database."""
