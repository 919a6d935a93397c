"""Examples of playback in the OpenAPI document."""

from datetime import timedelta

from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.source import PublicationKind
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID, _URL
from entrypoints.http.videos.playback_schemas import (
    CaptionsView,
    NewPlaybackTokenResponse,
    PlaybackResponse,
    PlaybackTokenList,
    PlaybackTokenView,
)

_TRACKS = f"https://video.example/playback/{_ID}"
_TRACK_QUERY = "expires=1767331200&v=1&signature=0123abcd"
_DERIVED = f"https://bucket.example/derived/ada/{_ID}"
_GRANT_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

PLAYBACK = PlaybackResponse(
    title="A day at the sea",
    url=f"{_URL}?X-Amz-Signature=0123abcd",
    content_type="video/mp4",
    size_bytes=9_240_576,
    is_original=False,
    kind=PublicationKind.ENCODED,
    poster_url=f"{_DERIVED}/1-poster.jpg?X-Amz-Signature=0123abcd",
    storyboard_url=f"{_TRACKS}/storyboard.vtt?{_TRACK_QUERY}",
    storyboard_image_url=f"{_DERIVED}/1-storyboard.jpg?X-Amz-Signature=0123abcd",
    captions=[CaptionsView(f"{_TRACKS}/captions.vtt?{_TRACK_QUERY}", "en", TranscriptOrigin.GENERATED)],
    expires_in_s=3600,
    expires_at=_CREATED_AT + timedelta(seconds=4500),
)
TOKEN = PlaybackTokenView(_GRANT_ID, _ID, _CREATED_AT, _CREATED_AT + timedelta(days=1))
NEW_TOKEN = NewPlaybackTokenResponse(
    _GRANT_ID,
    _ID,
    _CREATED_AT,
    _CREATED_AT + timedelta(days=1),
    token=f"play_{_GRANT_ID.replace('-', '')}0123456789abcdef0123456789abcdef",
)
TOKENS = PlaybackTokenList([TOKEN])
