"""Leaves out what a reconnection repeats."""

from collections.abc import Iterable, Iterator

from telecine_client.events.updates import Update


def news(updates: Iterable[Update]) -> Iterator[Update]:
    """The updates without `end`, and without the snapshots of later connections, unless events were missed."""
    expects_snapshot = True
    for update in updates:
        if update.event == "end" or (update.event == "snapshot" and not expects_snapshot):
            continue
        expects_snapshot = update.event == "reset" or (expects_snapshot and update.event != "snapshot")
        yield update
