"""The ports to which yt-dlp may connect."""

import pytest

from adapters.ytdlp.config import YtDlpConfig


@pytest.mark.parametrize(
    ("proxy_url", "ports"),
    [
        (None, (53, 80, 443)),
        ("http://ann:secret@proxy.example:3128", (53, 80, 443, 3128)),
        ("https://proxy.example", (53, 80, 443)),
        ("socks5://proxy.example", (53, 80, 443, 1080)),
    ],
)
def test_the_proxy_can_be_reached(proxy_url: str | None, ports: tuple[int, ...]) -> None:
    """On its own port, or the usual one of its protocol."""
    assert YtDlpConfig(proxy_url=proxy_url).ports == ports


def test_the_site_of_a_test_can_be_reached() -> None:
    """It runs on a port of this machine."""
    assert YtDlpConfig(watch_url="http://127.0.0.1:4321/watch?v={id}").ports == (53, 80, 443, 4321)
