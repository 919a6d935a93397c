from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.access.idempotency import MAX_KEY_LENGTH, idempotent_request, key_in_use, key_spent
from domain.model.errors import Rejected
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from tests.support.builders import a_video, an_idempotency_key, an_upload_declaration

DECLARED = an_upload_declaration()


@pytest.mark.parametrize("key", ["a", "a b", "~!", "x" * MAX_KEY_LENGTH])
def test_printable_ascii_is_a_key(key: str) -> None:
    """With spaces inside, as HTTP carries them."""
    assert idempotent_request(key, "upload", DECLARED).key == key


@pytest.mark.parametrize(
    "key",
    ["", " ", " a", "a ", "a\n", "a\tb", "\x00", "\x7f", "\u00e4", "\ud800", "x" * (MAX_KEY_LENGTH + 1)],
    ids=ascii,
)
def test_any_other_key_is_refused(key: str) -> None:
    """A header must carry the key unchanged."""
    with pytest.raises(Rejected) as refused:
        idempotent_request(key, "upload", DECLARED)
    assert refused.value.code == "invalid_idempotency_key"


operations = st.sampled_from(["upload", "upload/presigned"])
declarations = st.builds(
    an_upload_declaration,
    filename=st.sampled_from(["a.mp4", "b.mp4", 'a.mp4","']),
    size_bytes=st.integers(1, 2),
    content_type=st.sampled_from(["", "video/mp4"]),
)


@given(operations, declarations, operations, declarations)
def test_only_the_same_request_has_the_same_fingerprint(
    one_operation: str, one: UploadDeclaration, other_operation: str, other: UploadDeclaration
) -> None:
    """Any difference gives another fingerprint."""
    first = idempotent_request("k", one_operation, one)
    second = idempotent_request("k", other_operation, other)
    assert (first == second) is ((one_operation, one) == (other_operation, other))


def test_the_strategy_is_part_of_the_request() -> None:
    """The response depends on the strategy."""
    single, parts = DECLARED, replace(DECLARED, strategy=UploadStrategy.MULTIPART)
    assert idempotent_request("k", "upload", single) != idempotent_request("k", "upload", parts)


def test_a_key_gives_its_video_to_the_same_request_only() -> None:
    """Another request is refused."""
    video = a_video()
    request = idempotent_request("k", "upload", DECLARED)
    known = request.creating(video)
    assert known == an_idempotency_key(key="k", fingerprint=request.fingerprint)
    assert known.require_same(request) == video.id
    with pytest.raises(Rejected) as refused:
        known.require_same(idempotent_request("k", "upload/presigned", DECLARED))
    assert refused.value.code == "idempotency_key_reused"


def test_a_key_that_can_not_be_answered_says_why() -> None:
    """The first request is still running, or its video was deleted."""
    assert (key_in_use().code, key_spent().code) == ("idempotency_key_in_use", "idempotency_key_spent")
