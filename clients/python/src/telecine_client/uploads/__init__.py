"""Uploads of files: in one PUT or in parallel parts, resumable."""
