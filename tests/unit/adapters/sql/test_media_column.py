"""Media that are stored and read, also by processes of an earlier version."""

import json

import pytest
from sqlalchemy.dialects import sqlite

from adapters.sql.media_column import MediaJson
from domain.model.media.media_info import AudioTrack, MediaInfo, MediaKind, VideoTrack
from tests.support.builders import a_media_info

DIALECT = sqlite.dialect()
MEDIA = MediaJson()
SOUND_ALONE = a_media_info(video_codec=None, width=0, height=0, frame_rate=0.0)


def test_media_without_its_tracks_are_read() -> None:
    """Properties that were not probed then are unknown now."""
    text = (
        '{"container":"mov","duration_s":1.0,"width":2,"height":2,"frame_rate":25.0,"video_codec":"h264",'
        '"audio_codec":null,"stream_count":1,"size_bytes":9}'
    )
    media = MEDIA.process_result_value(text, DIALECT)
    assert media is not None
    assert (media.picture, media.sound, media.kind) == (VideoTrack(), AudioTrack(), MediaKind.VIDEO)


@pytest.mark.parametrize(
    "media",
    [
        a_media_info(picture=VideoTrack(pixel_aspect=16 / 11, duration_s=9.0), sound=AudioTrack(language="deu")),
        SOUND_ALONE,
        None,
    ],
)
def test_media_are_read_as_they_were_written(media: MediaInfo | None) -> None:
    """With every field; a video that was not probed yet has none."""
    assert MEDIA.process_result_value(MEDIA.process_bind_param(media, DIALECT), DIALECT) == media


def test_an_earlier_version_can_read_sound_alone() -> None:
    """It requires a text as the codec of the picture."""
    stored = MEDIA.process_bind_param(SOUND_ALONE, DIALECT)
    assert stored is not None
    assert json.loads(stored)["video_codec"] == ""
