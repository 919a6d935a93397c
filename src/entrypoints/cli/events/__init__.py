"""Follows videos by event streams, or by polling where streams do not arrive."""
