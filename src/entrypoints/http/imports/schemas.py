"""Request and response bodies of imports."""

from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from domain.model.imports.youtube import MAX_URL_LENGTH
from domain.model.videos.video import Video
from entrypoints.http.openapi.patterns import schema_keywords
from entrypoints.http.transcripts.hints import KeywordHints, LanguageHint
from entrypoints.http.videos.labels import ExternalIdField, MetadataField, TitleField
from entrypoints.http.videos.originals import KeepDaysField, OriginalField
from entrypoints.http.videos.schemas import VideoIdText, status_url

WATCH_URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


class YouTubeImportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The video to import."""

    url: Annotated[
        str,
        Meta(
            description="Any URL of a single YouTube video, or its id.",
            examples=[WATCH_URL],
            extra_json_schema=schema_keywords(min_length=11, max_length=MAX_URL_LENGTH),
        ),
    ]
    language: LanguageHint = None
    keywords: KeywordHints = ()
    original: OriginalField = None
    keep_days: KeepDaysField = None
    title: TitleField = None
    external_id: ExternalIdField = None
    metadata: MetadataField = None


class YouTubeImportResponse(msgspec.Struct, frozen=True):
    """The import is accepted. `status` is always `uploading`, even if the video has moved on since."""

    video_id: VideoIdText
    youtube_id: Annotated[str, Meta(description="The YouTube id found in the URL.", examples=["dQw4w9WgXcQ"])]
    status_url: Annotated[str, Meta(description="Path of the video's status on this server.")]
    status: Annotated[Literal["uploading"], Meta(description="Always `uploading`.")] = "uploading"

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for an accepted import."""
        return cls(video.id, str(video.source.youtube_id), status_url(video))
