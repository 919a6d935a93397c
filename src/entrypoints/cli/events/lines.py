"""Prints updates as lines: for people, or as JSON."""

import json
from datetime import timedelta
from typing import Any

from telecine_client.events.updates import Update

_STATUS_EVENTS = frozenset({"snapshot", "status"})


def json_line(update: Update) -> str:
    """The update in the form of a WebSocket message."""
    return json.dumps({"id": update.id, "event": update.event, "data": update.data}, separators=(",", ":"))


def text_lines(update: Update) -> list[str]:
    """One line for each video: time, id, event and details."""
    if update.event == "reset":
        return [_line("-", "-", "reset", "events may be missing before the following status")]
    if update.event == "snapshot" and "videos" in update.data:
        return [_status_line(update.event, video) for video in update.data["videos"]]
    if update.event in _STATUS_EVENTS:
        return [_status_line(update.event, update.data)]
    if update.event == "progress":
        return [_line("-", update.data["video_id"], "progress", _progress(update.data))]
    return [_line(update.data["occurred_at"], update.data["video_id"] or "-", update.event, _outcome(update.data))]


def _line(time: str, video_id: str, event: str, details: str) -> str:
    """The fields in columns; a character that a terminal would interpret is shown as `?`."""
    text = f"{_second_of(time):<20} {video_id:<36} {event:<18} {details}".rstrip()
    return "".join(character if character.isprintable() else "?" for character in text)


def _second_of(time: str) -> str:
    """The time without fractions of a second."""
    return time if time == "-" else f"{time[:19]}Z"


def _status_line(event: str, status: dict[str, Any]) -> str:
    running = [_stage(stage) for stage in status.get("stages", []) if stage["state"] == "running"]
    details = ", ".join([_outcome(status), *running])
    return _line(status["updated_at"], status["video_id"], event, details)


def _stage(stage: dict[str, Any]) -> str:
    return f"{stage['name']} {stage['percent']:.0f} %"


def _progress(progress: dict[str, Any]) -> str:
    text = f"{progress['stage']} {progress['percent']:.0f} %"
    eta_s = progress.get("eta_s")
    return text if eta_s is None else f"{text}, {timedelta(seconds=round(eta_s))} left"


def _outcome(state: dict[str, Any]) -> str:
    """The status of the video after the event, with the reason if it has failed."""
    status, failure = state.get("status") or "", state.get("failure")
    return f"{status}: {failure['message']} ({failure['code']})" if failure else status
