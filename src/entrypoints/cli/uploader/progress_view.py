"""Shows the progress of an uploaded video."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from entrypoints.cli.events.stage_board import updated
from telecine_client.client import Client
from telecine_client.events.follower import Follower
from telecine_client.events.polling import StatusPoller

_STAGES = ("download", "probe", "compress", "publish", "transcribe")


def follow(client: Client, video_id: str, console: Console) -> dict[str, Any]:
    """Follow the video until its status is final, and print the transcript; returns the video.

    Raises:
        TelecineError: the server rejected a request, or did not respond.
        ClickException: the video failed.
    """
    video = _final(client, video_id, console)
    for warning in video["warnings"]:
        console.print(f"Warning: {warning['message']} ({warning['code']})", style="yellow")
    if failure := video["failure"]:
        raise click.ClickException(f"the video failed at {failure['stage']}: {failure['message']} ({failure['code']})")
    _summarise(video, console)
    if not any(warning["code"] == "transcription_disabled" for warning in video["warnings"]):
        _print_transcript(client.transcript(video_id))
    return video


def _final(client: Client, video_id: str, console: Console) -> dict[str, Any]:
    """Show every stage until the status is final; return the video."""
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    follower = Follower(
        client.video_events(video_id, until_terminal=True), StatusPoller(client, video_id, until_terminal=True)
    )
    with Progress(*columns, console=console) as progress, closing(follower.updates()) as updates:
        bars = {name: progress.add_task(name, total=100, start=False, state="pending") for name in _STAGES}
        status: dict[str, Any] = {"stages": []}
        for update in updates:
            status = updated(status, update)
            _show(progress, bars, status)
        video = client.video(video_id)
        _show(progress, bars, video)
    return video


def _show(progress: Progress, bars: dict[str, TaskID], status: dict[str, Any]) -> None:
    for stage in status["stages"]:
        bar = bars.get(stage["name"])
        if bar is None:
            continue
        if stage["state"] != "pending" and not progress.tasks[bar].started:
            progress.start_task(bar)
        progress.update(bar, completed=stage["percent"], state=_state_text(stage))
        if stage["state"] in {"done", "failed", "skipped"}:
            progress.stop_task(bar)


def _state_text(stage: dict[str, Any]) -> str:
    """The state of a stage and, while it runs, the server's estimate of the time left."""
    eta_s = stage.get("eta_s")
    return stage["state"] if eta_s is None else f"{stage['state']}, {timedelta(seconds=round(eta_s))} left"


def _summarise(video: dict[str, Any], console: Console) -> None:
    before, after = video["size_bytes"], video["rendition_size_bytes"]
    if video["rendition_kind"] != "original":
        console.print(f"{_megabytes(before)} became {_megabytes(after)} ({after / before:.0%})")
    if video["original_kept"]:
        console.print(f"The original is kept: {_megabytes(before)}")


def _print_transcript(transcript: dict[str, Any]) -> None:
    if not transcript["cues"]:
        click.echo("(no captions)")
    for cue in transcript["cues"]:
        click.echo(f"[{_clock(cue['start_s'])} - {_clock(cue['end_s'])}] {cue['text']}")


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.2f} MB"


def _clock(moment_s: float) -> str:
    minutes, seconds = divmod(moment_s, 60)
    return f"{int(minutes):02}:{seconds:04.1f}"
