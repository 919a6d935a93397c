"""Makes videos whose sound is unusual: its layout, its track, or what lies beside it."""

from collections.abc import Sequence
from pathlib import Path

from tests.media import odd, surgery
from tests.media.make import ffmpeg
from tests.media.odd import AAC, H264, PICTURE, SOUND

TONE = "0.2*sin(880*PI*t)"
_LAVFI = ("-f", "lavfi", "-i")
_ALL = ("-map", "0", "-map", "1", "-map", "2")
_TS_PACKET = 188
_NULL_PID = 0x1FFF
_PRIVATE_STREAM = 0x06
_TELETEXT = b"\x56\x05eng\x09\x00"


def in_layout(target: Path, layout: str | None, channels: int, *, audible: Sequence[int] = ()) -> Path:
    """A tone in these channels, or in all, as PCM with this layout; None: ffmpeg chooses one by the number."""
    return odd.coded(target, *H264, "-c:a", "pcm_s16le", sound=_tones(layout, channels, audible))


def in_ambisonics(target: Path, channels: int) -> Path:
    """Ambisonic Opus with a tone from everywhere."""
    return odd.coded(target, *H264, "-c:a", "libopus", "-mapping_family", "2", sound=_tones(None, channels, (0,)))


def cancelling(target: Path) -> Path:
    """The right channel is the left one turned over, so that their sum is silence."""
    sound = f"aevalsrc='{TONE}|-{TONE}':c=stereo:s=48000:d=1"
    return odd.coded(target, *H264, *AAC, sound=sound)


def _tones(layout: str | None, channels: int, audible: Sequence[int]) -> str:
    tones = "|".join(TONE if not audible or place in audible else "0" for place in range(channels))
    named = "" if layout is None else f":c={layout}"
    return f"aevalsrc='{tones}'{named}:s=48000:d=1"


def with_tracks(target: Path, *tracks: Sequence[str], options: Sequence[str] = ()) -> Path:
    """A picture and one audio track for each list of options, such as `-c:a aac`; the tones differ."""
    sources = [argument for place in range(len(tracks)) for argument in (*_LAVFI, f"sine={440 * (place + 1)}:d=1")]
    coding = [word for place, track in enumerate(tracks) for word in _for_track(track, place)]
    maps = [word for place in range(len(tracks) + 1) for word in ("-map", str(place))]
    return ffmpeg(target, *_LAVFI, PICTURE, *sources, *maps, *H264, *coding, *options)


def _for_track(options: Sequence[str], place: int) -> list[str]:
    return [f"{word}:{place}" if word in {"-c:a", "-disposition:a", "-b:a"} else word for word in options]


def with_empty_track(target: Path, *, sounds: int) -> Path:
    """A default audio track without a packet, and this number of tracks with sound."""
    whole = with_tracks(target.with_name(f"whole-{target.name}"), *[("-c:a", "aac")] * (sounds + 1))
    drops = ("-bsf:a:0", "noise=drop=1", "-disposition:a:0", "default")
    return ffmpeg(target, "-i", str(whole), "-map", "0", "-c", "copy", *drops)


def with_empty_table(target: Path) -> Path:
    """An MP4 whose audio track has no sample."""
    odd.coded(target, *H264, *AAC)
    return surgery.changed(target, _empty_last_track)


def _empty_last_track(content: bytearray) -> None:
    movie = surgery.find(content, "moov")
    track = [box for box in surgery.boxes(content, movie.content, movie.end) if box.kind == "trak"][-1]
    for kind, count_at in (("stts", 4), ("stsc", 4), ("stsz", 8), ("stco", 4)):
        table = content.index(kind.encode(), track.start, track.end) + 4
        content[table + count_at : table + count_at + 4] = bytes(4)


def with_undecodable_sound(target: Path, *, sounds: int = 1) -> Path:
    """Every byte of the first audio track is noise."""
    whole = with_tracks(target.with_name(f"whole-{target.name}"), *[("-c:a", "aac")] * sounds)
    return ffmpeg(target, "-i", str(whole), "-map", "0", "-c", "copy", "-bsf:a:0", "noise=amount=1")


def with_unknown_codec(target: Path, *, sounds: int = 1) -> Path:
    """A Matroska file whose first audio track has a codec that nobody knows."""
    with_tracks(target, ("-c:a", "tta"), *[("-c:a", "aac")] * (sounds - 1))
    return surgery.changed(target, lambda content: bytes(content).replace(b"A_TTA1", b"A_XYZ9"))


def with_programmes(target: Path) -> Path:
    """A transport stream with two programmes; the first audio track belongs to the one without a picture."""
    other = (*_LAVFI, "sine=440:d=1", *_LAVFI, PICTURE, *_LAVFI, "sine=880:d=1")
    languages = ("-metadata:s:a:0", "language=fra", "-metadata:s:a:1", "language=deu")
    programmes = ("-program", "program_num=1:st=0", "-program", "program_num=2:st=1:st=2")
    return ffmpeg(target, *other, "-map", "0", "-map", "1", "-map", "2", *H264, "-c:a", "aac", *languages, *programmes)


def with_second_picture(target: Path, codec: str) -> Path:
    """A second video track in this codec."""
    maps = ("-map", "0:v", "-map", "0:v", "-map", "1:a")
    return ffmpeg(target, *_LAVFI, PICTURE, *_LAVFI, SOUND, *maps, *H264, "-c:v:1", codec, *AAC)


def with_subtitles(target: Path, codec: str) -> Path:
    """A text subtitle track in this codec."""
    return ffmpeg(
        target, *_LAVFI, PICTURE, *_LAVFI, SOUND, "-i", str(_words(target)), *_ALL, *H264, *AAC, "-c:s", codec
    )


def with_relabelled_subtitles(target: Path, codec_id: bytes) -> Path:
    """A Matroska subtitle track under another CodecID, of at most 18 bytes."""
    with_subtitles(target, "webvtt")
    old = b"D_WEBVTT/SUBTITLES"
    return surgery.changed(target, lambda content: bytes(content).replace(old, codec_id.ljust(len(old), b"\0")))


def with_data(target: Path) -> Path:
    """A transport stream with a private data stream, such as KLV."""
    data = target.with_suffix(".bin")
    data.write_bytes(bytes(range(256)) * 8)
    coding = (*H264, *AAC, "-c:d", "copy", "-bsf:d", "setts=pts=57600:dts=57600")
    return ffmpeg(target, *_LAVFI, PICTURE, *_LAVFI, SOUND, "-f", "data", "-i", str(data), *_ALL, *coding)


def with_relabelled_timecode(target: Path, kind: bytes = b"tmcd") -> Path:
    """A QuickTime file with a timecode track, whose samples may be said to be of another kind."""
    odd.coded(target, *H264, *AAC, "-timecode", "01:00:00:00")
    return surgery.changed(target, lambda content: bytes(content).replace(b"tmcd\x00\x00\x00\x00", kind + bytes(4)))


def with_attachment(target: Path, media_type: str, content: bytes | None = None) -> Path:
    """A Matroska file with an attachment of this media type: a TIFF picture if there is no other content."""
    attached = target.with_suffix(".tiff")
    if content is None:
        ffmpeg(attached, *_LAVFI, "color=red:s=64x64:d=0.1", "-frames:v", "1", "-c:v", "tiff", "-update", "1")
    else:
        attached.write_bytes(content)
    whole = odd.coded(target.with_name(f"whole-{target.name}"), *H264, *AAC)
    described = ("-attach", str(attached), "-metadata:s:t", f"mimetype={media_type}")
    return ffmpeg(target, "-i", str(whole), "-c", "copy", *described)


def without_packets_of_sound(target: Path) -> Path:
    """A transport stream that announces an audio track of which no packet was recorded."""
    odd.coded(target, *H264, *AAC, "-streamid", "0:256", "-streamid", "1:257")
    return surgery.changed(target, lambda content: _without_pid(content, 257))


def _without_pid(content: bytearray, pid: int) -> None:
    for start in range(0, len(content), _TS_PACKET):
        if (content[start + 1] & 0x1F) << 8 | content[start + 2] == pid:
            content[start + 1 : start + 3] = _NULL_PID.to_bytes(2, "big")


def with_teletext(target: Path) -> Path:
    """A transport stream whose private data is announced as teletext."""
    with_data(target)
    return surgery.changed(target, _announce_teletext)


def _announce_teletext(content: bytearray) -> None:
    """Add a teletext descriptor to the private stream in each programme map."""
    for start in range(0, len(content), _TS_PACKET):
        section = start + 5
        if content[start + 1] & 0x40 and bytes(content[section : section + 2]) == b"\x02\xb0":
            content[section : start + _TS_PACKET] = _with_descriptor(content[section : start + _TS_PACKET])


def _with_descriptor(map_and_stuffing: bytearray) -> bytes:
    """The map, whose last stream is the private one without descriptors."""
    length = map_and_stuffing[2] + 3
    table = map_and_stuffing[: length - 4]
    assert table[-5] == _PRIVATE_STREAM
    table[-1] = len(_TELETEXT)
    table += _TELETEXT
    table[2] += len(_TELETEXT)
    made = table + _crc32_mpeg(table).to_bytes(4, "big")
    return bytes(made).ljust(len(map_and_stuffing), b"\xff")


def _crc32_mpeg(data: bytes | bytearray) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def _words(target: Path) -> Path:
    words = target.with_suffix(".srt")
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    return words
