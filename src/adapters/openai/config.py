"""Settings of the OpenAI adapter."""

from dataclasses import dataclass, field
from typing import Literal

from domain.model.transcripts.hints import SpeechHints

ResponseFormat = Literal["json", "verbose_json"]


@dataclass(frozen=True, slots=True)
class OpenAIConfig:
    """The URL of the transcriber, the model, and the time limits of a request.

    A self-hosted server may need no key. Without `response_format`, the request asks for the richest format that the
    model supports.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str = "https://api.openai.com/v1"
    model: str = "gpt-transcribe"
    response_format: ResponseFormat | None = None
    connect_timeout_s: float = 5.0
    timeout_s: float = 120.0

    def __post_init__(self) -> None:
        """Reject a key that is invalid in a header: the HTTP library would show it in its error.

        Raises:
            ValueError: the key is not printable ASCII.
        """
        if self.api_key is not None and not (self.api_key.isascii() and self.api_key.isprintable()):
            raise ValueError("The transcriber's API key must be printable ASCII.")

    @property
    def url(self) -> str:
        """The URL to which chunks are posted."""
        return f"{self.base_url.rstrip('/')}/audio/transcriptions"

    def form(self, hints: SpeechHints) -> dict[str, str | list[str]]:
        """The form fields other than the chunk; only Whisper models, such as OpenAI's whisper-1, return segments."""
        best: ResponseFormat = "verbose_json" if "whisper" in self.model.lower() else "json"
        return {"model": self.model, "response_format": self.response_format or best, **self._hints(hints)}

    def _hints(self, hints: SpeechHints) -> dict[str, str | list[str]]:
        """The hints as form fields of the model.

        `gpt-transcribe` has the lists `languages` and `keywords`, and rejects the single `language` with them; older
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
        """The headers of a request. No compression: the size of a compressed response would be known too late."""
        authorization = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return {"Accept": "application/json", "Accept-Encoding": "identity", **authorization}
