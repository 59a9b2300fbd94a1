"""The Samen framework: what every building block stands on.

It knows no organisation, project or samenspraak; those live in ``citycontent`` and the blocks.
"""

__version__ = "0.1.0"

API_VERSION = 1
"""The integer version of the block contract; a block states the range it supports in its manifest."""
