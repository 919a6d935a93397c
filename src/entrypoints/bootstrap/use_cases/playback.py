"""Wires playback: signed URLs, tracks without a token, and playback tokens."""

from domain.model.videos.track_urls import track_key
from domain.use_cases.access.verify_playback_token import VerifyPlaybackToken
from domain.use_cases.videos.get_original import GetOriginal
from domain.use_cases.videos.get_playback import GetPlayback
from domain.use_cases.videos.get_track import GetTrack
from domain.use_cases.videos.issue_playback_token import IssuePlaybackToken
from domain.use_cases.videos.list_playback_tokens import ListPlaybackTokens
from domain.use_cases.videos.revoke_playback_token import RevokePlaybackToken
from entrypoints.application import PlaybackTokens
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.playback import PlaybackSettings


def get_playback(adapters: Adapters, playback: PlaybackSettings) -> GetPlayback:
    """Wire the signing of playback URLs."""
    return GetPlayback(
        database=adapters.database,
        signer=adapters.playback_signer,
        tracks=track_key(adapters.url_secret),
        clock=adapters.clock,
        lifetime=playback.lifetime,
    )


def get_original(adapters: Adapters, playback: PlaybackSettings) -> GetOriginal:
    """Wire the download of originals; it comes from the bucket, because a CDN cannot name the downloaded file."""
    return GetOriginal(
        database=adapters.database,
        objects=adapters.objects,
        clock=adapters.clock,
        expires_in_s=playback.playback_url_expiration_seconds,
    )


def get_track(adapters: Adapters, playback: GetPlayback) -> GetTrack:
    """Wire the tracks that are served by a signed URL."""
    return GetTrack(database=adapters.database, key=playback.tracks, clock=adapters.clock, playback=playback)


def playback_tokens(adapters: Adapters, playback: PlaybackSettings) -> PlaybackTokens:
    """Wire the use cases of playback tokens."""
    database, clock = adapters.database, adapters.clock
    return PlaybackTokens(
        issue=IssuePlaybackToken(
            database=database, clock=clock, ids=adapters.ids, max_per_video=playback.playback_tokens_per_video
        ),
        list=ListPlaybackTokens(database=database, clock=clock),
        revoke=RevokePlaybackToken(database=database),
        verify=VerifyPlaybackToken(database=database, clock=clock),
    )
