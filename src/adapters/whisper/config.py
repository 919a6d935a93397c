"""What the local transcriber must be told."""

from dataclasses import dataclass

BUNDLED_MODEL = "tiny.en"


@dataclass(frozen=True, slots=True)
class WhisperConfig:
    """Which model to load, and how many threads it may use (0: as many as the library sees fit).

    The model is a folder, or a name on the Hugging Face hub; `tiny.en` comes with the extra and needs no network.
    """

    model: str = BUNDLED_MODEL
    cpu_threads: int = 0
