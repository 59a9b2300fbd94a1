"""What is read: selects only, rows and small frozen objects back."""
