"""Transcripts: from recognised speech to captions with times."""
