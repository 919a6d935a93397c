"""When a client connects again, and when it polls."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from telecine_client.errors import ClientError, ConnectionFailed, ErrorResponse, StreamUnsupported
from telecine_client.events.follower import MAX_FAILURES, POLLING_S, Follower
from telecine_client.server_sent_events import ServerSentEvent
from tests.unit.telecine_client.events.following import Connection, ScriptedPoller, ScriptedStream

COMPLETED = ServerSentEvent("video.completed", '{"status": "completed"}', "4")
TERMINAL = ServerSentEvent("end", '{"reason": "terminal"}')
STOPPING = ServerSentEvent("end", '{"reason": "stopping"}')
BROKEN = ConnectionFailed("Broken.", code="stream_broken")


@dataclass
class Following:
    """One run of a follower: what it yields, and how long it waits."""

    stream: ScriptedStream
    poller: ScriptedPoller
    pauses: list[float] = field(default_factory=list[float])

    def run(self) -> list[str]:
        """The events until the end."""
        follower = Follower(self.stream, self.poller, sleep=self.pauses.append, random=lambda: 1.0)
        return [update.event for update in follower.updates()]


def following(*connections: Sequence[ServerSentEvent | ClientError], polls: int = 2) -> Following:
    """A run over these connections, with a poller that is over after this number of polls."""
    return Following(
        ScriptedStream([list(connection) for connection in connections]), ScriptedPoller(["processing"] * polls)
    )


def test_a_stream_that_ends_is_enough() -> None:
    """No poll and no pause."""
    run = following([COMPLETED, TERMINAL])
    assert run.run() == ["video.completed", "end"]
    assert (run.stream.opened, run.poller.polled, run.pauses) == (1, [], [])


def test_a_deleted_video_ends_the_stream_as_well() -> None:
    """There is nothing to connect to again."""
    run = following([ServerSentEvent("end", '{"reason": "deleted"}')])
    assert run.run() == ["end"]


@pytest.mark.parametrize("break_", [[COMPLETED, BROKEN], [COMPLETED], [COMPLETED, STOPPING]])
def test_a_broken_stream_is_opened_again(break_: Connection) -> None:
    """After the pause that the server wished, as often as events arrive: every connection is a success."""
    run = following(*[break_] * (MAX_FAILURES + 2), [TERMINAL])
    assert run.run()[-1] == "end"
    assert (run.stream.opened, run.poller.polled) == (MAX_FAILURES + 3, [])
    assert run.pauses == [2.0] * (MAX_FAILURES + 2)


def test_pauses_double_and_vary() -> None:
    """The random share is half of the pause, so that clients do not return at the same moment."""
    run = following([BROKEN], polls=1)
    assert run.run() == ["status"]
    assert run.pauses == [2.0, 4.0, 8.0, 16.0]
    least: list[float] = []
    stream, poller = ScriptedStream([[BROKEN]]), ScriptedPoller(["completed"])
    assert list(Follower(stream, poller, sleep=least.append, random=lambda: 0.0).updates())
    assert least == [1.0, 2.0, 4.0, 8.0]


def test_the_server_may_wish_a_longer_pause() -> None:
    """`Retry-After` counts, for example above the number of streams of a user."""
    full = ErrorResponse("Full.", status=429, code="too_many_streams", retry_after_s=90.0)
    run = following([full], [TERMINAL])
    assert run.run() == ["end"]
    assert run.pauses == [90.0]


def test_a_server_without_streams_is_polled_to_the_end() -> None:
    """It is not asked for a stream again."""
    polls = int(POLLING_S)
    run = following([StreamUnsupported("Older.")], polls=polls)
    assert run.run() == ["status"] * polls
    assert (run.stream.opened, run.pauses) == (1, [3.0] * (polls - 1))


def test_a_stream_that_keeps_failing_is_replaced_for_a_while() -> None:
    """The client polls, and then tries the stream again."""
    run = following(*[[BROKEN]] * MAX_FAILURES, [COMPLETED, TERMINAL], polls=1000)
    assert run.run() == [*["status"] * int(POLLING_S / 3.0), "video.completed", "end"]
    assert run.stream.opened == MAX_FAILURES + 1


def test_malformed_data_is_a_failure_of_the_connection() -> None:
    """A proxy may insert something; the client polls in the end."""
    for data in ("<html>", "[]", "1"):
        run = following([ServerSentEvent("message", data)], polls=1)
        assert run.run() == ["status"], data


@pytest.mark.parametrize(
    "error",
    [
        ErrorResponse("No.", status=401, code="token_expired"),
        ErrorResponse("No.", status=404, code="video_not_found"),
        ConnectionFailed("Refused.", code="stream_broken", retryable=False),
    ],
)
def test_an_error_that_stays_ends_it(error: ClientError) -> None:
    """Polling would get the same answer."""
    run = following([error])
    with pytest.raises(type(error)):
        run.run()
    assert (run.poller.polled, run.pauses) == ([], [])
