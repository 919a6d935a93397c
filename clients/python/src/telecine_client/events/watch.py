"""Follows one video, or all videos of a user, in one call."""

from collections.abc import Generator
from contextlib import closing

from telecine_client.client import Client
from telecine_client.events.follower import Follower
from telecine_client.events.news import news
from telecine_client.events.polling import ListPoller, StatusPoller
from telecine_client.events.updates import Update


def watch(client: Client, video_id: str | None = None, *, until_terminal: bool = True) -> Generator[Update]:
    """Yield what happens to a video until it is completed or has failed; without an id, to all videos of the user.

    The first update is a `snapshot` with the current status. Broken connections are opened again after the last event;
    where streams do not work, the status is polled, and the updates are called `status`. With `until_terminal` False, a
    video is followed until it is deleted. Videos of a user are followed without end.

    Raises:
        ClientError: the server rejected a request, or stayed unavailable for too long.
    """
    follower = (
        Follower(client.events(), ListPoller(client))
        if video_id is None
        else Follower(
            client.video_events(video_id, until_terminal=until_terminal),
            StatusPoller(client, video_id, until_terminal=until_terminal),
        )
    )
    with closing(follower.updates()) as updates:
        yield from news(updates)
