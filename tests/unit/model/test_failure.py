from enum import StrEnum

import pytest

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.failure import FAILURE_ADVICE, WARNING_ADVICE, FailureCode, WarningCode


@pytest.mark.parametrize(
    ("advice", "codes"), [(FAILURE_ADVICE, FailureCode), (WARNING_ADVICE, WarningCode)], ids=["failures", "warnings"]
)
def test_every_code_says_what_a_user_can_do(advice: dict[StrEnum, str], codes: type[StrEnum]) -> None:
    """Every code has advice, in whole sentences."""
    assert list(advice) == list(codes)
    assert all(sentence.endswith(".") and ". " in sentence for sentence in advice.values())


def test_media_that_is_refused_fails_with_a_public_code() -> None:
    """The error's own code can be shown in `failure.code`."""
    assert MediaRejected.code in {code.value for code in FailureCode}


def test_compression_that_fails_warns_with_a_public_code() -> None:
    """The error's own code can be shown in `warnings[]`."""
    assert CompressionFailed.code in {code.value for code in WarningCode}


def test_a_former_name_of_a_code_is_understood() -> None:
    """Older versions write it until the last of them has stopped; other values stay unknown."""
    assert FailureCode("unsupported_format") is FailureCode.UNSUPPORTED_CODEC
    with pytest.raises(ValueError, match="no_such_code"):
        FailureCode("no_such_code")
