"""Wires the use cases over any adapters, one module per feature."""
