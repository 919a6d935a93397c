"""In which order things happen, one verb per file."""
