"""Event streams over WebSockets: the messages of the Server-Sent Events as JSON texts."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from time import perf_counter
from typing import Any, cast
from urllib.parse import quote, urlsplit

import structlog
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.types import LifeSpanReceive

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Forbidden, NotFound, Rejected, TelecineError, TooManyRequests, Unauthenticated
from domain.model.ids import VideoId
from domain.use_cases.events.event_stream import EventStream, StreamOptions
from domain.use_cases.events.messages import End, EndReason
from entrypoints.application import Application
from entrypoints.http.dependencies import VideoIdInPath
from entrypoints.http.events.access import TICKET_PARAMETER, viewer_of
from entrypoints.http.events.frames import frame_of
from entrypoints.http.events.message_budget import MAX_MESSAGES_PER_S, MessageBudget
from entrypoints.http.query import check_parameters
from entrypoints.http.scopes import FOLLOWING

GOING_AWAY = 1001
TRY_AGAIN_LATER = 1013

_END_CODES = {
    EndReason.EXPIRED: 4408,
    EndReason.STOPPING: GOING_AWAY,
    EndReason.DELETED: 1000,
    EndReason.TERMINAL: 1000,
}
_ERROR_CODES: dict[type[TelecineError], int] = {
    Unauthenticated: 4401,
    Forbidden: 4403,
    NotFound: 4404,
    TooManyRequests: 4429,
    Rejected: 4400,
}

_logger = structlog.get_logger("telecine.http")

Socket = WebSocket[Any, Any, Any]
Open = Callable[[Application, Principal], Awaitable[EventStream]]


@websocket("/api/videos/{video_id:str}/ws")
async def video_socket(socket: Socket, video_id: VideoIdInPath) -> None:
    """Stream the events of a video."""

    async def follow(application: Application, principal: Principal) -> EventStream:
        options = _options(socket, principal, until_terminal=_until_terminal(socket))
        return await application.events.follow_video(principal.user_id, VideoId(video_id), options)

    await _serve(socket, FOLLOWING, follow, parameters=("last_event_id", "until", TICKET_PARAMETER))


@websocket("/api/ws")
async def user_socket(socket: Socket) -> None:
    """Stream the events of all videos of the user."""

    async def follow(application: Application, principal: Principal) -> EventStream:
        return await application.events.follow_videos(principal.user_id, _options(socket, principal))

    await _serve(socket, (Scope.READ,), follow, parameters=("last_event_id", TICKET_PARAMETER))


def _options(socket: Socket, principal: Principal, *, until_terminal: bool = False) -> StreamOptions:
    last_event_id: str | None = socket.query_params.get("last_event_id")
    return StreamOptions(last_event_id, until_terminal=until_terminal, expires_at=principal.expires_at)


def _until_terminal(socket: Socket) -> bool:
    """Whether the stream ends at a terminal status.

    Raises:
        Rejected: `invalid_request`: `until` has another value.
    """
    until: str | None = socket.query_params.get("until")
    if until not in {None, "terminal"}:
        raise Rejected("until: must be `terminal`.", code="invalid_request")
    return until is not None


async def _serve(socket: Socket, scopes: tuple[Scope, ...], follow: Open, *, parameters: tuple[str, ...]) -> None:
    """Accept the connection, because only then does the client see the code of a close."""
    application = cast("Application", socket.app.state["application"])
    if not _is_own_page(socket, application.options.cors_allowed_origins):
        await socket.close(4403)  # Before the handshake: the client gets the status 403.
        return
    started_at = perf_counter()
    await socket.accept()
    code, reason = TRY_AGAIN_LATER, ""
    try:
        principal = await viewer_of(socket, scopes, accepts_ticket=True)
        check_parameters(socket, parameters)
        code, reason = await _stream(socket, application, await follow(application, principal))
    except TelecineError as error:
        code, reason = _code_of(error), error.code
    except (OSError, WebSocketDisconnect):
        code = GOING_AWAY  # The client is gone, or does not read.
    finally:
        milliseconds = round((perf_counter() - started_at) * 1000, 1)
        path = quote(socket.scope["path"])
        _logger.info("websocket", path=path, close_code=code, reason=reason, duration_ms=milliseconds)
    await _close(socket, code, reason)


def _is_own_page(socket: Socket, allowed_origins: frozenset[str]) -> bool:
    """Whether the connection comes from no page, from a page of this host, or from an allowed origin."""
    origin = socket.headers.get("origin")
    return origin is None or origin in allowed_origins or urlsplit(origin).netloc == socket.headers.get("host", "")


def _code_of(error: TelecineError) -> int:
    return next((code for kind, code in _ERROR_CODES.items() if isinstance(error, kind)), TRY_AGAIN_LATER)


async def _stream(socket: Socket, application: Application, stream: EventStream) -> tuple[int, str]:
    """Send the stream until it ends; return the code and the reason of the close."""
    listener = asyncio.create_task(_listen(socket))
    listener.add_done_callback(lambda _: stream.disconnect())
    try:
        end = await _send(socket, stream, stall_s=application.options.stream_stall_s)
    finally:
        stream.close()
        listener.cancel()
    _raise_if_flooded(listener)
    return end


def _raise_if_flooded(listener: "asyncio.Task[None]") -> None:
    """Pass on that the client sent too much; that it is gone has ended the stream already."""
    error = listener.exception() if listener.done() and not listener.cancelled() else None
    if isinstance(error, TooManyRequests):
        raise error


async def _send(socket: Socket, stream: EventStream, *, stall_s: float) -> tuple[int, str]:
    """Send every message.

    Raises:
        OSError: the client is gone, or does not read for `stall_s`.
    """
    async with aclosing(stream.messages()) as messages:
        async for message in messages:
            frame = frame_of(message)
            if frame is not None:
                async with asyncio.timeout(stall_s):
                    await socket.send_text(frame.as_text())
            if isinstance(message, End):
                return _END_CODES[message.reason], message.reason.value
    raise AssertionError("A stream ends with the message that says why.")


async def _listen(socket: Socket) -> None:
    """Answer `ping` with `pong`, and ignore every other message, until the client disconnects.

    Raises:
        TooManyRequests: it sends more messages than a client may.
    """
    receive = cast("LifeSpanReceive", socket.receive)
    budget = MessageBudget()
    while True:
        message = cast("dict[str, Any]", await receive())
        if message["type"] == "websocket.disconnect":
            return
        if not budget.allows(perf_counter()):
            raise TooManyRequests(f"No more than {MAX_MESSAGES_PER_S} messages a second.", retry_after_s=1.0)
        if message.get("text") == "ping":
            await socket.send_text("pong")


async def _close(socket: Socket, code: int, reason: str) -> None:
    try:
        await socket.close(code, reason)
    except (OSError, RuntimeError, WebSocketDisconnect):
        _logger.debug("websocket_closed_already")
