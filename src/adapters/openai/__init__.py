"""Transcription over HTTP, by OpenAI or any server that speaks its API."""
