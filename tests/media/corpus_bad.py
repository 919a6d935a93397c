"""Inputs that are not a video, have false headers, are damaged, or lure the reader to other files and URLs."""

from tests.media import damaged, lures, make, odd, surgery
from tests.media.expected import (
    DAMAGED,
    LONGEST_S,
    PARTLY_DAMAGED,
    PARTLY_TRUNCATED,
    REMUXED,
    TRUNCATED,
    UNPROVEN,
    Input,
    bytes_of,
    completed,
    failed,
    plain,
    refused,
)
from tests.media.lures import Maker, written


def _noise(length: int) -> bytes:
    """Pseudo-random bytes, the same each time."""
    state, made = 20261122, bytearray()
    while len(made) < length:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        made += state.to_bytes(8, "big")
    return bytes(made[:length])


_NO_VIDEO = (
    Input("empty.mp4", "zero bytes", bytes_of(b""), refused("invalid_file_size")),
    Input("one-byte.mp4", "one byte", bytes_of(b"\x00"), refused()),
    Input("zeros.mp4", "only zero bytes", bytes_of(bytes(100_000)), refused()),
    Input("random.mp4", "random bytes", bytes_of(_noise(100_000)), refused()),
    Input("words.mp4", "text", plain(make.text), refused()),
    Input("utf-16.mp4", "text in UTF-16", bytes_of("file:/etc/passwd".encode("utf-16") * 50), refused()),
    Input("jpeg.mp4", "a JPEG picture", lures.picture(".jpg"), refused()),
    Input("png.mp4", "a PNG picture", lures.picture(".png"), refused()),
    Input("gif.mp4", "a GIF picture", lures.picture(".gif"), refused()),
    Input("wav.mp4", "WAV audio", lures.sound(".wav"), completed()),
    Input("mp3.mp4", "MP3 audio", lures.sound(".mp3"), completed(), is_extra=True),
    Input("flac.mp4", "FLAC audio", lures.sound(".flac"), completed(), is_extra=True),
    Input("pdf.mp4", "a PDF that opens a URL", written(lures.document), refused()),
    Input("zip.mp4", "a ZIP of 64 MiB of zeros whose member name begins with `../`", lures.archive, refused()),
    Input("gzip.mp4", "a gzipped video", lures.compressed, refused()),
    Input("elf.mp4", "the start of an ELF executable", written(lures.program), refused()),
    Input("script.mp4", "a shell script", bytes_of(b"#!/bin/sh\ncat /etc/passwd\n\x00"), refused()),
    Input("html.mp4", "an HTML page with a script", written(lures.page), refused()),
    Input("svg.mp4", "an SVG that loads a file and a URL", written(lures.picture_with_entity), refused()),
    Input("xml.mp4", "XML whose entities expand a billionfold", written(lures.entities), refused()),
    Input("bare.mpg", "MPEG-2 video without a container", lures.bare_video, refused()),
)

_LURES = (
    Input("hls-file.mp4", "an HLS playlist of local files", written(lures.hls_with_file), refused()),
    Input("hls-http.ts", "an HLS playlist of URLs, with a key", written(lures.hls_with_address), refused()),
    Input("hls-itself.mp4", "an HLS playlist that refers to itself", written(lures.hls_of_itself), refused()),
    Input("dash.mp4", "a DASH manifest that refers to a file and a URL", written(lures.dash), refused()),
    Input("ffconcat.mkv", "an ffconcat script", written(lures.concatenation), refused()),
    Input("concat.mp4", "text with `concat:`, `subfile:` and `cache:` URLs", written(lures.concat_text), refused()),
    Input("sdp.mp4", "an SDP session that asks the reader to listen on a port", written(lures.session), refused()),
    Input(
        "playlist-in-mp4.mp4",
        "an HLS playlist after an `ftyp` box",
        lures.polyglot_with_playlist,
        failed("malformed_video"),
    ),
    Input("reference.mov", "refers to another file for its samples", lures.external_reference, UNPROVEN),
    Input(
        "attachments.mkv", "an attached font and playlist, and ASS with a file as font", lures.attachments, completed()
    ),
    Input("tags.mp4", "a location, a script and control characters in the tags", lures.tags, completed()),
    Input(
        "zip-behind.mp4",
        "a video with a ZIP header in its last box",
        lures.polyglot_with_archive,
        completed(),
        is_extra=True,
    ),
)

_DAMAGED = (
    Input("no-index.mp4", "no `moov`", plain(make.headless), failed("malformed_video")),
    Input("index-alone.mp4", "`moov` without `mdat`", plain(damaged.index_alone), UNPROVEN),
    Input("ftyp-alone.mp4", "only `ftyp`", plain(damaged.boxes_alone), failed("malformed_video")),
    *(
        Input(
            f"cut-{share}.{kind}",
            f"the first {share} % of a .{kind}",
            plain(damaged.cut, share / 100),
            outcome,
            is_extra=share != 50 or kind in {"avi", "webm"},
        )
        for kind, outcomes in {
            "mp4": (TRUNCATED, TRUNCATED, TRUNCATED),
            "mkv": (PARTLY_TRUNCATED, PARTLY_TRUNCATED, PARTLY_TRUNCATED),
            "webm": (TRUNCATED, TRUNCATED, TRUNCATED),
            "avi": (PARTLY_TRUNCATED, PARTLY_TRUNCATED, PARTLY_TRUNCATED),
            # A transport stream does not record its intended duration.
            "ts": (completed(), completed(), completed()),
        }.items()
        for share, outcome in zip((10, 50, 90), outcomes, strict=True)
    ),
    Input("hole.mp4", "zeros in the middle", plain(damaged.holed), DAMAGED),
    Input("hole.mkv", "zeros in the middle", plain(damaged.holed), PARTLY_DAMAGED, is_extra=True),
    Input("hole.ts", "zeros in the middle", plain(damaged.holed), PARTLY_DAMAGED, is_extra=True),
    Input("nested.mp4", "boxes nested ten thousand deep", plain(damaged.nested), failed("not_a_video")),
    Input(
        "bomb-index.mp4",
        "a compressed index that claims to unpack to 1 GiB",
        plain(damaged.packed_index),
        failed("not_a_video"),
    ),
    Input(
        "bomb-frames.mkv", "frames that unpack to a thousand times their size", plain(damaged.packed_frames), UNPROVEN
    ),
    Input(
        "endless.mp4",
        "an index that claims four billion samples",
        plain(damaged.endless_table),
        failed("malformed_video"),
    ),
    Input(
        "beyond.mp4",
        "samples located past the end of the file",
        plain(damaged.samples_beyond_the_end),
        UNPROVEN,
        is_extra=True,
    ),
    Input("giant.mkv", "an element that claims 16 TiB", plain(damaged.giant_element), failed("malformed_video")),
)


def _mkv_of(duration_ms: float) -> Maker:
    return lambda target, _bait: surgery.with_coded_duration(odd.lasting(target, 1), duration_ms)


def _mp4_times(times: float) -> Maker:
    return lambda target, _bait: surgery.with_mp4_duration(odd.lasting(target, 2), times)


_FALSE_HEADERS = (
    Input("longer.mkv", "1 s; the header claims 10 s", _mkv_of(10_000.0), completed(REMUXED)),
    Input("shorter.mkv", "1 s; the header claims 0.1 s", _mkv_of(100.0), completed(REMUXED), is_extra=True),
    Input("nan.mkv", "a duration of NaN", _mkv_of(float("nan")), completed(REMUXED)),
    Input("negative.mkv", "a duration of -5 s", _mkv_of(-5_000.0), completed(REMUXED), is_extra=True),
    Input("endless.mkv", "a duration of 1e308 ms", _mkv_of(1e308), completed(REMUXED), is_extra=True),
    Input("longer.mp4", "2 s; every header claims 20 s", _mp4_times(10), completed(REMUXED), is_extra=True),
    Input("shorter.mp4", "2 s; every header claims 0.2 s", _mp4_times(0.1), completed(REMUXED)),
    Input(
        "pixels.avi",
        "JPEG frames that claim 16,000 x 16,000",
        plain(damaged.claiming_pixels, 16_000, 16_000),
        UNPROVEN,
    ),
    Input(
        "pixels.mp4",
        "a container that claims 16,000 x 16,000",
        plain(damaged.container_claiming_pixels, 16_000, 16_000),
        failed("too_large_picture"),
    ),
)

_LIMITS = (
    Input("long.mp4", "a minute longer than the limit", plain(odd.lasting, LONGEST_S + 60, "1/60"), failed("too_long")),
    Input("fast.mkv", "1,000 frames per second", plain(odd.lasting, 0.2, "1000"), failed("frame_rate_too_high")),
    Input("wide.avi", "8,200 x 5,000", plain(make.with_too_large_picture), failed("too_large_picture")),
    Input(
        "tracks-300.mkv",
        "300 tracks",
        plain(odd.with_several, pictures=1, sounds=299),
        failed("too_many_streams"),
    ),
    Input("encrypted.mp4", "Common Encryption", plain(odd.encrypted), failed("encrypted_video")),
    Input("magicyuv.mkv", "MagicYUV", plain(make.with_unsupported_codec), failed("unsupported_codec")),
    Input("ffv1.mkv", "FFV1", plain(odd.coded, "-c:v", "ffv1", sound=None), completed(), is_extra=True),
)

BAD: tuple[Input, ...] = (*_NO_VIDEO, *_LURES, *_DAMAGED, *_FALSE_HEADERS, *_LIMITS)
