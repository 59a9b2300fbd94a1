"""A block whose handler counts, so that a lost or a repeated delivery shows."""
