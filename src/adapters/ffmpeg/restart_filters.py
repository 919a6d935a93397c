"""Filters for files that hold several recordings in a row, whose times restart where ffmpeg does not expect it."""

from domain.model.media.media_info import MediaInfo
from domain.model.media.packet_survey import TrackPackets
from domain.model.media.packet_timeline import MIN_RESTART_S

# Frames come in the order of their presentation, so any step back is a restart; ffmpeg may round times up to this.
_MIN_STEP_BACK_S = MIN_RESTART_S / 2


def picture_restarts(media: MediaInfo) -> list[str]:
    """The filters that continue the picture where its times restart, and show a held last frame to its end."""
    packets = media.picture_packets
    held_s = 0.0 if packets is None else packets.held_s
    hold = [f"tpad=stop_mode=clone:stop_duration={held_s:.3f}"] if held_s > 0 and media.frame_rate > 0 else []
    return [*_shifted("setpts", packets), *hold]


def sound_restarts(media: MediaInfo) -> list[str]:
    """The filter that continues the sound where its times restart."""
    return _shifted("asetpts", media.sound_packets)


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
