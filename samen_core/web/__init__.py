"""Pages: blueprints, slots, the page frame, templates."""
