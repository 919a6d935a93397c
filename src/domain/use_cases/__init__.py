"""Use cases: what the service does and in which order, one verb per file."""
