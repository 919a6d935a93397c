"""What a reconnection repeats."""

from telecine_client.events.news import news
from telecine_client.events.updates import Update


def test_a_later_connection_repeats_no_snapshot() -> None:
    """Unless events were missed; the end of a connection is not news."""
    names = ["snapshot", "video.playable", "end", "snapshot", "video.completed", "reset", "snapshot", "snapshot"]
    shown = [update.event for update in news(Update(name, {}) for name in names)]
    assert shown == ["snapshot", "video.playable", "video.completed", "reset", "snapshot"]
