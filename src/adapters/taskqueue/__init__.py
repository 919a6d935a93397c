"""Sends jobs to workers with Dramatiq."""
