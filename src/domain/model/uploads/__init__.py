"""Uploads: what a client may send, and in which parts."""
