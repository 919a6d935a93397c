"""The column of a video's media, which older versions write and read too."""

from dataclasses import replace

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

from adapters.sql.columns import as_json
from domain.model.media.media_info import MediaInfo

# Earlier versions cannot read a null codec of the picture; during an upgrade old processes read the rows of new ones.
_NO_PICTURE = ""


class MediaJson(TypeDecorator[MediaInfo]):
    """Media as JSON text; of sound alone, the codec of the picture is stored as an empty text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: MediaInfo | None, dialect: Dialect) -> str | None:
        return None if value is None else as_json(replace(value, video_codec=value.video_codec or _NO_PICTURE))

    def process_result_value(self, value: str | None, dialect: Dialect) -> MediaInfo | None:
        if value is None:
            return None
        media = msgspec.json.decode(value, type=MediaInfo)
        return replace(media, video_codec=media.video_codec or None)
