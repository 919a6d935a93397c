"""Filters for files that hold several recordings in a row, whose times restart where ffmpeg does not expect it."""

from dataclasses import replace

from domain.model.media.frame_rate import rendition_frame_rate
from domain.model.media.media_info import MediaInfo
from domain.model.media.packet_survey import TrackPackets
from domain.model.media.packet_timeline import MIN_RESTART_S

# Frames come in the order of their presentation, so any step back is a restart; ffmpeg may round times up to this.
_TICK_S = 0.001
_MIN_STEP_BACK_S = MIN_RESTART_S / 2
# The lowest rate of a picture whose last frame is held; a recording of slides may have one frame in a minute.
_MIN_HELD_RATE = 10.0


def picture_restarts(media: MediaInfo) -> list[str]:
    """The filter that continues the picture where its times restart."""
    return _shifted("setpts", media.picture_packets)


def held_frame(media: MediaInfo, max_frame_rate: float) -> list[str]:
    """The filters that repeat a held last frame at a constant rate, to the end of its time.

    A single repetition would last as long as the encoder decides: in ffmpeg 7 no time at all. The rate is that of the
    finest grid of the frames before, because some of them may follow each other much faster than the mean rate says.
    """
    packets = media.picture_packets
    if packets is None or packets.held_s == 0 or media.packets is None:
        return []
    finest = max(_MIN_HELD_RATE, media.frame_rate, media.picture.nominal_rate)
    rate = rendition_frame_rate(replace(media, frame_rate=finest), max_frame_rate)
    start_s = media.packets.start_s
    last_s = max(packets.end_s - float(1 / rate), packets.last_s + _TICK_S) - start_s
    is_behind = f"gt(T,{packets.last_s - start_s + _TICK_S:.6f})"
    return ["tpad=stop_mode=clone:stop=1", f"setpts='if({is_behind},{last_s:.6f}/TB,PTS)'", f"fps={rate}"]


def sound_restarts(media: MediaInfo, index: int) -> list[str]:
    """The filter that continues an audio track where its times restart."""
    return _shifted("asetpts", None if media.packets is None else media.packets.track(index))


def _shifted(name: str, packets: TrackPackets | None) -> list[str]:
    """Count the restarts in a variable of the expression, and add the shift of the latest one."""
    if packets is None or not packets.shifts_s:
        return []
    before_s = [0.0, *packets.shifts_s]
    steps = "+".join(
        f"gte(ld(0),{number})*{shift_s - previous_s:.6f}"
        for number, (previous_s, shift_s) in enumerate(zip(before_s, packets.shifts_s, strict=False), start=1)
    )
    restarts = f"st(0,ld(0)+lt(PTS,PREV_INPTS-{_MIN_STEP_BACK_S:g}/TB))"
    return [f"{name}='{restarts}*0+PTS+({steps})/TB'"]
