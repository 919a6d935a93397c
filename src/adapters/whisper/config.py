"""Settings of the local transcriber."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_MODEL = "base"
ENGLISH_MODEL = "tiny.en"
BUNDLED_MODELS = (DEFAULT_MODEL, ENGLISH_MODEL)


@dataclass(frozen=True, slots=True)
class WhisperConfig:
    """The model to load, and the number of threads it may use (0: the library decides).

    The model is a folder, or a name on the Hugging Face hub; `base` (multilingual) and `tiny.en` come with the extra
    and need no network. The extra has `base` in two parts, which are joined in `models_folder`.
    """

    model: str = DEFAULT_MODEL
    cpu_threads: int = 0
    models_folder: Path = Path("telecine-data", "models")
