"""Logs of every entrypoint."""
