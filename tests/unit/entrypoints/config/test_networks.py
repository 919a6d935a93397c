import pytest

from entrypoints.config.networks import networks


@pytest.mark.parametrize("text", ["", "10.0.0.0/8,", "10.0.0.1/8", "proxy.example", "10.0.0.0/33", "*"])
def test_a_malformed_network_is_refused(text: str) -> None:
    """A name is refused, and so is an address with bits after its prefix."""
    with pytest.raises(ValueError, match=r"."):
        networks(text)
