"""Transcripts: from recognized speech to sentences with times."""
