"""Durations that a file states are claims: where its packets disagree, the packets count."""

import math
from dataclasses import replace

from domain.model.media.media_info import MediaInfo
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from domain.model.media.rendition_check import duration_tolerance_s

# Their headers or indexes state a duration, and how long the file should be, so that a cut file differs from one with a
# false header. Transport and program streams and Ogg state neither: ffmpeg estimates their duration from a few packets.
_ESTIMATED = frozenset({"mpegts", "mpeg", "ogg", "aac", "ac3", "eac3", "amr"})
# An index that lists more frames than this, relative to the packets that exist, belongs to a longer file.
_INDEX_SLACK = 1.01
_INDEX_SLACK_FRAMES = 2
_INDEXED = frozenset({"mov", "avi"})


def with_measured_durations(media: MediaInfo, survey: PacketSurvey) -> MediaInfo:
    """The media with the durations of its packets, wherever a stated duration disagrees by more than the tolerance.

    A longer duration that is stated stays if the file is cut, or if it is not known to be whole: then the rendition
    is found to be too short, and the original is kept. If not all packets could be read, a stated duration stays, and a
    missing one is that of the packets before.
    """
    survey = _with_stated_hold(media, _without_implausible_hold(media, survey))
    surveyed = replace(media, packets=survey)
    picture, sound = surveyed.picture_packets, surveyed.sound_packets
    if not survey.is_complete:
        return surveyed if media.duration_s > 0 else replace(surveyed, duration_s=survey.duration_s)
    if (picture if media.has_picture else sound) is None:
        return surveyed
    is_cut = _is_cut(media, survey)
    measured = replace(
        surveyed, duration_s=_settled(media.duration_s, survey.duration_s, is_cut=is_cut) or survey.duration_s
    )
    if media.has_picture:
        picture_s = _settled_track(media.picture.duration_s, picture, is_cut=is_cut)
        measured = replace(measured, picture=replace(media.picture, duration_s=picture_s))
    if media.has_audio:
        sound_s = _settled_track(media.sound.duration_s, sound, is_cut=is_cut)
        measured = replace(measured, sound=replace(media.sound, duration_s=sound_s))
    return measured


def _picture(media: MediaInfo, survey: PacketSurvey) -> TrackPackets | None:
    return replace(media, packets=survey).picture_packets


def _settled_track(claimed_s: float | None, track: TrackPackets | None, *, is_cut: bool) -> float | None:
    """The duration of a track; without any packet it is 0."""
    return _settled(claimed_s, 0.0 if track is None else track.decodable_s, is_cut=is_cut)


def _settled(claimed_s: float | None, measured_s: float, *, is_cut: bool) -> float | None:
    if claimed_s is None or not (math.isfinite(claimed_s) and claimed_s > 0):
        return None if is_cut else measured_s
    if claimed_s > measured_s and is_cut:
        return claimed_s
    is_confirmed = abs(claimed_s - measured_s) <= duration_tolerance_s(measured_s)
    return claimed_s if is_confirmed else measured_s


def _is_cut(media: MediaInfo, survey: PacketSurvey) -> bool:
    """Whether the file may be longer than what is left of it."""
    if media.container in _ESTIMATED:
        return False
    if survey.is_cut or survey.is_cut is None or survey.unused is not None:
        return True
    picture = _picture(media, survey)
    frame_count = media.picture.frame_count or 0
    packet_count = 0 if picture is None else picture.packet_count
    is_listed = frame_count > packet_count * _INDEX_SLACK + _INDEX_SLACK_FRAMES
    return media.container in _INDEXED and is_listed


def _with_stated_hold(media: MediaInfo, survey: PacketSurvey) -> PacketSurvey:
    """With a last frame that is held as long as both the file and the video track state.

    Matroska stores no duration of a frame, but the track's duration in a tag; a header that is wrong stands alone.
    """
    picture = survey.track(media.picture.index) if media.has_picture else None
    stated_s = media.picture.duration_s
    if picture is None or stated_s is None or media.container != "matroska" or _is_cut(media, survey):
        return survey
    tolerance_s = duration_tolerance_s(survey.duration_s)
    held_s = stated_s - picture.duration_s
    if not (tolerance_s < held_s < math.inf and abs(media.duration_s - stated_s) <= tolerance_s):
        return survey
    longer = replace(picture, end_s=picture.end_s + held_s, held_s=held_s)
    return replace(survey, tracks=tuple(longer if track is picture else track for track in survey.tracks))


def _without_implausible_hold(media: MediaInfo, survey: PacketSurvey) -> PacketSurvey:
    """Without the time for which a last frame is held, if neither the file's duration nor another track confirms it."""
    picture = survey.track(media.picture.index) if media.has_picture else None
    if picture is None or picture.held_s == 0:
        return survey
    first_s = min(track.start_s for track in survey.tracks)
    others_s = [track.end_s for track in survey.tracks if track is not picture]
    confirmed_s = max([first_s + media.duration_s, *others_s])
    if confirmed_s >= picture.end_s - duration_tolerance_s(picture.duration_s):
        return survey
    shorter = replace(picture, end_s=picture.end_s - picture.held_s, held_s=0.0)
    return replace(survey, tracks=tuple(shorter if track is picture else track for track in survey.tracks))
