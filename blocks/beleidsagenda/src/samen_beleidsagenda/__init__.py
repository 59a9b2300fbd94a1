"""What the municipality works on, who decides what when, and how residents can still have a say."""
