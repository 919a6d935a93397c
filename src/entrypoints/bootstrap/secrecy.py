"""Hides the secrets of a worker's process from the programs that it runs."""

from adapters.sandbox import secrecy


def hide_secrets() -> None:
    """Leave the memory and the environment of this process to root; see `hide_from_other_processes`."""
    secrecy.hide_from_other_processes()
