"""The transcriber over HTTP. A call repeats a request a few times; after that, the job is retried with back-off."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx

from adapters.aio.retries import repeat
from adapters.openai.config import OpenAIConfig
from adapters.openai.errors import failure_of, misconfigured
from adapters.openai.response import MAX_RESPONSE_BYTES, chunk_transcript
from adapters.openai.wav_chunk import read_chunk
from domain.model.errors import Unavailable, UnreadableResponse
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.language_choice import LanguageProbabilities
from domain.model.transcripts.transcript import ChunkTranscript
from domain.ports.clock import Clock
from domain.ports.transcriber import Transcriber

BACKOFFS_S = (1.0, 3.0)
MAX_WAIT_S = 20.0

_MALFORMED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


@asynccontextmanager
async def open_transcriber(config: OpenAIConfig, clock: Clock) -> AsyncGenerator["OpenAITranscriber"]:
    """A transcriber with its own connection pool, bound to the running event loop."""
    timeout = httpx.Timeout(config.timeout_s, connect=config.connect_timeout_s)
    async with httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=True) as client:
        yield OpenAITranscriber(client, config, clock)


class OpenAITranscriber(Transcriber):
    """Posts chunks to `/audio/transcriptions`."""

    def __init__(self, client: httpx.AsyncClient, config: OpenAIConfig, clock: Clock) -> None:
        self._client = client
        self._config = config
        self._clock = clock

    async def transcribe(self, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        content = await asyncio.to_thread(read_chunk, chunk)
        if not content:
            return ChunkTranscript("")
        return await repeat(
            lambda: self._request_transcript(content, hints),
            waits_s=BACKOFFS_S,
            is_transient=_is_worth_repeating,
            clock=self._clock,
        )

    async def detect_language(self, chunk: Path) -> LanguageProbabilities:
        del chunk  # The API has no call for it, and a transcript costs money.
        return {}

    async def _request_transcript(self, content: bytes, hints: SpeechHints) -> ChunkTranscript:
        response, body = await self._post(content, hints)
        if response.status_code in _MALFORMED and hints != NO_HINTS:
            # A hint that the model does not accept must not prevent a transcript: `gpt-transcribe` rejects a third of
            # the languages that have a code.
            return await self._request_transcript(content, NO_HINTS)
        if not response.is_success:
            raise failure_of(response, body, self._clock.now())
        return chunk_transcript(body)

    async def _post(self, content: bytes, hints: SpeechHints) -> tuple[httpx.Response, bytes]:
        try:
            return await self._send(self._request(content, hints))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
            # The library's error may quote a password in the URL or the key in a header, so it is not chained.
            raise misconfigured() from None
        except (httpx.RequestError, TimeoutError) as error:
            raise Unavailable(
                "The transcriber could not be reached, or did not respond in time.", code="transcriber_unavailable"
            ) from error

    def _request(self, content: bytes, hints: SpeechHints) -> httpx.Request:
        return self._client.build_request(
            "POST",
            self._config.url,
            headers=self._config.headers,
            data=self._config.form(hints),
            files={"file": ("chunk.wav", content, "audio/wav")},
        )

    async def _send(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        # The client's time-outs apply to each read, so a server that sends single bytes would never reach them.
        deadline = asyncio.get_running_loop().time() + self._config.timeout_s
        async with asyncio.timeout_at(deadline):
            response = await self._client.send(request, stream=True)
        try:
            async with asyncio.timeout_at(deadline):
                return response, await _body(response)
        except (httpx.RequestError, TimeoutError) as error:
            if response.is_success:
                raise UnreadableResponse("The transcriber's response is incomplete.") from error
            raise
        finally:
            await response.aclose()


async def _body(response: httpx.Response) -> bytes:
    """The response body; reading stops when it is too large."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            break
    return bytes(body)


def _is_worth_repeating(error: Unavailable) -> bool:
    """Whether to repeat the request soon; not after an unreadable response, because the next one may cost money too."""
    is_soon = (error.retry_after_s or 0.0) <= MAX_WAIT_S
    return error.retryable and is_soon and not isinstance(error, UnreadableResponse)
