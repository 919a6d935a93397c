"""Generators of small media files for tests: valid, unusual, damaged and hostile."""
