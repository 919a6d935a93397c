"""Transcripts: transcribing speech, and replacing captions."""
