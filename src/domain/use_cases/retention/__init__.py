"""Retention: erasing objects that nothing refers to any more."""
