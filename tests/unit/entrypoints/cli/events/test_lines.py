"""The lines of `telecine watch`."""

import json
from typing import Any

from entrypoints.cli.events.lines import json_line, text_lines
from telecine_client.events.updates import Update

ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
STATUS: dict[str, Any] = {
    "video_id": ID,
    "status": "processing",
    "failure": None,
    "updated_at": "2026-11-22T10:48:05.226995Z",
    "stages": [{"name": "compress", "state": "running", "percent": 41.6}, {"name": "publish", "state": "pending"}],
}


def event(name: str, **data: object) -> Update:
    """An event of the video."""
    common = {"video_id": ID, "occurred_at": "2026-11-22T10:48:05Z", "status": "failed", "failure": None}
    return Update(name, common | data, "7")


def test_every_kind_of_update_has_its_lines() -> None:
    """Time, id, event and details, in columns."""
    time, nobody = "2026-11-22T10:48:05Z", "-".ljust(36)
    failure = {"code": "not_a_video", "message": "Bad\x1b[31m.", "stage": "probe"}
    progress = {"video_id": ID, "stage": "compress", "percent": 41.6, "eta_s": 61.2}
    assert text_lines(Update("snapshot", STATUS, "3")) == [f"{time} {ID} snapshot           processing, compress 42 %"]
    assert (
        text_lines(Update("snapshot", {"videos": [STATUS] * 2, "complete": True}))
        == [f"{time} {ID} snapshot           processing, compress 42 %"] * 2
    )
    assert text_lines(Update("progress", progress)) == [
        f"{'-':<20} {ID} progress           compress 42 %, 0:01:01 left"
    ]
    assert text_lines(Update("progress", progress | {"eta_s": None})) == [
        f"{'-':<20} {ID} progress           compress 42 %"
    ]
    assert text_lines(event("video.failed", failure=failure)) == [
        f"{time} {ID} video.failed       failed: Bad?[31m. (not_a_video)"
    ]
    assert text_lines(event("webhook.disabled", video_id=None, status=None)) == [f"{time} {nobody} webhook.disabled"]
    (reset,) = text_lines(Update("reset", {"reason": "deleted"}))
    assert " reset " in reset


def test_json_is_one_line_for_each_update() -> None:
    """With the same keys as a message over a WebSocket."""
    line = json_line(Update("video.completed", {"text": "a\nb"}, "4"))
    assert "\n" not in line
    assert json.loads(line) == {"id": "4", "event": "video.completed", "data": {"text": "a\nb"}}
