"""Routes to search in transcripts."""
