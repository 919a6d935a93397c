"""Settings of transcription."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from domain.model.errors import Rejected
from domain.model.transcripts.hints import SpeechHints, keywords_of, speech_hints
from entrypoints.config.addresses import is_web_address
from entrypoints.config.values import ConcernSettings, Positive, Seconds, Secret, variable

OPENAI_BASE_URL = "https://api.openai.com/v1"
OPENAI_CONCURRENCY = 4
LOCAL_CONCURRENCY = 1  # One model runs on this machine's CPU.

_HEADER_WORD = re.compile(r"[!-~]+")
_VARIABLES = {
    "invalid_language": "TELECINE_TRANSCRIPTION_LANGUAGE",
    "invalid_keywords": "TELECINE_TRANSCRIPTION_KEYWORDS",
}


class TranscriptionSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """The transcriber, its model and its limits."""

    transcriber: Annotated[
        Literal["local", "openai", "none"],
        Meta(
            description="`local`: faster-whisper on this machine (extra `local`). `openai`: any server with OpenAI's "
            "HTTP API. `none`: videos complete without a transcript."
        ),
    ] = "local"
    transcription_model: Annotated[
        str | None,
        Meta(
            description="Name of the model. `local`: `base` (multilingual), `tiny.en` (English only, faster), a "
            "folder, or a name on the Hugging Face hub. Unset: `base` for `local`, `gpt-transcribe` for `openai`."
        ),
    ] = None
    transcription_answer_format: Annotated[
        Literal["json", "verbose_json"] | None,
        Meta(
            description="Response format requested from `openai`. Unset: `verbose_json`, which has timestamps, if the "
            "model's name contains `whisper`, else `json`."
        ),
    ] = None
    transcription_language: Annotated[
        str | None,
        Meta(
            description="Spoken language (ISO 639-1 code) of videos whose client gives none and whose file names none. "
            "Unset: detected."
        ),
    ] = None
    transcription_keywords: Annotated[
        str | None,
        Meta(description="Comma-separated names and terms to expect in videos whose client gives none. Unset: none."),
    ] = None
    transcription_concurrency: Annotated[
        Positive | None,
        Meta(description="Audio chunks that a worker transcribes at once. Unset: 4 for `openai`, 1 for `local`."),
    ] = None
    transcription_timeout_seconds: Annotated[
        Seconds, Meta(description="Timeout in seconds of a request to the `openai` transcriber.")
    ] = 120.0
    max_transcription_minutes: Annotated[
        Positive, Meta(description="Maximum minutes of speech in a video; one with more is not transcribed.")
    ] = 240
    max_regenerations_per_video: Annotated[
        int,
        Meta(
            ge=0,
            description="Maximum number of regenerations of a video's transcript, because each one may cost money.",
        ),
    ] = 20
    whisper_threads: Annotated[Positive, Meta(description="CPU threads of the `local` transcriber.")] = 2
    openai_api_key: Annotated[
        Secret | None, Meta(description="API key of the `openai` transcriber; required for OpenAI's own server.")
    ] = None
    openai_base_url: Annotated[str, Meta(description="Base URL of the `openai` transcriber.")] = OPENAI_BASE_URL

    @property
    def concurrency(self) -> int:
        """Number of chunks that one process transcribes at once."""
        default = OPENAI_CONCURRENCY if self.transcriber == "openai" else LOCAL_CONCURRENCY
        return self.transcription_concurrency or default

    @property
    def max_audio_s(self) -> float:
        """Longest speech of a video that is transcribed."""
        return self.max_transcription_minutes * 60.0

    @property
    def hints(self) -> SpeechHints:
        """What to expect in videos whose client gives no hints.

        Raises:
            Rejected: `invalid_language` or `invalid_keywords`.
        """
        return speech_hints(self.transcription_language, keywords_of(self.transcription_keywords or ""))

    def problems(self) -> list[str]:
        problems = self._openai_problems()
        try:
            _ = self.hints
        except Rejected as error:
            problems.append(f"{_VARIABLES[error.code]}: {error.detail}")
        return problems

    def _openai_problems(self) -> list[str]:
        problems: list[str] = []
        key, base_url = self.openai_api_key, self.openai_base_url
        if self.transcriber == "openai" and base_url == OPENAI_BASE_URL and key is None:
            problems.append("OPENAI_API_KEY: required for TELECINE_TRANSCRIBER=openai")
        if key is not None and not _HEADER_WORD.fullmatch(key.reveal()):
            problems.append("OPENAI_API_KEY: printable ASCII without spaces is required")
        if not is_web_address(base_url):
            problems.append("OPENAI_BASE_URL: an http(s) URL with a host is required")
        return problems
