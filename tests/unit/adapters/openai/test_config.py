import pytest

from adapters.openai.config import OpenAIConfig
from tests.unit.adapters.openai.openai_fixtures import KEY

pytestmark = pytest.mark.anyio


def test_the_key_is_not_in_the_configuration_s_repr() -> None:
    """A configuration may be printed."""
    assert KEY not in repr(OpenAIConfig(api_key=KEY))


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}ключ", f"\x00{KEY}"])
def test_a_key_that_is_invalid_in_a_header_is_refused_unshown(key: str) -> None:
    """The HTTP library would quote such a key in its error."""
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        OpenAIConfig(api_key=key)

    assert KEY not in str(caught.value)
