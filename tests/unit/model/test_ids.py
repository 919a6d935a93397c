import pytest

from domain.model.errors import Unauthenticated
from domain.model.ids import MAX_USER_ID_LENGTH, user_id


@pytest.mark.parametrize("subject", ["a", "auth0|ada", "a/b", "..", "ada@example.org", "x" * MAX_USER_ID_LENGTH])
def test_printable_ascii_is_a_user_id(subject: str) -> None:
    """Token issuers use many formats of subjects; all of these are accepted unchanged."""
    assert user_id(subject) == subject


@pytest.mark.parametrize(
    "subject",
    ["", " ", "a b", "a\n", "a\x00", "a\x7f", "\u00e4da", "\ud800", "x" * (MAX_USER_ID_LENGTH + 1)],
    ids=["empty", "space", "inner space", "line feed", "NUL", "DEL", "non-ASCII", "half a surrogate", "too long"],
)
def test_any_other_subject_is_refused(subject: str) -> None:
    """A subject that can't be a user id is no authentication."""
    with pytest.raises(Unauthenticated) as refused:
        user_id(subject)
    assert refused.value.code == "invalid_subject"
