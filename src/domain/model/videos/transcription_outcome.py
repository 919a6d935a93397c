"""How a video changes when its transcript is regenerated, fails, is skipped, or is replaced by uploaded captions."""

from dataclasses import replace
from datetime import datetime

from domain.model.failure import VideoWarning, WarningCode
from domain.model.stage import Stage, StageName, StageState
from domain.model.transcripts.hints import SpeechHints
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video

_WARNINGS = frozenset(
    {WarningCode.TRANSCRIPTION_DISABLED, WarningCode.TRANSCRIPTION_TOO_LONG, WarningCode.TRANSCRIPTION_FAILED}
)


def asked_again(video: Video, hints: SpeechHints | None, *, now: datetime) -> Video:
    """The video with the stage `transcribe` pending again; `hints` replace its own unless they are None.

    A failed video returns to `uploaded`, as with a retry. A completed video stays completed.
    """
    waiting = video.retried(now=now) if video.status is VideoStatus.FAILED else video
    stages = tuple(Stage(stage.name) if stage.name is StageName.TRANSCRIBE else stage for stage in waiting.stages)
    hints = video.speech_hints if hints is None else hints
    return replace(_unwarned(waiting), stages=stages, speech_hints=hints, updated_at=now)


def captioned(video: Video, *, now: datetime) -> Video:
    """The video with uploaded captions: a transcription that is not done is skipped, and its failure is cleared."""
    if video.failure is not None and video.failure.stage is StageName.TRANSCRIBE:
        is_failed = video.status is VideoStatus.FAILED
        video = video.retried(now=now) if is_failed else replace(video, failure=None)
    video = replace(_unwarned(video), updated_at=now)
    if video.stage(StageName.TRANSCRIBE).state is StageState.DONE:
        return video
    return skipped(video, now=now)


def skipped(video: Video, *, now: datetime) -> Video:
    """Skip the stage `transcribe`, and settle the video."""
    return video.with_stage(StageName.TRANSCRIBE, StageState.SKIPPED, now=now).settled(now=now)


def too_long(video: Video, audio_s: float, *, now: datetime) -> Video:
    """Skip the transcription, with a warning, because there is more audio than the operator allows."""
    message = f"The audio of {audio_s / 60:.0f} minutes exceeds this server's limit for transcription."
    return skipped(video.warned(VideoWarning(WarningCode.TRANSCRIPTION_TOO_LONG, message), now=now), now=now)


def failed_for_good(video: Video, reason: str, *, now: datetime) -> Video:
    """Fail the transcription permanently; a completed video stays completed, with a warning."""
    if video.status is not VideoStatus.COMPLETED:
        return video.transcription_failed(reason, now=now).settled(now=now)
    warning = VideoWarning(WarningCode.TRANSCRIPTION_FAILED, f"The transcript could not be regenerated. {reason}")
    return video.warned(warning, now=now).with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=now)


def _unwarned(video: Video) -> Video:
    return replace(video, warnings=tuple(warning for warning in video.warnings if warning.code not in _WARNINGS))
