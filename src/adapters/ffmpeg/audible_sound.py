"""Finds the audio tracks that can be heard: a container may declare tracks that are empty or can't be decoded."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from adapters.ffmpeg.first_sound import FirstSound
from adapters.ffmpeg.probe import UNKNOWN_CODEC, Report
from adapters.ffmpeg.probe_stream import Stream
from adapters.ffmpeg.runner import Runner
from domain.model.errors import MediaRejected
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.sound_choice import AudioCandidate, SoundChoice, by_preference, choice, is_missed, rivals

# A file is read to its end for each track without sound, so the number of tries is limited.
MAX_TRIED_TRACKS = 8


async def heard_sound(runner: Runner, path: Path, report: Report) -> tuple[Report, PacketSurvey]:
    """The report with the audio track that plays, or with the two that play as left and right; and its survey.

    It is the first one, in the order of preference, of which a frame can be decoded. If others are meant to be heard as
    well, all of them are decoded to find those that are silent. `lost_sound` is the codec of a preferred track that is
    not empty and cannot be decoded. Of several tracks, the choice depends on their packets.

    Raises:
        Unavailable: ffmpeg or ffprobe could not be run.
    """
    if report.is_encrypted or not report.sounds:
        return report, await runner.survey(path, report)
    survey = await runner.survey(path, report) if len(report.sounds) > 1 else None
    heard = await _Search(runner, path, report, survey).found()
    if survey is None or heard.played != report.played:
        survey = await runner.survey(path, heard)
    return heard, survey


@dataclass(slots=True)
class _Search:
    """The search in one file; `failed` are the tracks that were tried in vain."""

    runner: Runner
    path: Path
    report: Report
    survey: PacketSurvey | None
    failed: set[int] = field(default_factory=set[int])

    async def found(self) -> Report:
        candidates, duration_s = self._candidates(), self._duration_s
        for each in by_preference(candidates, duration_s=duration_s)[:MAX_TRIED_TRACKS]:
            decoded = await self._decoded(each)
            if decoded is not None:
                return await self._with(each, decoded, candidates)
            self.failed.add(each.index)
        return _playing(self.report, [], lost=await self._lost(None, candidates))

    def _candidates(self) -> list[AudioCandidate]:
        is_known = self.survey is not None and self.survey.is_complete
        return self.report.candidates(self.survey.sounding_s if self.survey is not None and is_known else None)

    @property
    def _duration_s(self) -> float:
        """The time of the picture or of the longest track; 0.0 if it is unknown."""
        if self.survey is None:
            return 0.0
        lengths_s = [self.survey.sounding_s.get(stream.index, 0.0) for stream in self.report.sounds]
        return max(self.survey.duration_s, *lengths_s)

    async def _decoded(self, candidate: AudioCandidate) -> Stream | None:
        """The stream as its decoder describes it; None if nothing of it can be decoded."""
        if not candidate.is_decodable or candidate.sounding_s == 0:
            return None
        stream = self._stream(candidate.index)
        first = await self._first_sound(stream)
        if first is None:
            return stream
        return _as_decoded(stream, first) if first.is_heard else None

    async def _with(self, heard: AudioCandidate, decoded: Stream, candidates: list[AudioCandidate]) -> Report:
        """The report with this track, or with those that its rivals ask for."""
        lost = await self._lost(heard, candidates)
        tried = [each for each in candidates if each.index not in self.failed]
        others = rivals(heard, tried, container=self.report.container, duration_s=self._duration_s)
        if not others:
            return _playing(self.report, [decoded], lost=lost)
        chosen = await self._choice(heard, others)
        if chosen.right is not None:
            pair = [self._stream(chosen.left), self._stream(chosen.right)]
            return _playing(self.report, pair, unused=chosen.unused, lost=lost)
        if chosen.left != heard.index:
            other = next(each for each in others if each.index == chosen.left)
            decoded = await self._decoded(other) or self._stream(other.index)
        return _playing(self.report, [decoded], unused=chosen.unused, lost=lost)

    async def _choice(self, heard: AudioCandidate, others: list[AudioCandidate]) -> SoundChoice:
        """What plays of these tracks; those beyond the limit are taken for audible."""
        indexes = [each.index for each in (heard, *others)]
        audible = await self.runner.audible_tracks(self.path, indexes[:MAX_TRIED_TRACKS])
        if audible is None:
            return SoundChoice(heard.index, unused=tuple(indexes[1:]))
        return choice(heard, others, audible | set(indexes[MAX_TRIED_TRACKS:]), duration_s=self._duration_s)

    async def _lost(self, heard: AudioCandidate | None, candidates: list[AudioCandidate]) -> str | None:
        """The codec of the best track that is missed and not empty; the number of tracks that are read is limited."""
        failed = [each for each in candidates if each.index in self.failed or not each.is_decodable]
        missed = [each for each in failed if heard is None or is_missed(each, heard, duration_s=self._duration_s)]
        for each in by_preference(missed, duration_s=self._duration_s)[:MAX_TRIED_TRACKS]:
            stream = self._stream(each.index)
            if await self._has_content(stream, each):
                return stream.codec_name or UNKNOWN_CODEC
        return None

    async def _first_sound(self, stream: Stream) -> FirstSound | None:
        """The first frames of a track; without its edit list, which may be false, if that hides all of them."""
        first = await self.runner.first_sound(self.path, index=stream.index)
        if first is None or first.is_heard or self.report.container != "mov":
            return first
        return await self.runner.first_sound(self.path, index=stream.index, ignores_edits=True)

    async def _has_content(self, stream: Stream, candidate: AudioCandidate) -> bool:
        """Whether a track has packets, or states that it has."""
        if stream.states_content or candidate.sounding_s is not None:
            return stream.states_content or candidate.sounding_s != 0
        try:
            return await self.runner.has_packets(self.path, index=stream.index)
        except MediaRejected:  # The file is damaged, so the packets may be in the part that cannot be read.
            return True

    def _stream(self, index: int) -> Stream:
        return next(stream for stream in self.report.sounds if stream.index == index)


def _playing(report: Report, tracks: list[Stream], *, unused: tuple[int, ...] = (), lost: str | None) -> Report:
    """The report with these audio tracks alone: none, one, or a left and a right one."""
    others = [stream for stream in report.streams if stream.codec_type != "audio"]
    right = tracks[1].index if len(tracks) > 1 else None
    return msgspec.structs.replace(
        report, streams=[*others, *tracks], right_sound=right, unused_sounds=unused, lost_sound=lost
    )


def _as_decoded(stream: Stream, first: FirstSound) -> Stream:
    """The stream with the channels that its decoder produces, which a container may state wrongly.

    ffmpeg gives channels without a layout a likely one, so an unknown layout stays unknown.
    """
    layout = "" if stream.is_layout_unknown else first.layout
    return msgspec.structs.replace(stream, channels=first.channels or stream.channels, channel_layout=layout)
