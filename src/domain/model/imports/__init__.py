"""Imports: videos that a worker fetches from another site."""
