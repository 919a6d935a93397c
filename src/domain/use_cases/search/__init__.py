"""Search in transcripts, and the index that it uses."""
