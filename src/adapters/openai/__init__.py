"""Transcription over HTTP, with OpenAI or any server that implements its API."""
