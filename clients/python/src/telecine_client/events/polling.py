"""Polls the status of videos where event streams do not work."""

from collections.abc import Mapping
from typing import Any, Protocol

from telecine_client.client import Client
from telecine_client.events.updates import TERMINAL, Update

DEFAULT_PAUSE_S = 1.0
"""Pause between polls if the response has no `Retry-After`."""
LIST_PAUSE_S = 2.0
LIST_LIMIT = 100


class Poller(Protocol):
    """Asks the server for news; `is_over` says that there is nothing more to ask."""

    is_over: bool

    def poll(self) -> tuple[list[Update], float]:
        """What has changed since the previous poll, and the pause in seconds before the next one.

        Raises:
            ClientError: the server rejected the request, or did not respond.
        """
        ...


class StatusPoller:
    """Polls the status of one video with the ETag of the last answer; with `until_terminal` until it is terminal."""

    def __init__(self, client: Client, video_id: str, *, until_terminal: bool) -> None:
        self.is_over = False
        self._client = client
        self._video_id = video_id
        self._until_terminal = until_terminal
        self._etag: str | None = None

    def poll(self) -> tuple[list[Update], float]:
        """Ask for the status; it is an update if it has changed."""
        answer = self._client.poll_status(self._video_id, self._etag)
        pause_s = DEFAULT_PAUSE_S if answer.retry_after_s is None else answer.retry_after_s
        if answer.body is None:
            return [], pause_s
        self._etag = answer.etag
        self.is_over = self._until_terminal and answer.body["status"] in TERMINAL
        return [Update("status", answer.body)], pause_s


class ListPoller:
    """Polls the newest videos of the user; the first poll reports those in progress, each later one what changed."""

    def __init__(self, client: Client) -> None:
        self.is_over = False
        self._client = client
        self._seen: Mapping[str, str] | None = None

    def poll(self) -> tuple[list[Update], float]:
        """Ask for the list; every video that has changed is an update, oldest first."""
        videos = self._client.videos(limit=LIST_LIMIT)["items"]
        changed = [video for video in reversed(videos) if self._is_news(video)]
        self._seen = {video["video_id"]: video["updated_at"] for video in videos}
        return [Update("status", video) for video in changed], LIST_PAUSE_S

    def _is_news(self, video: Mapping[str, Any]) -> bool:
        if self._seen is None:
            return str(video["status"]) not in TERMINAL
        return self._seen.get(str(video["video_id"])) != str(video["updated_at"])
