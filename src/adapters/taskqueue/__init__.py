"""Carrying jobs through Dramatiq."""
