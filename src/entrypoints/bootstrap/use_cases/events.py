"""Wires the event streams."""

from domain.use_cases.events.event_feed import EventFeed
from domain.use_cases.events.follow_video import FollowVideo
from domain.use_cases.events.follow_videos import FollowVideos
from domain.use_cases.events.issue_ticket import IssueTicket
from domain.use_cases.events.open_stream import OpenStream
from domain.use_cases.events.redeem_ticket import RedeemTicket
from entrypoints.application import Events
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.streams import StreamSettings


def event_streams(adapters: Adapters, streams: StreamSettings) -> Events:
    """Wire the feed of this process, the streams over it, and the tickets that open them."""
    database, clock = adapters.database, adapters.clock
    feed = EventFeed(
        database,
        adapters.bus,
        max_streams_per_user=streams.max_streams_per_user,
        poll_every_s=streams.event_poll_seconds,
    )
    open_stream = OpenStream(database=database, feed=feed, clock=clock, ping_s=streams.stream_ping_seconds)
    return Events(
        feed=feed,
        follow_video=FollowVideo(open_stream),
        follow_videos=FollowVideos(open_stream),
        issue_ticket=IssueTicket(database=database, ids=adapters.ids, clock=clock, lifetime_s=streams.ticket_seconds),
        redeem_ticket=RedeemTicket(database=database, clock=clock),
    )
