"""The features that an ffmpeg build needs, and what a worker does without them."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.ffmpeg import arguments
from adapters.ffmpeg.build_features import ENCODERS, FILTERS, MUXERS, OPTIONAL_FILTERS, parse_build
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from domain.model.media.storyboard import storyboard_sheet
from domain.model.transcripts.speech_intervals import AudioSpan
from tests.support.ffmpeg_listing import full_listing

pytestmark = pytest.mark.anyio

FFMPEG, FFPROBE = (shutil.which(program) or program for program in ("ffmpeg", "ffprobe"))
PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)


def test_a_codec_is_read_by_the_first_decoder_of_the_build() -> None:
    """Only the default decoder counts: ffmpeg tries no other, and rejects a file if it is not on the allow-list."""
    codecs = [
        "Codecs:",
        " D..... = Decoding supported",
        " -------",
        " DEV.LS h264                 H.264 / AVC (decoders: h264 h264_qsv ) (encoders: libx264 libx264rgb )",
        " DEV.L. av1                  Alliance for Open Media AV1 (decoders: libaom-av1 libdav1d )",
        " D.V.L. vp6f                 On2 VP6 (Flash version)",
        " .EA.L. mp3                  MP3 (MPEG audio layer 3) (encoders: libmp3lame )",
        " DEA.L. aac                  AAC (Advanced Audio Coding)",
        " D.A.L. gsm                  GSM",
    ]
    build = parse_build(codecs, [], [])
    assert build.readable == {"h264", "vp6f", "aac"}
    assert build.encoders == {"libx264", "libx264rgb", "av1", "libmp3lame", "aac"}


def test_formats_and_filters_are_read_by_name() -> None:
    """A demuxer may have several names; the legend at the top is ignored."""
    formats = [
        "File formats:",
        " D. = Demuxing supported",
        " .E = Muxing supported",
        " D  mov,mp4,m4a,3gp         QuickTime / MOV",
        "  E mp4                     MP4",
        " DE avi                     AVI",
        " D d alsa                   ALSA audio input",
    ]
    filters = [
        "Filters:",
        "  T.. = Timeline support",
        " ..C scale             V->V       Scale the input video size.",
        " TSC tonemap           V->V       Convert.",
        " TS atrim              A->A       Pick.",
        " | = Source or sink filter",
    ]
    build = parse_build([], formats, filters)
    assert build.demuxers == {"mov", "mp4", "m4a", "3gp", "avi", "alsa"}
    assert build.muxers == {"mp4", "avi"}
    assert build.filters == {"scale", "tonemap", "atrim"}


@pytest.mark.parametrize(
    ("absent", "missing", "optional"),
    [
        (" libx264 ", ["encoder libx264"], []),
        (" D  matroska,", ["demuxer matroska"], []),
        ("  E ogg ", ["muxer ogg"], []),
        (" silencedetect ", ["filter silencedetect"], []),
        (" hevc ", ["decoder hevc"], []),
        (" D  mxf,", [], ["demuxer mxf"]),
        (" prores ", [], ["decoder prores"]),
        (" wmv3 ", [], ["decoder wmv3"]),
        (" tonemap ", [], ["filter tonemap"]),
    ],
)
def test_required_and_optional_features_are_separate(absent: str, missing: list[str], optional: list[str]) -> None:
    """A worker runs without optional features."""
    lines = [line for line in full_listing() if absent not in line]
    build = parse_build(lines, lines, lines)
    assert (build.missing(), build.optional) == (missing, optional)


def test_the_chosen_encoder_is_required() -> None:
    """AV1 is required only if it is configured."""
    build = parse_build(full_listing(), full_listing(), full_listing())
    assert (build.missing(), build.missing("libsvtav1")) == ([], ["encoder libsvtav1"])


SDR = MediaInfo("mov", 10.0, 640, 480, 60.0, "h264", "aac", 2, 10**6, VideoTrack(pixel_format="yuv420p"))
SOURCES = [
    SDR,
    replace(SDR, width=32, height=32, sound=AudioTrack(channels=6, sample_rate_hz=192_000, language="deu")),
    replace(SDR, video_codec=None, width=0, height=0, frame_rate=0.0, picture=VideoTrack()),
    replace(SDR, sound=AudioTrack(channels=1, layout="1 channels (FL)")),
    replace(SDR, picture=VideoTrack(pixel_format="yuva444p10le", is_interlaced=True, transfer="smpte2084")),
]
RESTARTS = (3.0, 6.5)
SOURCES.append(
    replace(
        SDR,
        packets=PacketSurvey(
            (
                TrackPackets(0, 100, 0.0, 10.0, last_s=8.0, held_s=1.9, shifts_s=RESTARTS),
                TrackPackets(1, 100, 0.0, 10.0, shifts_s=RESTARTS),
            )
        ),
    )
)
SHEET = storyboard_sheet(640, 480, 10.0)


@pytest.mark.parametrize("media", SOURCES)
@pytest.mark.parametrize("codec", RenditionCodec)
def test_every_feature_of_our_command_lines_is_checked(media: MediaInfo, codec: RenditionCodec) -> None:
    """Every encoder, muxer and filter; a new one must be added to the list."""
    named = list(named_in(media, replace(PROFILE, codec=codec)))
    assert {name for kind, name in named if kind == "encoder"} <= {*ENCODERS, VIDEO_ENCODERS[codec].name, "copy"}
    assert {name for kind, name in named if kind == "muxer"} <= MUXERS
    assert {name for kind, name in named if kind == "filter"} <= {*FILTERS, *OPTIONAL_FILTERS}


def named_in(media: MediaInfo, profile: CompressionProfile) -> Iterator[tuple[str, str]]:
    """The features that the command lines name, with their kind."""
    one, other = Path("/a"), Path("/b")
    posters = (
        (
            arguments.taking_poster(one, other, media=media, poster_range=poster_range)
            for poster_range in arguments.PosterRange
        )
        if media.has_picture
        else [arguments.drawing_waveform(one, other, media=media)]
    )
    lines = [
        arguments.compressing(one, other, media=media, profile=profile, threads=1, output_bytes=1),
        arguments.remuxing(one, other, media=media, output_bytes=1),
        arguments.listing(one, other, index=0, is_strict=True),
        *posters,
        arguments.tiling(one, other, media=media, sheet=SHEET),
        arguments.checking_sound(one, other),
        arguments.extracting(one, other, media=media),
        arguments.cutting(one, other, span=AudioSpan(0.0, 1.0, ())),
        arguments.decoding_first_sound(one, index=1),
    ]
    for option, value in (pair for line in lines for pair in pairwise(line)):
        if option in {"-c", "-c:v", "-c:a"}:
            yield "encoder", value
        elif option == "-f":
            yield "muxer", value
        elif option in {"-vf", "-af", "-filter_complex"}:
            links = re.split(r"(?<!\\)[,;]", re.sub(r"'.*?'", "", value))
            yield from (("filter", re.sub(r"\[.*?\]", "", link).partition("=")[0]) for link in links)
