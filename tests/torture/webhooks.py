"""Webhooks whose receivers fail half of the first attempts, while the workers that send them are killed."""

import random
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from tests.services.verifying_receiver import Arrival, VerifyingReceiver, half_of_first_attempts
from tests.services.verifying_receiver import running_verifying_receiver as running_receiver
from tests.torture.invariants import Broken, Violation, holds_within
from tests.torture.random_kills import RandomKills
from tests.torture.stage import SEED, Findings, Stage
from tests.torture.traffic import Actor, acting
from tests.torture.victim import Victim

KILLS = 120
WORKERS = 3
# A message whose first attempt fails and whose second is lost with its worker is sent again after 5 minutes.
DELIVERED_WITHIN_S = 450.0
_ACTORS = 2
_PAUSE_S = 0.1
_EXCERPT = 12
_CANCELLED = "upload.cancelled"
_POINTS = ("webhook_delivered_not_marked", "events_fanned_out_not_committed", "events_fanned_out_not_sent")
_DELIVERED = "SELECT COUNT(*) AS delivered FROM webhook_deliveries WHERE status = 'delivered'"
_UNDONE = """
SELECT id FROM webhook_deliveries WHERE status <> 'delivered'
UNION ALL SELECT '' FROM events WHERE position IS NULL
UNION ALL SELECT '' FROM event_positions, webhook_position WHERE event_positions.last > webhook_position.position
"""
# One row per event and endpoint that must have received it; without a delivery, the id is missing.
_OWED = """
SELECT endpoint.url, event.type, event.video_id, event.seq, delivery.id FROM events AS event
JOIN webhook_endpoints AS endpoint ON endpoint.owner = event.owner AND event.position > endpoint.starts_after
    AND (endpoint.events LIKE '%"*"%' OR endpoint.events LIKE '%"' || event.type || '"%')
LEFT JOIN webhook_deliveries AS delivery
    ON delivery.endpoint_id = endpoint.id AND delivery.position = event.position
"""


def webhooks(stage: Stage) -> Findings:
    """120 random kills of three workers; each event arrives under one id, and every signature is right."""
    findings = Findings("webhooks")
    with stage.victim("webhooks", workers=WORKERS) as victim:
        deliver_through_kills(victim, stage, stage.times(KILLS), findings)
    return findings


def deliver_through_kills(victim: Victim, stage: Stage, kills: int, findings: Findings) -> None:
    """Produce events and kill this many workers; then every receiver must have everything, correctly signed."""
    killing = _killing(victim, stage)
    with _receiver(victim) as everything, _receiver(victim, _CANCELLED) as cancelled:
        with acting(_actors(victim)):
            killing.kill(kills)
            killing.end()
        holds_within(lambda: not victim.deployment.rows.read(_UNDONE), DELIVERED_WITHIN_S)
        findings.violations += victim.inspector.check()
        owed = victim.deployment.rows.read(_OWED)
        for receiver in (everything, cancelled):
            compare(receiver, [row for row in owed if row["url"] == receiver.url], findings)
    findings.figures |= {
        "kills": killing.kills,
        **{f"killed {name}": count for name, count in sorted(killing.deaths.items())},
        "redis_flushed_or_restarted": killing.struck,
    }
    findings.excerpt += excerpt(everything.log)


def compare(receiver: VerifyingReceiver, owed: list[dict[str, Any]], findings: Findings) -> None:
    """Compare what a receiver accepted with the events that it had to get; add the figures and violations."""
    missing = [row for row in owed if f"msg_{row['id']}" not in receiver.accepted]
    ids = Counter((event["data"]["video_id"], event["data"]["seq"]) for event in receiver.accepted.values())
    renamed = [event for event, count in ids.items() if count > 1]
    findings.violations += [Violation(Broken.EVENT_MISSING, f"{receiver.url}: {row}") for row in missing]
    findings.violations += [Violation(Broken.EVENT_DOUBLED, f"{receiver.url}: {event}: two ids") for event in renamed]
    if receiver.bad_signatures:
        findings.violations.append(Violation(Broken.BAD_SIGNATURE, f"{receiver.url}: {receiver.bad_signatures}"))
    findings.add("events_owed", len(owed))
    findings.add("missing", len(missing))
    findings.add("under_two_ids", len(renamed))
    findings.add("bad_signatures", receiver.bad_signatures)
    findings.add("requests", len(receiver.log))
    findings.add("repeated_under_the_same_id", len(receiver.requests) - len(set(receiver.requests)))
    findings.add("failed_by_the_receiver", sum(not _is_accepted(each) for each in receiver.log))


def excerpt(log: list[Arrival]) -> list[str]:
    """The beginning of the receiver's log from the first message on that arrived more than once after it was accepted.

    Such a message was sent by a worker that died before it could record the answer.
    """
    accepted: set[str] = set()
    start = 0
    for number, arrival in enumerate(log):
        if arrival.message_id in accepted:
            start = max(0, number - _EXCERPT // 2)
            break
        if _is_accepted(arrival):
            accepted.add(arrival.message_id)
    return [str(arrival) for arrival in log[start : start + _EXCERPT]]


def _is_accepted(arrival: Arrival) -> bool:
    return arrival.status == HTTPStatus.NO_CONTENT


@contextmanager
def _receiver(victim: Victim, *events: str) -> Generator[VerifyingReceiver]:
    with running_receiver() as receiver:
        receiver.fails = half_of_first_attempts
        receiver.secret = victim.client.hook(receiver.url, *events)
        yield receiver


def _actors(victim: Victim) -> list[Actor]:
    url = victim.deployment.api.url or ""
    return [
        Actor(victim, url, random.Random(SEED + number), pause_s=_PAUSE_S, with_media=False)
        for number in range(_ACTORS)
    ]


def _killing(victim: Victim, stage: Stage) -> RandomKills:
    rows, redis = victim.deployment.rows, stage.services.redis
    return RandomKills(
        {f"worker{number}": (worker, _POINTS) for number, worker in enumerate(victim.deployment.workers)},
        progress=lambda: int(rows.read(_DELIVERED)[0]["delivered"]),
        dice=random.Random(SEED),
        most_progress=12,
        patience_s=5.0,
        disasters=[(0.05, redis.flushall), (0.05, redis.restart)],
    )
