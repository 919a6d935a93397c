"""The model in the extra: used only if it is byte for byte Systran/faster-whisper-tiny.en."""

import hashlib
from pathlib import Path

from domain.model.errors import Unavailable

# SHA-256 of its four files at revision 0d3d19a32d3338f10357c0889762bd8d64bbdeba of that repository.
DIGESTS = {
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}


def check_digests(folder: Path) -> None:
    """Check that every file of the model is the published one.

    Raises:
        Unavailable: `model_digest_mismatch`, not retryable: one is missing or differs.
    """
    for name, expected in DIGESTS.items():
        try:
            with (folder / name).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise _mismatch(name) from error
        if found != expected:
            raise _mismatch(name)


def _mismatch(name: str) -> Unavailable:
    return Unavailable(
        f"{name} of the bundled speech model is not the published one, so the model is not loaded. "
        "Install `telecine[local]` again.",
        code="model_digest_mismatch",
        retryable=False,
    )
