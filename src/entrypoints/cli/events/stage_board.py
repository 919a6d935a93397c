"""Keeps the status of a video up to date with the events of its stream."""

from typing import Any

from telecine_client.events.updates import Update

_BEFORE_COMPRESSION = ("upload", "download", "probe")
_EARLIER_STAGES = {
    "download": _BEFORE_COMPRESSION[:1],
    "probe": _BEFORE_COMPRESSION[:2],
    "compress": _BEFORE_COMPRESSION,
    "transcribe": _BEFORE_COMPRESSION,
    "publish": (*_BEFORE_COMPRESSION, "compress"),
}
_UNTIL_PLAYABLE = (*_EARLIER_STAGES["publish"], "publish")
_OPEN = frozenset({"pending", "running"})


def updated(status: dict[str, Any], update: Update) -> dict[str, Any]:
    """The status after this update; a new one, because the stream names only what changes.

    A stream reports no end of a stage: a stage has ended when a later one has begun, or when the video is playable.
    """
    if update.event in {"snapshot", "status"}:
        return update.data
    if update.event == "progress":
        return status | {"stages": _progressed(status.get("stages", []), update.data)}
    if update.data.get("status") is None:
        return status  # An event of the stream itself, such as `reset`.
    stages = status.get("stages", [])
    if update.data.get("playable"):
        stages = [_ended(stage) if stage["name"] in _UNTIL_PLAYABLE else stage for stage in stages]
    return status | {"status": update.data["status"], "stages": stages}


def _progressed(stages: list[dict[str, Any]], progress: dict[str, Any]) -> list[dict[str, Any]]:
    earlier = _EARLIER_STAGES.get(progress["stage"], ())
    running = {
        "state": "running",
        "percent": progress["percent"],
        "attempt": progress["attempt"],
        "speed": progress["speed"],
        "eta_s": progress["eta_s"],
    }
    return [
        stage | running if stage["name"] == progress["stage"] else _ended(stage) if stage["name"] in earlier else stage
        for stage in stages
    ]


def _ended(stage: dict[str, Any]) -> dict[str, Any]:
    return stage | {"state": "done", "percent": 100, "eta_s": None} if stage["state"] in _OPEN else stage
