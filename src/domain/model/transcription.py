"""What becomes of a video when its transcript is asked for anew, fails, is left out, or is given by its owner."""

from dataclasses import replace
from datetime import datetime

from domain.model.failure import VideoWarning, WarningCode
from domain.model.lifecycle import VideoStatus
from domain.model.speech_hints import SpeechHints
from domain.model.stage import Stage, StageName, StageState
from domain.model.video import Video

_WARNINGS = frozenset(
    {WarningCode.TRANSCRIPTION_DISABLED, WarningCode.TRANSCRIPTION_TOO_LONG, WarningCode.TRANSCRIPTION_FAILED}
)


def asked_again(video: Video, hints: SpeechHints | None, *, now: datetime) -> Video:
    """A new transcript is owed, with these hints from now on, or with those that the video has.

    One that had failed is taken up as by a retry; one that is completed stays so whatever comes of it.
    """
    waiting = video.retried(now=now) if video.status is VideoStatus.FAILED else video
    stages = tuple(Stage(stage.name) if stage.name is StageName.TRANSCRIBE else stage for stage in waiting.stages)
    hints = video.speech_hints if hints is None else hints
    return replace(_unwarned(waiting), stages=stages, speech_hints=hints, updated_at=now)


def captioned(video: Video, *, now: datetime) -> Video:
    """Its owner's captions are there: a transcription that is not done is skipped; that it had failed is over."""
    if video.failure is not None and video.failure.stage is StageName.TRANSCRIBE:
        is_failed = video.status is VideoStatus.FAILED
        video = video.retried(now=now) if is_failed else replace(video, failure=None)
    video = replace(_unwarned(video), updated_at=now)
    if video.stage(StageName.TRANSCRIBE).state is StageState.DONE:
        return video
    return skipped(video, now=now)


def skipped(video: Video, *, now: datetime) -> Video:
    """There is nothing (more) to transcribe."""
    return video.with_stage(StageName.TRANSCRIBE, StageState.SKIPPED, now=now).settled(now=now)


def too_long(video: Video, audio_s: float, *, now: datetime) -> Video:
    """More would have to be heard than the operator pays for: nothing is sent, and the video does without."""
    message = f"{audio_s / 60:.0f} minutes of sound are more than is transcribed here."
    return skipped(video.warned(VideoWarning(WarningCode.TRANSCRIPTION_TOO_LONG, message), now=now), now=now)


def failed_for_good(video: Video, reason: str, *, now: datetime) -> Video:
    """No attempt will follow; a video that was completed before stays so, with a warning, and keeps what it had."""
    if video.status is not VideoStatus.COMPLETED:
        return video.transcription_failed(reason, now=now).settled(now=now)
    warning = VideoWarning(WarningCode.TRANSCRIPTION_FAILED, f"A new transcript could not be made. {reason}")
    return video.warned(warning, now=now).with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=now)


def _unwarned(video: Video) -> Video:
    return replace(video, warnings=tuple(warning for warning in video.warnings if warning.code not in _WARNINGS))
