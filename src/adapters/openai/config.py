"""What the OpenAI adapter must be told."""

from dataclasses import dataclass, field
from typing import Literal

from domain.model.speech_hints import SpeechHints

AnswerFormat = Literal["json", "verbose_json"]


@dataclass(frozen=True, slots=True)
class OpenAIConfig:
    """Where the transcriber is, which model it shall use, and how long one request may take.

    A server on one's own machine may need no key; without an answer format the model's best is asked for.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str = "https://api.openai.com/v1"
    model: str = "gpt-transcribe"
    answer_format: AnswerFormat | None = None
    connect_timeout_s: float = 5.0
    timeout_s: float = 120.0

    def __post_init__(self) -> None:
        """Refuse a key that no header can carry: the HTTP library would show it in its own error.

        Raises:
            ValueError: the key holds something else than printable ASCII.
        """
        if self.api_key is not None and not (self.api_key.isascii() and self.api_key.isprintable()):
            raise ValueError("The transcriber's API key must be printable ASCII.")

    @property
    def url(self) -> str:
        """Where chunks are posted."""
        return f"{self.base_url.rstrip('/')}/audio/transcriptions"

    def form(self, hints: SpeechHints) -> dict[str, str | list[str]]:
        """The fields beside the chunk; of OpenAI's own models whisper-1 alone gives segments, as other Whispers do."""
        best: AnswerFormat = "verbose_json" if "whisper" in self.model.lower() else "json"
        return {"model": self.model, "response_format": self.answer_format or best, **self._hints(hints)}

    def _hints(self, hints: SpeechHints) -> dict[str, str | list[str]]:
        """The hints as the model takes them.

        `gpt-transcribe` has the lists `languages` and `keywords`, and refuses the single `language` beside them; older
        models and other servers have `language`, and for whisper-1 the `prompt` is a list of words (OpenAI's guide
        "Speech to text" and its cookbook "Migrate from Whisper to GPT-Transcribe", both as of 2026-07-28).
        """
        if self.model.startswith("gpt-transcribe"):
            lists = {"languages[]": [hints.language] if hints.language else [], "keywords[]": list(hints.keywords)}
            return {name: values for name, values in lists.items() if values}
        texts = {"language": hints.language or "", "prompt": ", ".join(hints.keywords)}
        return {name: text for name, text in texts.items() if text}

    @property
    def headers(self) -> dict[str, str]:
        """Who asks. Compressed answers are not wanted: their true size is seen too late."""
        authorization = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return {"Accept": "application/json", "Accept-Encoding": "identity", **authorization}
