"""Imports: requesting and fetching videos from other sites."""
