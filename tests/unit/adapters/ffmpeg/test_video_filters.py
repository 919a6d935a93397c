"""The filter graphs for pictures."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import pytest

from adapters.ffmpeg import arguments
from adapters.ffmpeg.video_filters import poster_filter, rendition_filter, storyboard_filter
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.media_info import MediaInfo, VideoTrack
from domain.model.media.storyboard import StoryboardSheet

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
AV1 = replace(PROFILE, codec=RenditionCodec.AV1)
MEDIA = MediaInfo("mov", 10.0, 1920, 1080, 25.0, "h264", "aac", 2, 1000, VideoTrack(pixel_format="yuv420p"))
BT709 = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"


def filters(media: MediaInfo, profile: CompressionProfile = PROFILE) -> list[str]:
    """The filters for a rendition, in order."""
    return re.split(r"(?<!\\),", rendition_filter(media, profile))


class PictureFields(TypedDict, total=False):
    """The properties of a picture track that a test may choose."""

    pixel_format: str
    is_interlaced: bool
    matrix: str
    primaries: str
    transfer: str


def shown(media: MediaInfo = MEDIA, **picture: Unpack[PictureFields]) -> MediaInfo:
    """A source with these properties of its picture track."""
    return replace(media, picture=replace(media.picture, **picture))


def test_a_plain_picture_is_only_scaled_down() -> None:
    """25 frames per second stay 25, and the colour tags are explicit."""
    scale, *others = filters(MEDIA)
    assert scale.startswith("scale=w=")
    assert scale.endswith(":eval=frame:out_range=tv")
    assert others == ["pad=1280:720:-1:-1:eval=frame", "setsar=1", "format=yuv420p", BT709]


def test_frames_are_dropped_only_when_there_are_too_many() -> None:
    """SVT-AV1 places key frames by count, so its frame rate is always constant."""
    assert filters(replace(MEDIA, frame_rate=60.0))[:2] == ["setpts=PTS+0.008333/TB", "fps=30"]
    assert filters(replace(MEDIA, frame_rate=60000 / 1001))[1] == "fps=30000/1001"
    assert filters(replace(MEDIA, frame_rate=36.0))[0] == "fps=30"
    assert filters(MEDIA, AV1)[0] == "fps=25"
    assert filters(replace(MEDIA, frame_rate=0.0), AV1)[0] == "fps=30"


def test_deinterlacing_precedes_dropping_frames() -> None:
    """Otherwise half the lines of each field would be lost."""
    made = filters(shown(replace(MEDIA, frame_rate=50.0), is_interlaced=True))
    assert made[0] == "bwdif=mode=send_frame:deint=interlaced"
    assert made[2] == "fps=25"


def test_hdr_is_tone_mapped() -> None:
    """Without tone mapping it would look grey; its tags are removed."""
    made = filters(shown(transfer="smpte2084", primaries="bt2020", matrix="bt2020nc"))
    assert "tonemap=tonemap=hable:desat=0:peak=10" in made
    assert made[-1] == BT709


def test_transparent_pixels_become_black() -> None:
    """Otherwise the hidden colours would be visible."""
    assert "premultiply=inplace=1" in filters(shown(pixel_format="yuva444p12le"))
    assert "premultiply=inplace=1" not in filters(MEDIA)


@pytest.mark.parametrize(
    ("width", "height", "matrix", "expected"),
    [
        (1920, 1080, "", "bt709"),
        (1280, 720, "unknown", "bt709"),
        (720, 480, "", "smpte170m"),
        (720, 576, "", "bt470bg"),
        (1920, 1080, "smpte170m", "smpte170m"),
        (320, 240, "bt709", "bt709"),
    ],
)
def test_the_colour_matrix_is_kept(width: int, height: int, matrix: str, expected: str) -> None:
    """The matrix is the one that the file states, or that players would guess from the source's size."""
    made = filters(replace(shown(matrix=matrix), width=width, height=height))
    assert f"colorspace={expected}" in made[-1]
    assert not any("out_color_matrix" in each for each in made)


def test_rgb_is_converted_with_bt709() -> None:
    """By default ffmpeg would convert RGB with BT.601."""
    made = filters(shown(pixel_format="gbrp", matrix="gbr"))
    assert made[0].endswith(":out_color_matrix=bt709:out_range=tv")
    assert made[-1] == BT709


def test_colour_tags_of_the_file_are_kept() -> None:
    """Only missing tags are filled in."""
    made = filters(shown(matrix="bt709", primaries="smpte432", transfer="unknown"))
    assert made[-1] == "setparams=range=tv:colorspace=bt709:color_trc=bt709"


def test_av1_gets_no_picture_below_its_minimum() -> None:
    """A small picture is padded with black."""
    tiny = replace(MEDIA, width=3, height=5)
    assert "pad=max(iw\\,64):max(ih\\,64):-1:-1" in rendition_filter(tiny, AV1)
    assert "pad=max" not in rendition_filter(tiny, PROFILE)
    assert "pad=max" not in rendition_filter(MEDIA, AV1)


def test_pictures_are_made_from_the_track_that_plays() -> None:
    """In an original it need not be the first track."""
    media, here = replace(MEDIA, picture=VideoTrack(index=3)), Path("/a")
    sheet = StoryboardSheet(160, 90, 1, 1.0, 1.0)
    poster = arguments.taking_poster(here, here, media=media, poster_range=arguments.PosterRange.KEY_FRAMES)
    for drawing in (poster, arguments.tiling(here, here, media=media, sheet=sheet)):
        assert drawing[drawing.index("-map") + 1] == "0:3"


def test_a_poster_is_the_first_picture_that_is_not_black() -> None:
    """Unless all are black."""
    lit = "blackframe=amount=0,metadata=select:key=lavfi.blackframe.pblack:value=98:function=less"
    assert (
        poster_filter(MEDIA, allows_black=False)
        == f"{lit},scale=1280:720:out_color_matrix=bt601,setsar=1,format=yuvj420p"
    )
    assert poster_filter(MEDIA, allows_black=True) == "scale=1280:720:out_color_matrix=bt601,setsar=1,format=yuvj420p"
    assert "scale=606:1080" in poster_filter(replace(MEDIA, width=607, height=1080), allows_black=True)


def test_a_storyboard_has_a_tile_for_each_interval() -> None:
    """Laid out as the sheet says."""
    made = storyboard_filter(StoryboardSheet(160, 90, 25, 2.5, 61.0)).split(",")
    assert made[0] == "fps=1000/2500:start_time=0:eof_action=pass"
    assert made[-2] == "tile=10x3:nb_frames=25"
