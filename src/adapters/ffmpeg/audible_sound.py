"""Finds the audio track that can be heard: a container may declare tracks that are empty or can't be decoded."""

from pathlib import Path

import msgspec

from adapters.ffmpeg.allowed_formats import AUDIO_CODECS
from adapters.ffmpeg.first_sound import FirstSound
from adapters.ffmpeg.probe import UNKNOWN_CODEC, Report
from adapters.ffmpeg.probe_stream import Stream
from adapters.ffmpeg.runner import Runner
from domain.model.errors import MediaRejected

# A file is read to its end for each track without sound, so the number of tries is limited.
MAX_TRIED_TRACKS = 8


async def with_audible_sound(runner: Runner, path: Path, report: Report) -> Report:
    """The report with the first audio track, in the order of preference, of which a frame can be decoded.

    Without such a track the report has none; its `lost_sound` says whether there was one that is not empty.

    Raises:
        Unavailable: ffmpeg or ffprobe could not be run.
    """
    if report.is_encrypted:
        return report
    lost: str | None = None
    for stream in report.sounds[:MAX_TRIED_TRACKS]:
        if stream.codec_name in AUDIO_CODECS:
            first = await _first_sound(runner, path, report, stream)
            if first is None or first.is_heard:
                return report.with_sound(stream if first is None else _as_decoded(stream, first))
        if lost is None and await _has_content(runner, path, stream):
            lost = stream.codec_name or UNKNOWN_CODEC
    return report.without_sound(lost)


async def _first_sound(runner: Runner, path: Path, report: Report, stream: Stream) -> FirstSound | None:
    """The first frames of a track; without its edit list, which may be false, if that hides all of them."""
    first = await runner.first_sound(path, index=stream.index)
    if first is None or first.is_heard or report.container != "mov":
        return first
    return await runner.first_sound(path, index=stream.index, ignores_edits=True)


def _as_decoded(stream: Stream, first: FirstSound) -> Stream:
    """The stream with the channels that its decoder produces, which a container may state wrongly.

    ffmpeg gives channels without a layout a likely one, so an unknown layout stays unknown.
    """
    layout = "" if stream.is_layout_unknown else first.layout
    return msgspec.structs.replace(stream, channels=first.channels or stream.channels, channel_layout=layout)


async def _has_content(runner: Runner, path: Path, stream: Stream) -> bool:
    """Whether a track has packets, or states that it has."""
    if stream.states_content:
        return True
    try:
        return await runner.has_packets(path, index=stream.index)
    except MediaRejected:  # The file is damaged, so the packets may be in the part that cannot be read.
        return True
