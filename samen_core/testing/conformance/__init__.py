"""The conformance rules of building blocks, for ``samen blocks check`` and for a block's own tests (see docs/conformance/README.md)."""
