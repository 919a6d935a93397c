"""Verifying webhooks."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from telecine_client import ClientError, InvalidArgument, InvalidSignature, verify_webhook

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
OTHER = "whsec_" + "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI="
BODY = '{"type":"video.completed","timestamp":"2026-11-30T10:00:00Z","data":{"video_id":"v"}}'


def headers(*secrets: str, age: timedelta = timedelta()) -> dict[str, str]:
    """The headers of a message that was signed with these secrets."""
    moment = datetime.now(UTC) - age
    signatures = [Webhook(secret).sign("msg_1", moment, BODY) for secret in secrets]
    time = str(int(moment.timestamp()))
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": time, "Webhook-Signature": " ".join(signatures)}


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_either_secret_verifies_after_a_rotation(secret: str) -> None:
    """The body may be bytes or text, the names of headers in any case."""
    for body in (BODY, BODY.encode()):
        assert verify_webhook(secret, body, headers(SECRET, OTHER))["data"] == {"video_id": "v"}


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (BODY.replace("v", "w"), headers(SECRET)),
        (BODY, headers(OTHER)),
        (BODY, {}),
        (BODY, headers(SECRET) | {"Webhook-Signature": "v1,AAAA"}),
        (BODY, headers(SECRET) | {"Webhook-Signature": "nonsense"}),
        (BODY, headers(SECRET) | {"Webhook-Signature": "v1,!"}),
        (BODY, headers(SECRET) | {"Webhook-Timestamp": "nan"}),
        (BODY, headers(SECRET, age=timedelta(days=1))),
        (BODY, headers(SECRET, age=timedelta(days=-1))),
        (b"\xff", headers(SECRET)),
    ],
)
def test_anything_else_is_not_genuine(body: bytes | str, given: dict[str, str]) -> None:
    """Changed, signed with another secret, malformed, or too old."""
    with pytest.raises(InvalidSignature) as caught:
        verify_webhook(SECRET, body, given)
    assert caught.value.code == "invalid_signature"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a"])
def test_a_text_that_is_no_secret_is_refused(secret: str) -> None:
    """It is a fault of the receiver's settings, not of the message."""
    with pytest.raises(InvalidArgument) as caught:
        verify_webhook(secret, BODY, headers(SECRET))
    assert caught.value.code == "invalid_secret"
    assert isinstance(caught.value, ClientError)
