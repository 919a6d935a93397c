"""Rows that were stored before a field was added can still be read."""

from sqlalchemy.dialects import sqlite

from adapters.sql.columns import Json
from adapters.sql.publication_column import PublicationJson
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.storyboard import storyboard_sheet
from tests.support.builders import a_media_info, a_publication

DIALECT = sqlite.dialect()
PUBLICATION, MEDIA = PublicationJson(), Json[MediaInfo](MediaInfo)


def test_media_without_its_tracks_are_read() -> None:
    """Properties that were not probed then are unknown now."""
    text = (
        '{"container":"mov","duration_s":1.0,"width":2,"height":2,"frame_rate":25.0,"video_codec":"h264",'
        '"audio_codec":null,"stream_count":1,"size_bytes":9}'
    )
    media = MEDIA.process_result_value(text, DIALECT)
    assert media is not None
    assert (media.picture, media.sound) == (VideoTrack(), AudioTrack())


def test_media_and_publications_are_read_as_they_were_written() -> None:
    """With every field."""
    publication = a_publication(storyboard=storyboard_sheet(1280, 720, 60.0))
    stored = PUBLICATION.process_bind_param(publication, DIALECT)
    assert PUBLICATION.process_result_value(stored, DIALECT) == publication
    media = a_media_info(picture=VideoTrack(pixel_aspect=16 / 11, duration_s=9.0), sound=AudioTrack(language="deu"))
    assert MEDIA.process_result_value(MEDIA.process_bind_param(media, DIALECT), DIALECT) == media
