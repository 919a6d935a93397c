"""Follows the events of videos: by a stream, or by polling."""
