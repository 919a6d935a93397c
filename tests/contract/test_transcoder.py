"""The contract of every transcoder, for files from untrusted sources."""

import array
import asyncio
import wave
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.decode_errors import MAX_DECODE_ERRORS
from domain.model.media.media_info import MediaInfo, MediaKind
from domain.model.media.rendition_check import check_rendition
from domain.model.media.storyboard import storyboard_sheet
from domain.model.transcripts.speech_intervals import AudioSpan, Interval
from tests.contract.transcoder_fixtures import OPENINGS, Bench, Footage

pytestmark = pytest.mark.anyio

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
SLOW = replace(PROFILE, preset="medium")
TOLERANCE_S = 0.05
TIMEOUT_S = 60.0
LOUD = 1000


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that keeps sources which are slow to create."""
    return tmp_path_factory.mktemp("stock")


@pytest.fixture(params=OPENINGS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path, stock: Path) -> AsyncGenerator[Bench]:
    """Each transcoder in turn; no process and no task may be left."""
    tasks_before = len(asyncio.all_tasks())
    async with OPENINGS[str(request.param)](tmp_path, stock) as opened:
        yield opened
        assert opened.left_behind() == 0
    assert len(asyncio.all_tasks()) == tasks_before


def ignore(_percent: float) -> None:
    """Ignore progress."""


async def compressed(bench: Bench, source: Path, profile: CompressionProfile = PROFILE) -> tuple[MediaInfo, MediaInfo]:
    """The media of the source and of its rendition."""
    media = await bench.transcoder.probe(source)
    target = bench.folder / "rendition.mp4"
    await bench.transcoder.compress(source, target, media=media, profile=profile, on_progress=ignore)
    return media, await bench.transcoder.probe(target)


async def extracted(bench: Bench, footage: Footage) -> tuple[Path, tuple[Interval, ...]]:
    """The speech track of a source, and its silences."""
    source = bench.source(footage)
    audio = bench.folder / "audio.ogg"
    media = await bench.transcoder.probe(source)
    return audio, await bench.transcoder.extract_audio(source, audio, media=media)


def samples(path: Path) -> "array.array[int]":
    """The samples of a WAV file, which must have the required format."""
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000)
        return array.array("h", sound.readframes(sound.getnframes()))


async def test_a_probe_returns_the_media_of_a_file(bench: Bench) -> None:
    """Duration, size, frame rate, codecs and streams come from the container."""
    source = bench.source(Footage())
    media = await bench.transcoder.probe(source)
    assert media.duration_s == pytest.approx(3.0, abs=TOLERANCE_S)
    assert media == MediaInfo(
        picture=media.picture,
        sound=media.sound,
        container="mov",
        duration_s=media.duration_s,
        width=320,
        height=240,
        frame_rate=25.0,
        video_codec="h264",
        audio_codec="aac",
        stream_count=2,
        size_bytes=source.stat().st_size,
    )


async def test_a_probe_returns_how_picture_and_sound_are_stored(bench: Bench) -> None:
    """The properties that decide whether they can be played unchanged."""
    media = await bench.transcoder.probe(bench.source(Footage(language="deu")))
    picture, sound = media.picture, media.sound
    assert (picture.pixel_format, picture.pixel_aspect) == ("yuv420p", 1.0)
    assert (picture.is_turned, picture.is_interlaced, picture.is_hdr) == (False, False, False)
    assert (sound.language, sound.sample_rate_hz) == ("deu", 48_000)
    assert 1 <= sound.channels <= 2


async def test_a_repeated_probe_returns_the_same(bench: Bench) -> None:
    """A probe does not change the file."""
    source = bench.source(Footage())
    assert await bench.transcoder.probe(source) == await bench.transcoder.probe(source)


async def test_a_probe_reports_a_missing_sound_track(bench: Bench) -> None:
    """A video without a sound track is accepted."""
    media = await bench.transcoder.probe(bench.source(Footage(audible=None)))
    assert (media.has_audio, media.stream_count) == (False, 1)


async def test_a_text_file_is_no_video(bench: Bench) -> None:
    """The name and the declared type of a file prove nothing."""
    source = bench.folder / "source.mp4"
    source.write_text("These are words.")
    with pytest.raises(MediaRejected) as raised:
        await bench.transcoder.probe(source)
    assert raised.value.code == "not_a_video"


async def test_an_empty_file_is_no_video(bench: Bench) -> None:
    """Zero bytes are no container."""
    source = bench.folder / "source.mp4"
    source.touch()
    with pytest.raises(MediaRejected) as raised:
        await bench.transcoder.probe(source)
    assert raised.value.code == "not_a_video"


async def test_sound_alone_has_no_picture(bench: Bench) -> None:
    """The properties of the picture are empty."""
    media = await bench.transcoder.probe(bench.without_picture())
    assert (media.kind, media.video_codec, media.audio_codec) == (MediaKind.AUDIO, None, "aac")
    assert (media.width, media.height, media.frame_rate) == (0, 0, 0.0)
    assert media.duration_s == pytest.approx(3.0, abs=TOLERANCE_S)


async def test_a_file_without_picture_and_sound_is_no_video(bench: Bench) -> None:
    """The container alone proves nothing."""
    with pytest.raises(MediaRejected) as raised:
        await bench.transcoder.probe(bench.without_picture_and_sound())
    assert raised.value.code == "not_a_video"


async def test_a_container_without_its_index_is_malformed(bench: Bench) -> None:
    """The container is known but cannot be read."""
    with pytest.raises(MediaRejected) as raised:
        await bench.transcoder.probe(bench.malformed())
    assert raised.value.code == "malformed_video"


async def test_an_unsupported_codec_is_refused_by_name(bench: Bench) -> None:
    """Only known decoders process untrusted data."""
    with pytest.raises(MediaRejected) as raised:
        await bench.transcoder.probe(bench.unsupported())
    assert raised.value.code == "unsupported_codec"


async def test_an_absent_file_is_unavailable(bench: Bench) -> None:
    """A missing local file is our failure, and the job may be retried."""
    with pytest.raises(Unavailable) as raised:
        await bench.transcoder.probe(bench.folder / "absent.mp4")
    assert raised.value.retryable


async def test_a_rendition_is_h264_and_aac_and_as_long_as_its_source(bench: Bench) -> None:
    """The rendition passes the check after which the original may be deleted."""
    media, rendition = await compressed(bench, bench.source(Footage()))
    check_rendition(media, rendition)
    assert (rendition.container, rendition.video_codec, rendition.audio_codec) == ("mov", "h264", "aac")


async def test_compressing_again_replaces_the_target(bench: Bench) -> None:
    """A file left by an earlier attempt does no harm."""
    source = bench.source(Footage())
    assert (await compressed(bench, source))[1].duration_s == (await compressed(bench, source))[1].duration_s


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (320, 240, (320, 240)),
        (1920, 1080, (1280, 720)),
        (1080, 1920, (720, 1280)),
        (322, 182, (322, 182)),
    ],
)
async def test_a_rendition_is_never_enlarged(bench: Bench, width: int, height: int, expected: tuple[int, int]) -> None:
    """The profile limits the shorter side, so a portrait video is as sharp as a landscape one."""
    _, rendition = await compressed(
        bench, bench.source(Footage(duration_s=1, width=width, height=height, audible=None))
    )
    assert (rendition.width, rendition.height) == expected


@pytest.mark.parametrize(("frame_rate", "expected"), [(60, 30.0), (36, 30.0), (25, 25.0)])
async def test_a_frame_rate_is_only_ever_lowered(bench: Bench, frame_rate: int, expected: float) -> None:
    """60 and 36 frames per second are reduced to the profile's 30; 25 stay 25."""
    _, rendition = await compressed(bench, bench.source(Footage(duration_s=1, frame_rate=frame_rate, audible=None)))
    assert rendition.frame_rate == pytest.approx(expected, abs=0.1)


async def test_progress_rises_to_the_end(bench: Bench) -> None:
    """From 0 to 100 percent, never backwards."""
    source = bench.source(Footage())
    media = await bench.transcoder.probe(source)
    reported: list[float] = []
    target = bench.folder / "rendition.mp4"
    await bench.transcoder.compress(source, target, media=media, profile=PROFILE, on_progress=reported.append)
    assert reported == sorted(reported)
    assert 90 < reported[-1] <= 100


async def test_a_truncated_source_makes_a_shorter_rendition(bench: Bench) -> None:
    """The call does not fail; only the duration shows the loss."""
    media, rendition = await compressed(bench, bench.truncated())
    with pytest.raises(CompressionFailed) as raised:
        check_rendition(media, rendition)
    assert raised.value.code == "source_truncated"


async def test_decode_errors_are_counted(bench: Bench) -> None:
    """The call does not fail, and the rendition has the full duration."""
    target, faults = bench.folder / "rendition.mp4", list[int]()
    for source in (bench.damaged, lambda: bench.source(Footage(duration_s=1))):
        path = source()
        media = await bench.transcoder.probe(path)
        found = await bench.transcoder.compress(path, target, media=media, profile=PROFILE, on_progress=ignore)
        check_rendition(media, await bench.transcoder.probe(target))
        faults.append(found.decode_errors)
    assert faults[0] > MAX_DECODE_ERRORS
    assert faults[1] == 0


async def test_an_unreadable_file_can_not_be_compressed(bench: Bench) -> None:
    """The reason is one line and contains no path of this machine."""
    media = await bench.transcoder.probe(bench.source(Footage()))
    source = bench.malformed()
    with pytest.raises(CompressionFailed) as raised:
        await bench.transcoder.compress(
            source, bench.folder / "rendition.mp4", media=media, profile=PROFILE, on_progress=ignore
        )
    assert raised.value.detail
    assert "\n" not in raised.value.detail
    assert str(bench.folder) not in raised.value.detail


async def test_cancelling_ends_the_work_before_the_call_returns(bench: Bench) -> None:
    """A worker that has lost its lease leaves no process running."""
    source = bench.long_to_compress()
    media = await bench.transcoder.probe(source)
    target = bench.folder / "rendition.mp4"
    busy = asyncio.Event()
    work = asyncio.ensure_future(
        bench.transcoder.compress(source, target, media=media, profile=SLOW, on_progress=lambda _: busy.set())
    )
    await asyncio.wait_for(busy.wait(), TIMEOUT_S)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert bench.left_behind() == 0


async def test_a_rendition_keeps_the_language_of_its_sound(bench: Bench) -> None:
    """Players show it, and captions use it."""
    _, rendition = await compressed(bench, bench.source(Footage(duration_s=1, language="deu")))
    assert rendition.sound.language == "deu"


async def test_a_profile_may_ask_for_av1(bench: Bench) -> None:
    """The container and the sound stay the same."""
    profile = replace(PROFILE, codec=RenditionCodec.AV1, crf=35, preset="12")
    media, rendition = await compressed(bench, bench.source(Footage(duration_s=1)), profile)
    check_rendition(media, rendition)
    assert (rendition.container, rendition.video_codec, rendition.audio_codec) == ("mov", "av1", "aac")


async def remuxed(bench: Bench, source: Path, reported: list[float]) -> tuple[MediaInfo, MediaInfo]:
    """The media of the source and of its remux."""
    media = await bench.transcoder.probe(source)
    target = bench.folder / "remuxed.mp4"
    await bench.transcoder.remux(source, target, media=media, on_progress=reported.append)
    return media, await bench.transcoder.probe(target)


async def test_a_remux_has_the_streams_of_its_source(bench: Bench) -> None:
    """The same pictures, the same sound, the same language."""
    reported: list[float] = []
    media, remux = await remuxed(bench, bench.source(Footage(language="deu")), reported)
    check_rendition(media, remux)
    assert (remux.container, remux.video_codec, remux.audio_codec, remux.stream_count) == ("mov", "h264", "aac", 2)
    assert (remux.width, remux.height, remux.frame_rate) == (media.width, media.height, media.frame_rate)
    assert remux.sound.language == "deu"
    assert reported == sorted(reported)
    assert 90 < reported[-1] <= 100


async def test_a_remux_without_sound(bench: Bench) -> None:
    """The remux has only the picture."""
    media, remux = await remuxed(bench, bench.source(Footage(audible=None)), [])
    check_rendition(media, remux)
    assert (remux.has_audio, remux.stream_count) == (False, 1)


async def test_a_truncated_source_makes_a_shorter_remux(bench: Bench) -> None:
    """Only the duration shows the loss, as with an encode."""
    media, remux = await remuxed(bench, bench.truncated(), [])
    with pytest.raises(CompressionFailed) as raised:
        check_rendition(media, remux)
    assert raised.value.code == "source_truncated"


async def test_an_unreadable_file_can_not_be_remuxed(bench: Bench) -> None:
    """Copying needs the index as well."""
    media = await bench.transcoder.probe(bench.source(Footage()))
    with pytest.raises(CompressionFailed):
        await bench.transcoder.remux(bench.malformed(), bench.folder / "remuxed.mp4", media=media, on_progress=ignore)


async def test_sound_alone_is_compressed_to_sound_alone(bench: Bench) -> None:
    """The rendition is AAC in an MP4, and passes the check after which the original may be deleted."""
    media, rendition = await compressed(bench, bench.without_picture())
    check_rendition(media, rendition)
    assert (rendition.kind, rendition.container, rendition.audio_codec) == (MediaKind.AUDIO, "mov", "aac")
    assert rendition.stream_count == 1


async def test_sound_alone_is_remuxed_to_sound_alone(bench: Bench) -> None:
    """As with a video."""
    reported: list[float] = []
    media, remux = await remuxed(bench, bench.without_picture(), reported)
    check_rendition(media, remux)
    assert (remux.kind, remux.container, remux.audio_codec, remux.stream_count) == (MediaKind.AUDIO, "mov", "aac", 1)
    assert 90 < reported[-1] <= 100


async def test_sound_alone_has_a_poster_but_no_storyboard(bench: Bench) -> None:
    """The poster is a JPEG; there are no frames for thumbnails."""
    source = bench.without_picture()
    media = await bench.transcoder.probe(source)
    poster, sheet = bench.folder / "poster.jpg", storyboard_sheet(160, 90, media.duration_s)
    await bench.transcoder.poster(source, poster, media=media)
    assert poster.read_bytes().startswith(b"\xff\xd8\xff")
    with pytest.raises(CompressionFailed):
        await bench.transcoder.storyboard(source, bench.folder / "storyboard.jpg", media=media, sheet=sheet)


async def test_the_silences_of_sound_alone_are_found(bench: Bench) -> None:
    """Its times begin with the sound."""
    source, audio = bench.without_picture(), bench.folder / "audio.ogg"
    media = await bench.transcoder.probe(source)
    (silence,) = await bench.transcoder.extract_audio(source, audio, media=media)
    assert (silence.start_s, silence.end_s) == pytest.approx((1.0, 2.0), abs=TOLERANCE_S)
    assert audio.read_bytes().startswith(b"OggS")


async def test_a_storyboard_is_a_jpeg(bench: Bench) -> None:
    """The result is one picture, by its first bytes."""
    source = bench.source(Footage())
    media = await bench.transcoder.probe(source)
    target = bench.folder / "storyboard.jpg"
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    await bench.transcoder.storyboard(source, target, media=media, sheet=sheet)
    assert target.read_bytes().startswith(b"\xff\xd8\xff")


async def test_without_pictures_there_is_no_storyboard(bench: Bench) -> None:
    """A failure is raised, not skipped."""
    media = await bench.transcoder.probe(bench.source(Footage()))
    source = bench.malformed()
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    with pytest.raises(CompressionFailed):
        await bench.transcoder.storyboard(source, bench.folder / "storyboard.jpg", media=media, sheet=sheet)


async def test_a_poster_is_a_jpeg(bench: Bench) -> None:
    """The result is one picture, by its first bytes."""
    source = bench.source(Footage())
    media = await bench.transcoder.probe(source)
    target = bench.folder / "poster.jpg"
    await bench.transcoder.poster(source, target, media=media)
    assert target.read_bytes().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("at_s", [0.0, 1.5, 3.0, 60.0])
async def test_a_poster_of_a_time_is_a_jpeg(bench: Bench, at_s: float) -> None:
    """Also of the end, and of a time after it: there it is the last frame."""
    source = bench.source(Footage())
    media = await bench.transcoder.probe(source)
    target = bench.folder / "poster.jpg"
    await bench.transcoder.poster(source, target, media=media, at_s=at_s)
    assert target.read_bytes().startswith(b"\xff\xd8\xff")


async def test_without_pictures_there_is_no_poster(bench: Bench) -> None:
    """A failure is raised, not skipped."""
    media = await bench.transcoder.probe(bench.source(Footage()))
    source = bench.malformed()
    with pytest.raises(CompressionFailed):
        await bench.transcoder.poster(source, bench.folder / "poster.jpg", media=media)
    with pytest.raises(CompressionFailed):
        await bench.transcoder.poster(source, bench.folder / "poster.jpg", media=media, at_s=1.0)


async def test_silences_are_found_between_sounds(bench: Bench) -> None:
    """They are in order, in seconds of the video; the last one reaches to its end."""
    _, silences = await extracted(bench, Footage(duration_s=4, audible=((0.5, 1.5), (2.5, 3.0))))
    expected = [0.0, 0.5, 1.5, 2.5, 3.0, 4.0]
    assert [moment for silence in silences for moment in (silence.start_s, silence.end_s)] == pytest.approx(
        expected, abs=TOLERANCE_S
    )


async def test_a_silent_video_has_one_silence_that_covers_it(bench: Bench) -> None:
    """So no chunk is sent to a transcriber."""
    _, silences = await extracted(bench, Footage(audible=()))
    assert len(silences) == 1
    assert (silences[0].start_s, silences[0].end_s) == pytest.approx((0.0, 3.0), abs=TOLERANCE_S)


async def test_sound_throughout_has_no_silence(bench: Bench) -> None:
    """No silence is reported."""
    _, silences = await extracted(bench, Footage(audible=((0.0, 3.0),)))
    assert silences == ()


async def test_without_a_sound_track_there_is_nothing_to_extract(bench: Bench) -> None:
    """The call fails; callers check `has_audio` before."""
    with pytest.raises(CompressionFailed):
        await extracted(bench, Footage(audible=None))


async def test_the_speech_track_is_an_ogg_file(bench: Bench) -> None:
    """It is much smaller than the video."""
    audio, _ = await extracted(bench, Footage())
    assert audio.read_bytes().startswith(b"OggS")
    assert audio.stat().st_size < (bench.folder / "source").stat().st_size


async def test_a_cut_is_exactly_its_span(bench: Bench) -> None:
    """16-bit mono WAV at 16 kHz, with every sound at its position in the video."""
    audio, _ = await extracted(bench, Footage(duration_s=4, audible=((2.0, 3.0),)))
    target = bench.folder / "chunk.wav"
    await bench.transcoder.cut_audio(audio, target, span=AudioSpan(1.5, 3.25, (Interval(2.0, 3.0),)))
    sound = samples(target)
    loud = [index / 16_000 for index, sample in enumerate(sound) if abs(sample) > LOUD]
    assert len(sound) == pytest.approx(1.75 * 16_000, abs=1)
    assert (loud[0], loud[-1]) == pytest.approx((0.5, 1.5), abs=TOLERANCE_S)


async def test_a_cut_may_begin_with_the_track(bench: Bench) -> None:
    """No audio precedes it for the decoder to converge on."""
    audio, _ = await extracted(bench, Footage())
    target = bench.folder / "chunk.wav"
    await bench.transcoder.cut_audio(audio, target, span=AudioSpan(0.0, 0.5, (Interval(0.0, 0.5),)))
    assert len(samples(target)) == pytest.approx(8_000, abs=1)


async def test_an_invalid_speech_track_cannot_be_cut(bench: Bench) -> None:
    """The track in the bucket may be damaged."""
    audio = bench.folder / "audio.ogg"
    audio.write_bytes(b"This is no sound.")
    with pytest.raises(CompressionFailed):
        await bench.transcoder.cut_audio(audio, bench.folder / "chunk.wav", span=AudioSpan(0.0, 1.0, ()))


async def test_a_missing_tool_is_no_fault_of_the_file(bench: Bench) -> None:
    """The operator must install it, so the error is not retryable."""
    with pytest.raises(Unavailable) as raised:
        await bench.without_its_tool().probe(bench.source(Footage()))
    assert (raised.value.code, raised.value.retryable) == ("tool_missing", False)
