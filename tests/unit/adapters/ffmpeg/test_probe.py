"""Parsing ffprobe's report strictly."""

import json
from dataclasses import replace

import msgspec
import pytest

from adapters.ffmpeg.probe import media_info, parse_report, unwritten_video
from domain.model.errors import MediaRejected
from domain.model.media.media_info import AudioTrack, MediaInfo, MediaKind, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets

VIDEO: dict[str, object] = {
    "codec_type": "video",
    "codec_name": "h264",
    "width": 1280,
    "height": 720,
    "avg_frame_rate": "30000/1001",
    "r_frame_rate": "30/1",
    "disposition": {"attached_pic": 0},
}
AUDIO: dict[str, object] = {"index": 1, "codec_type": "audio", "codec_name": "aac", "avg_frame_rate": "0/0"}
COVER = VIDEO | {"codec_name": "png", "width": 64, "height": 64, "disposition": {"attached_pic": 1}}


def info(*streams: dict[str, object], duration: object = "12.500000", **container: object) -> MediaInfo:
    """The domain values of a report."""
    described: dict[str, object] = {
        "format_name": "mov,mp4,m4a,3gp,3g2,mj2",
        "nb_streams": len(streams),
        "size": "1000",
    }
    if duration is not None:
        described["duration"] = duration
    return media_info(parse_report(json.dumps({"format": described | container, "streams": streams})))


def code_of(*streams: dict[str, object], duration: object = "12.500000", **container: object) -> str:
    """The code with which a report is rejected."""
    with pytest.raises(MediaRejected) as raised:
        info(*streams, duration=duration, **container)
    return raised.value.code


def test_a_report_becomes_domain_values() -> None:
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
        picture=VideoTrack(index=0, nominal_rate=30.0),
        sound=AudioTrack(index=1),
    )


def test_a_report_has_the_profiles() -> None:
    """Of both tracks."""
    media = info(VIDEO | {"profile": "High"}, AUDIO | {"profile": "LC"})
    assert (media.picture.profile, media.sound.profile) == ("High", "LC")


def test_a_report_has_the_storage_of_the_picture() -> None:
    """Pixels, fields and colours, as far as the file states them."""
    fields = {
        "pix_fmt": "yuv420p",
        "field_order": "tt",
        "sample_aspect_ratio": "16:11",
        "color_space": "bt470bg",
        "color_primaries": "bt709",
        "color_transfer": "arib-std-b67",
        "duration": "11.000000",
    }
    picture = info(VIDEO | fields).picture
    assert picture == VideoTrack(
        pixel_format="yuv420p",
        pixel_aspect=16 / 11,
        is_interlaced=True,
        matrix="bt470bg",
        primaries="bt709",
        transfer="arib-std-b67",
        duration_s=11.0,
        nominal_rate=30.0,
    )
    assert picture.is_hdr


def test_vp8_has_one_matrix() -> None:
    """Although ffprobe reports none."""
    assert info(VIDEO | {"codec_name": "vp8"}).picture.matrix == "smpte170m"


def test_a_report_has_side_data_that_is_ignored() -> None:
    """A distorting matrix keeps the size, and a crop too."""
    rows = "\n00000000:  46340  46340  0\n00000001:  -46340  46340  0\n00000002:  0  0  1073741824\n"
    sides = [{"side_data_type": "Display Matrix", "displaymatrix": rows, "rotation": -45}]
    media = info(VIDEO | {"side_data_list": [*sides, {"side_data_type": "Frame Cropping"}]})
    assert (media.width, media.picture.is_turned) == (1280, True)
    assert (media.picture.is_skewed, media.picture.is_cropped) == (True, True)


@pytest.mark.parametrize("order", ["", "unknown", "progressive"])
def test_progressive_frames_are_not_interlaced(order: str) -> None:
    """A file is interlaced only if it says so."""
    assert not info(VIDEO | {"field_order": order}).picture.is_interlaced


@pytest.mark.parametrize("ratio", ["", "N/A", "0:1", "1:0", "-1:1", "16/11", "1:1"])
def test_pixels_are_square_by_default(ratio: str) -> None:
    """An incomplete ratio is ignored."""
    assert info(VIDEO | {"sample_aspect_ratio": ratio}).picture.pixel_aspect == 1.0


def test_pixels_are_rotated_with_their_picture() -> None:
    """A quarter turn exchanges width and height of a pixel."""
    turned = info(VIDEO | {"sample_aspect_ratio": "4:3", "side_data_list": [{"rotation": -90}]}).picture
    assert (turned.pixel_aspect, turned.is_turned) == (0.75, True)


def test_a_report_has_the_storage_of_the_sound() -> None:
    """Its channels, sample rate, language and duration."""
    fields = {"channels": 6, "sample_rate": "192000", "tags": {"language": "deu"}, "duration": "9.500000"}
    assert info(VIDEO, AUDIO | fields).sound == AudioTrack(1, 6, 192_000, "deu", 9.5)
    assert info(VIDEO, AUDIO | {"channel_layout": "5.1(side)"}).sound.layout == "5.1(side)"
    assert info(VIDEO, AUDIO | {"channel_layout": "unknown"}).sound.layout == ""


@pytest.mark.parametrize("language", ["", "und", "de", "DEU", "deutsch", "d e", "\u0434\u0435\u0443", "eng\n", "a;b"])
def test_a_language_has_three_letters(language: str) -> None:
    """Any other text is ignored, and `und` means undetermined."""
    assert info(VIDEO, AUDIO | {"tags": {"language": language}}).sound.language is None


def test_matroska_states_the_duration_of_a_track_in_a_tag() -> None:
    """In hours, minutes and seconds."""
    assert info(VIDEO | {"tags": {"DURATION": "01:02:03.500000000"}}).picture.duration_s == 3723.5
    assert info(VIDEO | {"tags": {"DURATION": "00:00:09.5"}, "start_time": "7.300000"}).picture.duration_s == 2.2
    assert info(VIDEO | {"tags": {"DURATION": "for ever"}}).picture.duration_s is None
    assert info(VIDEO, AUDIO | {"sample_rate": "N/A"}).sound == AudioTrack(1)


def test_the_default_track_is_played() -> None:
    """As in players; of several default tracks, or none, the first."""
    default = {"disposition": {"default": 1}}
    other = VIDEO | {"width": 640}
    assert info(VIDEO, other | default).width == 640
    assert info(VIDEO | default, other | default).width == info(VIDEO, other).width == 1280
    english, german = ({"tags": {"language": language}} for language in ("eng", "deu"))
    chosen = info(VIDEO, AUDIO | english, AUDIO | german | default).sound
    assert chosen.language == "deu"
    assert info(VIDEO, AUDIO | english | {"index": 1}, AUDIO | german | {"index": 2}).sound.index == 1


@pytest.mark.parametrize(
    "marks",
    [
        *({"disposition": {name: 1, "default": 1}} for name in ("comment", "dub", "karaoke", "clean_effects")),
        *({"disposition": {f"{name}_impaired": 1}} for name in ("visual", "hearing")),
        {"disposition": {"descriptions": 1}},
        {"tags": {"title": "Director's Commentary"}, "disposition": {"default": 1}},
    ],
)
def test_sound_for_a_part_of_the_audience_is_not_played(marks: dict[str, object]) -> None:
    """If there is another track; otherwise it is the sound of the video."""
    auxiliary = AUDIO | {"index": 1} | marks
    assert info(VIDEO, auxiliary, AUDIO | {"index": 2}).sound.index == 2
    assert info(VIDEO, auxiliary).sound.index == 1


def test_the_sound_is_of_the_programme_of_the_picture() -> None:
    """A transport stream may have the programmes of several stations; a file may have none."""
    streams = [AUDIO | {"index": 0}, VIDEO | {"index": 1}, AUDIO | {"index": 2}]
    programmes = [{"streams": [{"index": 0}]}, {"streams": [{"index": 1}, {"index": 2}]}]
    container = {"format_name": "mpegts", "nb_streams": 3, "size": "1000", "duration": "12.5"}
    for number, expected in ((0, 0), (1, 0), (2, 2)):
        report = {"format": container, "streams": streams, "programs": programmes[:number]}
        assert media_info(parse_report(json.dumps(report))).sound.index == expected


def test_a_track_that_we_can_not_decode_is_skipped() -> None:
    """If there is another one."""
    media = info(VIDEO, AUDIO | {"codec_name": "ac4", "disposition": {"default": 1}}, AUDIO)
    assert media.audio_codec == "aac"


@pytest.mark.parametrize("rotation", [90, -90, 270, -270])
def test_a_quarter_turn_swaps_width_and_height(rotation: int) -> None:
    """The size is that of the picture as shown."""
    turned = info(VIDEO | {"side_data_list": [{"side_data_type": "Display Matrix"}, {"rotation": rotation}]})
    assert (turned.width, turned.height) == (720, 1280)


@pytest.mark.parametrize("rotation", [0, 180, -180, 45, -2147483648])
def test_other_turns_leave_the_size(rotation: int) -> None:
    """Half a turn keeps the size; an invalid rotation is ignored."""
    assert info(VIDEO | {"side_data_list": [{"rotation": rotation}]}).width == 1280


def test_cover_art_is_not_the_picture() -> None:
    """The picture is the first video stream that plays."""
    assert info(COVER, AUDIO, VIDEO).width == 1280
    song = info(COVER, AUDIO)
    assert (song.kind, song.width, song.height, song.video_codec) == (MediaKind.AUDIO, 0, 0, None)
    assert code_of(COVER) == "not_a_video"


def test_a_duration_that_is_estimated_is_not_stated() -> None:
    """The bit rate only suggests it; neither the file nor its track has it."""
    audio = AUDIO | {"duration": "9.0"}
    described = {"format_name": "mp3", "nb_streams": 1, "size": "9", "duration": "9"}
    text = json.dumps({"format": described, "streams": [audio]})
    stated, estimated = parse_report(text), parse_report(text, is_duration_estimated=True)
    assert (stated.states_duration, estimated.states_duration) == (True, False)
    assert media_info(stated).sound.duration_s == 9.0
    assert media_info(estimated, measured_s=6.0).sound.duration_s is None


def test_the_duration_of_the_sound_stands_in_for_the_containers() -> None:
    """If there is no picture."""
    assert info(AUDIO | {"duration": "7.000000"}, duration=None).duration_s == 7.0


WRITTEN = TrackPackets(1, 9, 0.0, 1.0)


@pytest.mark.parametrize(
    ("video", "survey", "index"),
    [
        (VIDEO, PacketSurvey((WRITTEN,), is_cut=False), 0),
        (VIDEO, PacketSurvey((WRITTEN,)), 0),
        (VIDEO, PacketSurvey((WRITTEN,), is_cut=True), None),
        (VIDEO, PacketSurvey((WRITTEN,), is_complete=False), None),
        (VIDEO, PacketSurvey((WRITTEN, replace(WRITTEN, index=0))), None),
        (VIDEO, PacketSurvey(), None),
        (VIDEO | {"nb_frames": "25"}, PacketSurvey((WRITTEN,)), None),
        (VIDEO | {"tags": {"DURATION": "00:00:01.000000000"}}, PacketSurvey((WRITTEN,), is_cut=False), None),
        (VIDEO | {"tags": {"DURATION": "00:00:00.000000000"}}, PacketSurvey((WRITTEN,), is_cut=False), 0),
        (COVER, PacketSurvey((WRITTEN,)), None),
    ],
)
def test_a_video_track_without_packets_was_never_written(
    video: dict[str, object], survey: PacketSurvey, index: int | None
) -> None:
    """Unless the file is cut, it states frames or a length of the track, or there are no packets at all."""
    text = json.dumps({"format": {"format_name": "matroska", "nb_streams": 2}, "streams": [video, AUDIO]})
    report = parse_report(text)
    assert unwritten_video(report, survey) == index
    assert report.without(0).video is None


@pytest.mark.parametrize("rate", ["0/0", "N/A", "", "nan", "-30/1"])
def test_an_unknown_average_falls_back_to_the_base_rate(rate: str) -> None:
    """And to 0 if that is unknown as well."""
    assert info(VIDEO | {"avg_frame_rate": rate}).frame_rate == 30.0
    assert info(VIDEO | {"avg_frame_rate": rate, "r_frame_rate": rate}).frame_rate == 0.0


@pytest.mark.parametrize(
    ("average", "common", "frame_rate"),
    [
        ("60000/1", "25/1", 25.0),  # Raw DV, as ffmpeg 7 reports it.
        ("60000/1", "30000/1001", 30000 / 1001),
        ("50/1", "25/1", 50.0),  # Fields.
        ("240/1", "240/1", 240.0),
        ("15/2", "30/1", 7.5),
    ],
)
def test_an_average_above_every_common_rate_is_none(average: str, common: str, frame_rate: float) -> None:
    """A time base is not a frame rate, and would exceed the limit."""
    assert info(VIDEO | {"avg_frame_rate": average, "r_frame_rate": common}).frame_rate == frame_rate


@pytest.mark.parametrize("duration", [None, "N/A"])
def test_the_pictures_duration_stands_in_for_the_containers(duration: str | None) -> None:
    """Some containers state it only in their streams."""
    assert info(VIDEO | {"duration": "7.000000"}, duration=duration).duration_s == 7.0


@pytest.mark.parametrize(
    "duration", ["nan", "inf", "-1.000000", "1e308", "1" * 309 + ".0", " 1", "1_000", "0x10", "\u0661"]
)
def test_a_duration_that_is_not_plainly_a_number_is_refused(duration: str) -> None:
    """Whatever text ffprobe, or a hostile file, produces."""
    assert code_of(VIDEO | {"duration": "7.000000"}, duration=duration) == "malformed_video"


@pytest.mark.parametrize(
    ("container", "frames", "rate", "duration_s"),
    [
        ("avi", "250", "25/1", 10.0),
        ("avi", "100", "25/1", 5.0),
        ("avi", "250", "0/0", 5.0),
        ("avi", "N/A", "25/1", 5.0),
        ("mov", "250", "25/1", 5.0),
    ],
)
def test_an_avi_is_as_long_as_its_frames(container: str, frames: str, rate: str, duration_s: float) -> None:
    """For a truncated file ffprobe reports the duration of what is left."""
    video = VIDEO | {"nb_frames": frames, "avg_frame_rate": rate}
    assert info(video, duration="5.000000", format_name=container).duration_s == duration_s


@pytest.mark.parametrize(
    ("container", "start", "duration_s"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", "7.500000", 5.0),
        ("matroska,webm", "-1.500000", 14.0),
        ("matroska,webm", "N/A", 12.5),
        ("mpegts", "7.500000", 12.5),
    ],
)
def test_a_video_is_as_long_as_it_plays(container: str, start: str, duration_s: float) -> None:
    """Some containers state their end time instead, and need not begin at 0."""
    assert info(VIDEO, format_name=container, start_time=start).duration_s == duration_s


def test_no_duration_at_all_is_refused() -> None:
    """Unless it was measured."""
    assert code_of(VIDEO, duration=None) == "malformed_video"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": {}, "streams": "many"}', '{"streams": [{"width": "wide"}]}']
)
def test_a_malformed_report_is_refused(text: str) -> None:
    """The report may be truncated anywhere."""
    with pytest.raises(MediaRejected) as raised:
        parse_report(text)
    assert raised.value.code == "malformed_video"


def test_an_unsupported_picture_is_refused() -> None:
    """The sound decides nothing: without a track that we decode, the video is silent."""
    assert code_of(VIDEO | {"codec_name": "magicyuv"}, AUDIO) == "unsupported_codec"
    assert not info(VIDEO, AUDIO | {"codec_name": "cook"}).has_audio
    assert not info(VIDEO, {"codec_type": "audio"}).has_audio


@pytest.mark.parametrize(("lost", "code"), [("aac", "malformed_video"), ("tta", "unsupported_codec")])
def test_sound_alone_that_is_lost_is_refused(lost: str, code: str) -> None:
    """A codec that is supported is not called unsupported: the sound is damaged."""
    described = {"format_name": "mov", "nb_streams": 1, "size": "9", "duration": "9"}
    report = parse_report(json.dumps({"format": described, "streams": [AUDIO]}))
    with pytest.raises(MediaRejected, match=lost) as raised:
        media_info(msgspec.structs.replace(report, streams=[], lost_sound=lost))
    assert raised.value.code == code


def test_a_size_that_is_no_number_is_refused() -> None:
    """The limit of the output size depends on it."""
    assert code_of(VIDEO, size="N/A") == "malformed_video"


@pytest.mark.parametrize("kind", ["Encryption info", "Encryption initialization data"])
def test_encrypted_packets_are_refused(kind: str) -> None:
    """ISO/IEC 23001-7: the tracks look unencrypted."""
    packets: list[dict[str, object]] = [{}, {"side_data_list": [{"side_data_type": kind}]}]
    report = {"format": {"format_name": "mov", "nb_streams": 1, "size": "1000", "duration": "1"}, "streams": [VIDEO]}
    with pytest.raises(MediaRejected) as raised:
        media_info(parse_report(json.dumps(report | {"packets": packets})))
    assert raised.value.code == "encrypted_video"
    packets[1] = {"side_data_list": [{"side_data_type": "Skip Samples"}]}
    assert media_info(parse_report(json.dumps(report | {"packets": packets}))).video_codec == "h264"
