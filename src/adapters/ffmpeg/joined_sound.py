"""The beginning of every filter graph of sound: one track as it is, or two tracks of one channel as stereo."""

from adapters.ffmpeg.restart_filters import sound_restarts
from domain.model.media.media_info import MediaInfo


def sound_source(media: MediaInfo, synchronising: str) -> str:
    """From the input to one signal that is in sync with the picture, by these filters for each track.

    Either track may end before the other: a filter that merges channels would end with the first of them.
    """
    if media.sound.right_index is None:
        return f"[0:{media.sound.index}]{_of_track(media, media.sound.index, synchronising)}"
    sides = zip(("left", "right"), media.sound.indexes, ("c0=c0", "c1=c0"), strict=True)
    panned = [
        f"[0:{index}]{_of_track(media, index, synchronising)},aformat=sample_fmts=fltp,pan=stereo|{gain}[{side}]"
        for side, index, gain in sides
    ]
    return ";".join([*panned, "[left][right]amix=inputs=2:normalize=0"])


def _of_track(media: MediaInfo, index: int, synchronising: str) -> str:
    return ",".join([*sound_restarts(media, index), synchronising])
