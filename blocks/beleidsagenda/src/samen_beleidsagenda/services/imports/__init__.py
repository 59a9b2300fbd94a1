"""Taking over what other systems say: compare it with what is here, tell what would change, and change exactly that.

What was imported before is known by its source. A field changes here when it changed there; what people changed here since stays theirs
until somebody chooses otherwise.
"""
