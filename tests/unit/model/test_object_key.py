import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.ids import MAX_USER_ID_LENGTH, UserId, user_id
from domain.model.object_key import (
    MAX_KEY_BYTES,
    DerivedKeys,
    ObjectKey,
    derived_prefix,
    fence_of,
    import_key,
    import_prefix,
    parse_object_key,
    source_key,
    video_id_of,
)
from domain.model.uploads.media_types import DEFAULT_CONTENT_TYPES
from tests.support.builders import OWNER, VIDEO_ID

HOSTILE_OWNERS = [".", "..", "...", "a/b", "../../etc", "auth0|x", "%2E%2E", "a\\b", "*?[]", "~", "|" * 128, "." * 128]
PRINTABLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)

owners = st.one_of(
    st.sampled_from(HOSTILE_OWNERS),
    st.text(alphabet="./%2E~a", min_size=1, max_size=8),
    st.text(alphabet=PRINTABLE, min_size=1, max_size=MAX_USER_ID_LENGTH),
).map(user_id)
extensions = st.sampled_from(sorted(DEFAULT_CONTENT_TYPES))


def test_a_source_key_is_the_one_that_clients_get() -> None:
    """`videos/{user_id}/{uuid}{ext}` is a fixed contract."""
    assert source_key(UserId("ada"), VIDEO_ID, ".mp4") == f"videos/ada/{VIDEO_ID}.mp4"


def test_each_attempt_at_an_import_has_another_key() -> None:
    """It belongs to the video and overwrites nothing."""
    key = import_key(UserId("ada"), VIDEO_ID, 3)
    assert key == f"videos/ada/{VIDEO_ID}.3.mp4"
    assert video_id_of(key) == VIDEO_ID
    assert parse_object_key(key) == key
    assert key.startswith(import_prefix(UserId("ada"), VIDEO_ID))


def test_plain_characters_of_an_owner_stay_as_they_are() -> None:
    """An email address stays readable in the bucket; a separator is encoded."""
    assert source_key(UserId("ada@example.org"), VIDEO_ID, ".mp4").startswith("videos/ada@example.org/")
    assert source_key(UserId("auth0|ada"), VIDEO_ID, ".mp4").startswith("videos/auth0%7Cada/")
    assert source_key(UserId(".."), VIDEO_ID, ".mp4").startswith("videos/%2E%2E/")


def test_derived_keys_differ_from_attempt_to_attempt() -> None:
    """The fence is in the key, so a stale worker can't overwrite another attempt's objects."""
    first, second = DerivedKeys(OWNER, VIDEO_ID, fence=1), DerivedKeys(OWNER, VIDEO_ID, fence=2)
    keys = [keys for made in (first, second) for keys in (made.rendition, made.poster, made.audio)]
    assert len(set(keys)) == 6
    assert all(key.startswith(derived_prefix(OWNER, VIDEO_ID)) for key in keys)
    assert first.rendition.endswith("/1-rendition.mp4")


@given(owners, extensions, st.integers(min_value=0, max_value=2**63 - 1))
def test_every_key_can_be_parsed_and_contains_no_dot_segment(owner: UserId, extension: str, fence: int) -> None:
    """No owner's id produces a segment that means another folder."""
    derived = DerivedKeys(owner, VIDEO_ID, fence)
    for key in (source_key(owner, VIDEO_ID, extension), derived.rendition, derived.poster, derived.audio):
        assert parse_object_key(key) == key
        segments = key.split("/")
        assert len(segments) == len(["root", "owner", "id"]) + (segments[0] == "derived")
        assert all(segment.strip(".") for segment in segments)


@given(owners, owners)
def test_different_owners_never_share_a_prefix(one: UserId, other: UserId) -> None:
    """Erasing one owner's prefix never erases another owner's objects."""
    shared = derived_prefix(one, VIDEO_ID).startswith(derived_prefix(other, VIDEO_ID))
    assert shared is (one == other)
    assert (source_key(one, VIDEO_ID, ".mp4") == source_key(other, VIDEO_ID, ".mp4")) is (one == other)


@given(st.text(alphabet="ab1.-%/\\ \n\u00e4", max_size=12))
def test_any_text_is_a_valid_key_or_refused(text: str) -> None:
    """An accepted text has only allowed characters and neither an empty segment nor one of dots."""
    try:
        key = parse_object_key(text)
    except Rejected:
        return
    assert key.isascii()
    assert not set(key) & set("\\ \n")
    assert all(segment.strip(".") for segment in key.split("/"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/videos",
        "videos/",
        "a//b",
        "a/../b",
        "a/./b",
        "..",
        "a/b\n",
        "a b",
        "a\\b",
        "a\x00",
        "\u00e4",
        "\ud800",
        "a?b",
        "a#b",
        "a" * (MAX_KEY_BYTES + 1),
    ],
    ids=ascii,
)
def test_text_of_another_format_is_refused(text: str) -> None:
    """Paths, queries, control characters and too long texts never reach a disk or a bucket."""
    with pytest.raises(Rejected) as refused:
        parse_object_key(text)
    assert refused.value.code == "invalid_object_key"


def test_a_key_may_have_the_maximum_length() -> None:
    """S3 and R2 allow 1,024 bytes."""
    assert parse_object_key("a" * MAX_KEY_BYTES) == "a" * MAX_KEY_BYTES


@given(owners, extensions, st.integers(min_value=0, max_value=2**63 - 1))
def test_a_key_tells_its_video_and_its_attempt(owner: UserId, extension: str, fence: int) -> None:
    """The original belongs to no attempt."""
    derived = DerivedKeys(owner, VIDEO_ID, fence)
    for key in (derived.rendition, derived.poster, derived.audio, derived.original(extension)):
        assert (video_id_of(key), fence_of(key)) == (VIDEO_ID, fence)
    source = source_key(owner, VIDEO_ID, extension)
    assert (video_id_of(source), fence_of(source)) == (VIDEO_ID, 0)


@pytest.mark.parametrize(
    "key",
    [
        "",
        f"videos/ada/{VIDEO_ID}",
        f"videos/{VIDEO_ID}.mp4",
        f"videos/a/b/{VIDEO_ID}.mp4",
        f"videos/ada/{VIDEO_ID.replace('0', 'A')}.mp4",
        f"videos/ada/{VIDEO_ID}.mp4/x",
        f"derived/ada/{VIDEO_ID}.mp4",
        f"derived/ada/{VIDEO_ID}/rendition.mp4",
        f"derived/ada/{VIDEO_ID}/x-rendition.mp4",
        f"x/derived/ada/{VIDEO_ID}/1-rendition.mp4",
    ],
)
def test_a_key_of_another_format_is_not_ours(key: str) -> None:
    """Another program has stored it."""
    assert video_id_of(ObjectKey(key)) is None


@pytest.mark.parametrize("key", ["rendition.mp4", "x-rendition.mp4", "-rendition.mp4", "\u00b2-rendition.mp4", "1", ""])
def test_a_key_without_a_fence_is_no_attempt_s(key: str) -> None:
    """It counts as older than every attempt."""
    assert fence_of(ObjectKey(f"derived/ada/{VIDEO_ID}/{key}")) == 0
