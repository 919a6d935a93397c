"""How ffprobe's report is read: strictly."""

import json

import pytest

from adapters.ffmpeg.probe import media_info, parse_report
from domain.model.errors import MediaRejected
from domain.model.media import MediaInfo

VIDEO: dict[str, object] = {
    "codec_type": "video",
    "codec_name": "h264",
    "width": 1280,
    "height": 720,
    "avg_frame_rate": "30000/1001",
    "r_frame_rate": "30/1",
    "disposition": {"attached_pic": 0},
}
AUDIO: dict[str, object] = {"codec_type": "audio", "codec_name": "aac", "avg_frame_rate": "0/0"}
COVER = VIDEO | {"codec_name": "png", "width": 64, "height": 64, "disposition": {"attached_pic": 1}}


def info(*streams: dict[str, object], duration: object = "12.500000", **container: object) -> MediaInfo:
    """What we make of a report."""
    described: dict[str, object] = {
        "format_name": "mov,mp4,m4a,3gp,3g2,mj2",
        "nb_streams": len(streams),
        "size": "1000",
    }
    if duration is not None:
        described["duration"] = duration
    return media_info(parse_report(json.dumps({"format": described | container, "streams": streams})))


def code_of(*streams: dict[str, object], duration: object = "12.500000", **container: object) -> str:
    """Why a report is refused."""
    with pytest.raises(MediaRejected) as raised:
        info(*streams, duration=duration, **container)
    return raised.value.code


def test_a_report_is_put_in_our_words() -> None:
    """Only the first name of the container counts."""
    assert info(VIDEO, AUDIO) == MediaInfo(
        container="mov",
        duration_s=12.5,
        width=1280,
        height=720,
        frame_rate=30000 / 1001,
        video_codec="h264",
        audio_codec="aac",
        stream_count=2,
        size_bytes=1000,
    )


@pytest.mark.parametrize("rotation", [90, -90, 270, -270])
def test_a_quarter_turn_swaps_width_and_height(rotation: int) -> None:
    """What counts is the picture that is shown."""
    turned = info(VIDEO | {"side_data_list": [{"side_data_type": "Display Matrix"}, {"rotation": rotation}]})
    assert (turned.width, turned.height) == (720, 1280)


@pytest.mark.parametrize("rotation", [0, 180, -180, 45, -2147483648])
def test_other_turns_leave_the_size(rotation: int) -> None:
    """Upside down is as wide as before; nonsense is no turn."""
    assert info(VIDEO | {"side_data_list": [{"rotation": rotation}]}).width == 1280


def test_cover_art_is_not_the_picture() -> None:
    """The first video stream that plays is."""
    assert info(COVER, AUDIO, VIDEO).width == 1280
    assert code_of(COVER, AUDIO) == "not_a_video"


@pytest.mark.parametrize("rate", ["0/0", "N/A", "", "nan", "-30/1"])
def test_an_unknown_average_falls_back_to_the_base_rate(rate: str) -> None:
    """And to 0 if that is unknown too."""
    assert info(VIDEO | {"avg_frame_rate": rate}).frame_rate == 30.0
    assert info(VIDEO | {"avg_frame_rate": rate, "r_frame_rate": rate}).frame_rate == 0.0


@pytest.mark.parametrize("duration", [None, "N/A"])
def test_the_pictures_duration_stands_in_for_the_containers(duration: str | None) -> None:
    """Some containers leave it to their streams."""
    assert info(VIDEO | {"duration": "7.000000"}, duration=duration).duration_s == 7.0


@pytest.mark.parametrize(
    "duration", ["nan", "inf", "-1.000000", "1e308", "1" * 309 + ".0", " 1", "1_000", "0x10", "\u0661"]
)
def test_a_duration_that_is_not_plainly_a_number_is_refused(duration: str) -> None:
    """Whatever ffprobe, or a file through it, may write."""
    assert code_of(VIDEO | {"duration": "7.000000"}, duration=duration) == "malformed_video"


def test_no_duration_at_all_is_refused() -> None:
    """Unless it was measured."""
    assert code_of(VIDEO, duration=None) == "malformed_video"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": {}, "streams": "many"}', '{"streams": [{"width": "wide"}]}']
)
def test_what_is_no_report_is_refused(text: str) -> None:
    """The report may have been cut off in the middle of a word."""
    with pytest.raises(MediaRejected) as raised:
        parse_report(text)
    assert raised.value.code == "malformed_video"


def test_codecs_that_we_do_not_take_are_refused() -> None:
    """In the picture and in the first sound track."""
    assert code_of(VIDEO | {"codec_name": "magicyuv"}, AUDIO) == "unsupported_codec"
    assert code_of(VIDEO, AUDIO | {"codec_name": "cook"}) == "unsupported_codec"
    assert code_of(VIDEO, {"codec_type": "audio"}) == "unsupported_codec"


def test_a_size_that_is_no_number_is_refused() -> None:
    """The output's limit is made from it."""
    assert code_of(VIDEO, size="N/A") == "malformed_video"
