"""Captions: reading and writing WebVTT and SubRip."""
