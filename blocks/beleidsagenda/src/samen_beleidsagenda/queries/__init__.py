"""What is read for pages, feeds and the API."""
