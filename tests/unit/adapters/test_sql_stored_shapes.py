"""Rows that were stored before a field was added can still be read."""

from sqlalchemy.dialects import sqlite

from adapters.sql.columns import Json
from domain.model.media import MediaInfo, PictureTrack, SoundTrack
from domain.model.source import Publication, PublicationKind
from domain.model.storyboard import storyboard_sheet
from tests.builders import a_media_info, a_publication

DIALECT = sqlite.dialect()
PUBLICATION, MEDIA = Json[Publication](Publication), Json[MediaInfo](MediaInfo)


def test_a_publication_without_a_storyboard_is_read() -> None:
    """It was remuxed or encoded: there were no other ways."""
    text = '{"key":"derived/a/1-rendition.mp4","content_type":"video/mp4","size_bytes":9,"is_original":%s}'
    encoded, original = (PUBLICATION.process_result_value(text % claim, DIALECT) for claim in ("false", "true"))
    assert encoded is not None
    assert original is not None
    assert (encoded.kind, original.kind) == (PublicationKind.ENCODED, PublicationKind.ORIGINAL)
    assert encoded.keys == ("derived/a/1-rendition.mp4",)


def test_media_without_its_tracks_are_read() -> None:
    """Properties that were not probed then are unknown now."""
    text = (
        '{"container":"mov","duration_s":1.0,"width":2,"height":2,"frame_rate":25.0,"video_codec":"h264",'
        '"audio_codec":null,"stream_count":1,"size_bytes":9}'
    )
    media = MEDIA.process_result_value(text, DIALECT)
    assert media is not None
    assert (media.picture, media.sound) == (PictureTrack(), SoundTrack())


def test_what_is_written_is_read_again() -> None:
    """With every field."""
    publication = a_publication(storyboard=storyboard_sheet(1280, 720, 60.0))
    stored = PUBLICATION.process_bind_param(publication, DIALECT)
    assert PUBLICATION.process_result_value(stored, DIALECT) == publication
    media = a_media_info(picture=PictureTrack(pixel_aspect=16 / 11, duration_s=9.0), sound=SoundTrack(language="deu"))
    assert MEDIA.process_result_value(MEDIA.process_bind_param(media, DIALECT), DIALECT) == media
