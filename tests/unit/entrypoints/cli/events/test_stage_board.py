"""The stages that are shown, as the events of a stream change them."""

from typing import Any

from entrypoints.cli.events.stage_board import updated
from telecine_client.events.updates import Update

STAGES = ("upload", "download", "probe", "compress", "publish", "transcribe")


def status(**states: str) -> dict[str, Any]:
    """A status with the stages in these states; the others are pending."""
    stages = [
        {"name": name, "state": states.get(name, "pending"), "percent": 0, "attempt": 0, "speed": None, "eta_s": None}
        for name in STAGES
    ]
    return {"status": "processing", "stages": stages}


def progress(stage: str, percent: float) -> Update:
    """A percentage of a stage."""
    data = {"video_id": "v", "stage": stage, "percent": percent, "attempt": 2, "speed": 1.5, "eta_s": 9.0}
    return Update("progress", data)


def states(of: dict[str, Any]) -> list[str]:
    """The states of the stages, in order."""
    return [stage["state"] for stage in of["stages"]]


def test_a_percentage_ends_the_stages_before_it() -> None:
    """The stage runs, and what happens beside it stays as it is."""
    before = status(upload="done", download="running", transcribe="skipped")
    after = updated(before, progress("compress", 41.5))
    assert states(after) == ["done", "done", "done", "running", "pending", "skipped"]
    compress = after["stages"][3]
    assert (compress["percent"], compress["attempt"], compress["speed"], compress["eta_s"]) == (41.5, 2, 1.5, 9.0)
    assert states(before)[1] == "running"  # The status that was passed is not changed.


def test_transcription_runs_beside_compression() -> None:
    """Its percentages end neither compression nor publication."""
    after = updated(status(compress="running"), progress("transcribe", 10))
    assert states(after) == ["done", "done", "done", "running", "pending", "running"]


def test_a_playable_video_has_been_published() -> None:
    """Stages that were skipped stay skipped, and the transcription goes on."""
    playable = Update("video.playable", {"status": "processing", "playable": True})
    after = updated(status(compress="skipped", publish="running", transcribe="running"), playable)
    assert states(after) == ["done", "done", "done", "skipped", "done", "running"]


def test_other_updates() -> None:
    """A snapshot replaces the status; an event changes it; a message about the stream does not."""
    snapshot = updated(status(), Update("snapshot", status(upload="done")))
    assert states(snapshot)[0] == "done"
    failed = updated(snapshot, Update("video.failed", {"status": "failed", "playable": False}))
    assert failed["status"] == "failed"
    assert updated(failed, Update("reset", {"reason": "invalid"})) == failed
    assert updated(failed, Update("end", {"reason": "terminal"})) == failed
    assert updated({"stages": []}, progress("compress", 5)) == {"stages": []}
