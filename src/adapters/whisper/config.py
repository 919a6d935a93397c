"""Settings of the local transcriber."""

from dataclasses import dataclass

BUNDLED_MODEL = "tiny.en"


@dataclass(frozen=True, slots=True)
class WhisperConfig:
    """The model to load, and the number of threads it may use (0: the library decides).

    The model is a folder, or a name on the Hugging Face hub; `tiny.en` comes with the extra and needs no network.
    """

    model: str = BUNDLED_MODEL
    cpu_threads: int = 0
