"""Dramatiq actors over the use cases."""
