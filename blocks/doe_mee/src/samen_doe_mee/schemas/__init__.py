"""What comes in, as commands."""
