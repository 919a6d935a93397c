"""What followers received, compared with the log: each kind of difference is found."""

from tests.services.verifying_receiver import VerifyingReceiver
from tests.torture.canary import look_for
from tests.torture.followers import Received, differences, messages
from tests.torture.invariants import Broken
from tests.torture.stage import Findings
from tests.torture.webhooks import compare

LOG = {number: Received(number, "upload.cancelled", f"video {number}", "failed") for number in range(1, 6)}
ALL = list(LOG.values())


def test_a_complete_stream_has_no_differences() -> None:
    """Each event of the log once, in order."""
    found = differences(ALL, LOG)
    assert list(found.violations("follower")) == []
    assert found.terminal_doubled == 0


def test_each_difference_is_found() -> None:
    """A missing event, a changed one, one that was never in the log, a doubled one, and two in the wrong order."""
    assert differences(ALL[1:], LOG).missing == ALL[:1]
    changed = Received(3, "video.failed", "video 3", "failed")
    assert set(differences([*ALL[:2], changed, *ALL[3:]], LOG).missing) == {ALL[2], changed}
    assert differences([*ALL, Received(9, "video.deleted", "video 9", None)], LOG).missing != []
    doubled = differences([ALL[0], *ALL], LOG)
    assert (doubled.doubled, doubled.terminal_doubled, doubled.unordered) == ([ALL[0]], 1, [])
    assert differences([ALL[1], ALL[0], *ALL[2:]], LOG).unordered == [ALL[0]]
    kinds = {each.kind for each in differences([ALL[2], ALL[1], ALL[1]], LOG).violations("follower")}
    assert kinds == {Broken.EVENT_MISSING, Broken.EVENT_DOUBLED, Broken.EVENT_ORDER}


def test_a_message_counts_when_it_is_complete() -> None:
    """A connection that breaks in the middle of one leaves the cursor where it was."""
    lines = ["id: 1", "event: video.failed", 'data: {"a": 1}', "", ": ping", "", "id: 2", "event: video.failed"]
    assert list(messages(lines)) == [("1", "video.failed", {"a": 1})]


def test_a_secret_is_found_in_each_spelling() -> None:
    """Plain, URL-encoded, in Base64 and in hexadecimal; every place with a hit is named."""
    secret = "canary/+=0123456789"
    places = {
        "clean": b"canary",
        "plain": f"a {secret} b".encode(),
        "url": b"canary%2F%2B%3D0123456789",
        "base64": b"Y2FuYXJ5Lys9MDEyMzQ1Njc4OQ==",
        "hex": secret.encode().hex().encode(),
    }
    findings = Findings("canary")
    look_for({"token": secret}, places, findings)
    assert findings.figures["hits"] == 4
    assert [each.detail.partition(":")[0] for each in findings.violations] == [
        f"token in {place}" for place in places if place != "clean"
    ]


def test_what_a_receiver_lacks_is_found() -> None:
    """An event without a delivery, one that was not accepted, one under two ids, and a wrong signature."""
    event = {"data": {"video_id": "one", "seq": 1}}
    receiver = VerifyingReceiver(url="here", bad_signatures=1, accepted={"msg_a": event, "msg_b": event})
    owed = [{"url": "here", "id": each, "video_id": "one", "seq": 1} for each in ("a", None, "c")]
    findings = Findings("webhooks")
    compare(receiver, owed, findings)
    assert (findings.figures["missing"], findings.figures["under_two_ids"], findings.figures["bad_signatures"]) == (
        2,
        1,
        1,
    )
    assert {each.kind for each in findings.violations} == {
        Broken.EVENT_MISSING,
        Broken.EVENT_DOUBLED,
        Broken.BAD_SIGNATURE,
    }
