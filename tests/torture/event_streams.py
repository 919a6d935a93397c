"""Streams of events are followed over two APIs while APIs, workers and Redis die, and compared with the log."""

import random
from collections.abc import Sequence

from tests.torture.crowd import Crowd
from tests.torture.held_transactions import holding
from tests.torture.programs import Program
from tests.torture.random_kills import RandomKills
from tests.torture.stage import SEED, Findings, Stage
from tests.torture.traffic import Actor, acting
from tests.torture.victim import Victim

KILLS = 300
ACTORS = 4
SETTINGS = {
    "TELECINE_JOB_MAX_ATTEMPTS": "50",
    "TELECINE_MAX_STREAMS_PER_USER": "1000",
    "TELECINE_EVENT_POLL_SECONDS": "1",
}
_NEWCOMERS = 8
_PAUSE_S = 0.15
# The more often a name is here, the more often it is chosen.
_API_POINTS = (
    "events_committed_hint_not_published",
    "events_committed_hint_not_published",
    "events_committed_hint_not_published",
    "upload_cancelled_erase_not_sent",
    "complete_not_committed",
    "complete_committed_not_sent",
)
_WORKER_POINTS = (
    "events_committed_hint_not_published",
    "events_committed_hint_not_published",
    "events_committed_hint_not_published",
    "claimed",
    "publication_not_committed",
    "published_erase_not_sent",
    "transcript_assembled_not_published",
)
_LAST = "SELECT last FROM event_positions"
_ENDED = "SELECT id FROM videos WHERE status = 'completed' ORDER BY id LIMIT 20"


def event_streams(stage: Stage) -> Findings:
    """300 random kills of two APIs and two workers, while clients follow over both; Redis is flushed and restarted."""
    findings = Findings("event_streams")
    with stage.victim("streams", apis=2, settings=SETTINGS) as victim:
        follow_through_kills(victim, stage, stage.times(KILLS), findings)
    return findings


def follow_through_kills(victim: Victim, stage: Stage, kills: int, findings: Findings) -> None:
    """Produce events, kill this many processes, and compare what every client received with the log."""
    crowd, killing = Crowd(victim, random.Random(SEED)), _killing(victim, stage)
    with crowd.following():
        with holding(victim) as held, acting(_actors(victim, crowd)):
            for number in range(_NEWCOMERS):
                killing.kill(kills * (number + 1) // _NEWCOMERS)
                crowd.join(last_event_id="0" if number % 2 == 0 else None)
            killing.end()
        findings.violations += victim.inspector.check()
        for row in victim.deployment.rows.read(_ENDED):
            crowd.watch_late(row["id"])
        crowd.catch_up()
    findings.figures |= {
        "kills": killing.kills,
        **{f"killed {name}": count for name, count in sorted(killing.deaths.items())},
        "redis_flushed_or_restarted": killing.struck,
        "transactions_overtaken": held.held,
        "transactions_rolled_back": held.rolled_back,
    }
    crowd.compare(findings)


def _actors(victim: Victim, crowd: Crowd) -> list[Actor]:
    actors: list[Actor] = []
    for number in range(ACTORS):
        url = victim.deployment.apis[number % len(victim.deployment.apis)].url or ""
        actors.append(Actor(victim, url, random.Random(SEED + number), pause_s=_PAUSE_S, watch=crowd.watch))
    return actors


def _killing(victim: Victim, stage: Stage) -> RandomKills:
    deployment, redis = victim.deployment, stage.services.redis
    programs: dict[str, tuple[Program, Sequence[str]]] = {
        f"api{number}": (api, _API_POINTS) for number, api in enumerate(deployment.apis)
    }
    programs |= {f"worker{number}": (worker, _WORKER_POINTS) for number, worker in enumerate(deployment.workers)}
    return RandomKills(
        programs,
        progress=lambda: int(deployment.rows.read(_LAST)[0]["last"]),
        dice=random.Random(SEED),
        disasters=[(0.1, redis.flushall), (0.1, redis.restart)],
    )
