"""The clients that follow during a run: some from the beginning, some that come late, and some of one video only."""

import random
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.torture.followers import TERMINAL_STATUSES, Differences, Follower, Received, differences
from tests.torture.invariants import Broken, Violation, holds_within
from tests.torture.stage import Findings
from tests.torture.victim import Victim

CATCH_UP_S = 60.0
_AT_ONCE = 8
_WATCHED = 0.1
_LOG = """
SELECT position, seq, type, video_id, data::json ->> 'status' AS status FROM events
WHERE position IS NOT NULL AND video_id IS NOT NULL ORDER BY position
"""


@dataclass
class Log:
    """The log of events, by position, and by video and number."""

    by_position: dict[int, Received]
    by_video: dict[str, dict[int, Received]]
    unordered: list[str]

    @classmethod
    def read(cls, victim: Victim) -> "Log":
        """Read the whole log; `unordered` names the events whose position contradicts their number."""
        log = cls({}, {}, [])
        for row in victim.deployment.rows.read(_LOG):
            video_id, seq = row["video_id"], row["seq"]
            known = log.by_video.setdefault(video_id, {})
            if seq <= max(known, default=0):
                log.unordered.append(f"{video_id}: event {seq} at position {row['position']}")
            known[seq] = Received(seq, row["type"], video_id, row["status"])
            log.by_position[row["position"]] = Received(row["position"], row["type"], video_id, row["status"])
        return log


@dataclass
class Crowd:
    """Followers of one deployment; every one of them connects over all APIs in turn, beginning with another one."""

    victim: Victim
    dice: random.Random
    of_user: list[Follower] = field(default_factory=list[Follower])
    of_video: list[Follower] = field(default_factory=list[Follower])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def following(self, steady: int = 4) -> Generator[None]:
        """Follow all videos of the user inside the block; then stop the programs, which ends every connection."""
        for _ in range(steady):
            self.join()
        try:
            yield
        finally:
            for follower in (*self.of_user, *self.of_video):
                follower.stop()
            self.victim.deployment.kill()
            for follower in (*self.of_user, *self.of_video):
                follower.join()

    def join(self, *, last_event_id: str | None = None) -> None:
        """Let another client follow the user's videos, from now on or from an event."""
        urls = self._urls("/api/events", first=len(self.of_user))
        name = f"user follower {len(self.of_user)}"
        self.of_user.append(Follower(name, urls, self.victim.deployment.token, last_event_id).start())

    def watch(self, video_id: str) -> None:
        """Maybe let a client follow this new video, from now on or later from its first event."""
        with self._lock:
            running = [follower for follower in self.of_video if follower.is_alive]
            if len(running) < _AT_ONCE and self.dice.random() < _WATCHED:
                urls = self._urls(f"/api/videos/{video_id}/events?until=terminal", first=self.dice.randrange(2))
                self.of_video.append(Follower(video_id, urls, self.victim.deployment.token).start())

    def watch_late(self, video_id: str) -> None:
        """Let a client follow a video that ended before, from its first event."""
        urls = self._urls(f"/api/videos/{video_id}/events?until=terminal", first=self.dice.randrange(2))
        self.of_video.append(Follower(video_id, urls, self.victim.deployment.token, "0").start())

    def catch_up(self) -> None:
        """Wait until every client has everything; what is missing then is a violation."""
        last = str(self.victim.deployment.rows.read("SELECT last FROM event_positions")[0]["last"])
        holds_within(lambda: all(each.last_event_id == last for each in self.of_user), CATCH_UP_S)
        holds_within(lambda: not any(each.is_alive for each in self.of_video), CATCH_UP_S)

    def compare(self, findings: Findings) -> None:
        """Add the figures and the violations of every follower."""
        log = Log.read(self.victim)
        findings.violations += [Violation(Broken.EVENT_ORDER, each) for each in log.unordered]
        for follower in self.of_user:
            after = follower.first_id or 0
            expected = {number: each for number, each in log.by_position.items() if number > after}
            _add(findings, follower, differences(follower.received, expected))
        for follower in self.of_video:
            _add(findings, follower, _of_video(follower, log.by_video.get(follower.name, {})))
        findings.figures |= {
            "events": len(log.by_position),
            "terminal_events": sum(each.status in TERMINAL_STATUSES for each in log.by_position.values()),
            "followers": len(self.of_user) + len(self.of_video),
        }

    def _urls(self, path: str, *, first: int) -> list[str]:
        apis = self.victim.deployment.apis
        return [f"{apis[(first + number) % len(apis)].url}{path}" for number in range(len(apis))]


def _of_video(follower: Follower, log: dict[int, Received]) -> Differences:
    """A stream of one video must have everything from its snapshot to the terminal event at which it ended."""
    last = follower.received[-1].number if follower.received else follower.first_id or 0
    expected = {number: each for number, each in log.items() if (follower.first_id or 0) < number <= last}
    found = differences(follower.received, expected)
    return found if follower.is_over else Differences([*found.missing, _NO_END], found.doubled, found.unordered)


_NO_END = Received(0, "end", "", None)


def _add(findings: Findings, follower: Follower, found: Differences) -> None:
    findings.violations += found.violations(follower.name)
    findings.violations += [
        Violation(Broken.EVENT_MISSING, f"{follower.name}: reset {each}") for each in follower.resets
    ]
    findings.add("connections", follower.connections)
    findings.add("received", len(follower.received))
    findings.add("missing", len(found.missing))
    findings.add("doubled", len(found.doubled))
    findings.add("terminal_doubled", found.terminal_doubled)
    findings.add("out_of_order", len(found.unordered))
    findings.add("resets", len(follower.resets))
