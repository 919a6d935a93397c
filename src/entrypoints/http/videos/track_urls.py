"""URLs of tracks that are served without a token, and how a request is read back into a signed address."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from domain.model.errors import NotFound, Rejected
from domain.model.ids import VideoId
from domain.model.videos.track_urls import SignedTrack, TrackAddress, TrackName

PARAMETERS = ("expires", "v", "signature")
_MAX_DIGITS = 12


def track_url(public_url: str, track: SignedTrack) -> str:
    """The URL of a signed track on this server."""
    address = track.address
    query = urlencode({"expires": address.expires_s, "v": address.version, "signature": track.signature})
    return f"{public_url}/playback/{quote(address.video_id, safe='')}/{address.name}?{query}"


def signed_track(video_id: str, name: str, query: Mapping[str, str]) -> SignedTrack:
    """The signed address that a request names; its signature is not checked yet.

    Raises:
        NotFound: there is no track of this name.
        Rejected: `invalid_signature`: a parameter is missing or malformed.
    """
    try:
        track = TrackName(name)
    except ValueError:
        raise NotFound("There is no track of this name.", code="route_not_found") from None
    expires, version, signature = (query.get(parameter, "") for parameter in PARAMETERS)
    if not (expires.isascii() and expires.isdecimal() and len(expires) <= _MAX_DIGITS):
        raise Rejected("The URL was not signed for this track.", code="invalid_signature")
    return SignedTrack(TrackAddress(VideoId(video_id), track, version, int(expires)), signature)
