"""Settings of event streams."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.values import ConcernSettings, Positive, variable


class StreamSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Live events: Server-Sent Events and WebSockets."""

    max_streams_per_user: Annotated[
        Positive, Meta(description="Maximum number of event streams that one user may have on one API process.")
    ] = 20
    stream_ping_seconds: Annotated[
        Positive,
        Meta(
            description="Seconds after which an idle event stream sends a comment, so that proxies keep it open. "
            "Choose less than the idle timeout of your proxy."
        ),
    ] = 15
    stream_stall_seconds: Annotated[
        Positive,
        Meta(description="Seconds after which an event stream is closed whose client does not read what was sent."),
    ] = 60
    event_poll_seconds: Annotated[
        Positive,
        Meta(
            description="Seconds between two readings of the event log while event streams are open. Usually a message "
            "over Redis, over Postgres or inside the process makes the API read it at once."
        ),
    ] = 2
    ticket_seconds: Annotated[
        Positive, Meta(description="Lifetime in seconds of a ticket that opens an event stream.")
    ] = 60
