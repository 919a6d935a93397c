from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.videos.track_urls import SignedTrack, TrackName, track_key

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
KEY = track_key(b"secret of the bucket")


def signed(*, name: TrackName = TrackName.CAPTIONS, version: str = "1") -> SignedTrack:
    """A track of a video, valid for a minute."""
    return KEY.sign(VideoId("v1"), name, version=version, expires_at=NOW + timedelta(seconds=60))


def code_of(track: SignedTrack, now: datetime = NOW) -> str:
    """The code with which the address is rejected."""
    with pytest.raises(Rejected) as rejected:
        KEY.check(track, now)
    return rejected.value.code


def test_a_signed_address_is_valid_until_it_expires() -> None:
    """To the second; the same arguments give the same signature."""
    assert signed() == signed()
    KEY.check(signed(), NOW + timedelta(seconds=59.9))
    assert code_of(signed(), NOW + timedelta(seconds=60)) == "url_expired"


@pytest.mark.parametrize(
    "change",
    [{"video_id": VideoId("v2")}, {"name": TrackName.STORYBOARD}, {"version": "2"}, {"expires_s": 9_999_999_999}],
)
def test_nothing_in_an_address_can_be_changed(change: dict[str, object]) -> None:
    """The signature covers every field."""
    track = signed()
    assert code_of(replace(track, address=replace(track.address, **change))) == "invalid_signature"


@pytest.mark.parametrize("signature", ["", "0" * 64, "\ud800", "é"])
def test_any_other_signature_is_rejected(signature: str) -> None:
    """Whatever its characters."""
    assert code_of(replace(signed(), signature=signature)) == "invalid_signature"


def test_another_secret_gives_another_signature() -> None:
    """The key is derived: the bucket's own signatures use its secret itself."""
    other = track_key(b"another secret")
    assert signed().signature != other.sign(VideoId("v1"), TrackName.CAPTIONS, version="1", expires_at=NOW).signature
    assert KEY.secret != b"secret of the bucket"
    assert repr(KEY.secret) not in repr(KEY)
