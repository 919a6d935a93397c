"""Retention: which stored objects stay and which are erased."""
