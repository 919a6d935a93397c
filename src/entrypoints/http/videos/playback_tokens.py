"""Routes to issue, list and revoke playback tokens."""

from inspect import getdoc
from typing import Annotated

from litestar import delete, get, post
from litestar.params import Body, PathParameter

from domain.model.ids import VideoId
from domain.use_cases.videos.issue_playback_token import IssuePlaybackToken
from domain.use_cases.videos.list_playback_tokens import ListPlaybackTokens
from domain.use_cases.videos.revoke_playback_token import RevokePlaybackToken
from entrypoints.http.dependencies import Caller, UseCases, VideoIdInPath
from entrypoints.http.openapi.document import JSON_BODY, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.videos import playback_examples
from entrypoints.http.videos.playback_schemas import (
    NewPlaybackTokenResponse,
    PlaybackTokenList,
    PlaybackTokenRequest,
    PlaybackTokenView,
)

TokenBody = Annotated[
    PlaybackTokenRequest,
    Body(examples=[example("For a day", PlaybackTokenRequest(86_400))], schema_extra=NO_EXTRA_FIELDS),
]
TokenIdInPath = Annotated[str, PathParameter(description="The token's id, as returned when it was issued.")]


@post(
    "/{video_id:str}/playback-tokens",
    summary="Issue a playback token",
    description=getdoc(IssuePlaybackToken),
    responses={
        **json_response(201, for_a_day=playback_examples.NEW_TOKEN),
        **problems(*JSON_BODY, "video_not_found", "invalid_expires_in", "too_many_playback_tokens"),
    },
)
async def issue_playback_token(
    video_id: VideoIdInPath, application: UseCases, user: Caller, data: TokenBody
) -> NewPlaybackTokenResponse:
    """Issue a token."""
    new = await application.playback_tokens.issue(user, VideoId(video_id), expires_in=data.expires_in)
    return NewPlaybackTokenResponse.of_new(new)


@get(
    "/{video_id:str}/playback-tokens",
    summary="List playback tokens",
    description=getdoc(ListPlaybackTokens),
    responses={**json_response(200, one_token=playback_examples.TOKENS), **problems("video_not_found")},
)
async def list_playback_tokens(video_id: VideoIdInPath, application: UseCases, user: Caller) -> PlaybackTokenList:
    """List the valid tokens."""
    tokens = await application.playback_tokens.list(user, VideoId(video_id))
    return PlaybackTokenList([PlaybackTokenView.of(token) for token in tokens])


@delete(
    "/{video_id:str}/playback-tokens/{token_id:str}",
    summary="Revoke a playback token",
    description=getdoc(RevokePlaybackToken),
    response_description="The token is revoked.",
    responses=problems("video_not_found", "playback_token_not_found"),
)
async def revoke_playback_token(
    video_id: VideoIdInPath, token_id: TokenIdInPath, application: UseCases, user: Caller
) -> None:
    """Revoke a token."""
    await application.playback_tokens.revoke(user, VideoId(video_id), token_id)


ROUTES = [issue_playback_token, list_playback_tokens, revoke_playback_token]
