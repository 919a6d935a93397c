"""The plan for each crash point: client actions that lead a process to it."""

from collections.abc import Callable
from typing import Any

from adapters.failpoints.catalogue import CRASH_POINTS
from tests.e2e.processes import wait_until
from tests.services.transcription_server import refusal
from tests.services.verifying_receiver import running_verifying_receiver
from tests.torture.invariants import STUCK_AFTER_S
from tests.torture.victim import Victim

_REFUSALS = 3  # The number of requests that the transcriber sends before the attempt fails.

Plan = Callable[[Victim, str], None]
Drive = Callable[[Victim], object]


def _in_api(drive: Drive) -> Plan:
    """Kill the API."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        kills, api = victim.kills, victim.deployment.api
        victim.arm(api, crash_at)
        drive(victim)
        victim.await_death(api, kills)

    return kill_once


def _in_worker(drive: Drive) -> Plan:
    """Kill one worker while the others are paused; they resume after its death."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        kills = victim.kills
        armed, *others = victim.deployment.workers
        victim.arm(armed, crash_at)
        for other in others:
            other.pause()
        try:
            drive(victim)
            victim.await_death(armed, kills)
        finally:
            for other in others:
                other.resume()

    return kill_once


def _in_sweep(victim: Victim, crash_at: str) -> None:
    """Kill a worker during a job, and then its successor when its sweep has found that job."""
    kills = victim.kills
    for worker in victim.deployment.workers[1:]:
        worker.kill()
    worker = victim.deployment.workers[0]
    if not worker.is_alive:
        worker.start()
    worker.wait_ready()
    video_id = victim.send(victim.clips.long)
    running = "SELECT id FROM jobs WHERE state = 'running' AND kind = 'process' AND video_id = $1"
    wait_until(lambda: bool(victim.deployment.rows.read(running, video_id)))
    worker.kill()
    worker.start(crash_at=crash_at)
    victim.await_death(worker, kills)


def _upload(victim: Victim) -> None:
    victim.send()


def _upload_long(victim: Victim) -> None:
    victim.send(victim.clips.long)


def _report_failed(victim: Victim) -> None:
    grant = victim.client.grant(victim.clips.tiny.path)
    victim.client.complete(grant["video_id"], success=False)


def _delete(victim: Victim) -> None:
    video_id = victim.send()
    victim.inspector.wait_terminal([video_id])
    victim.inspector.forget(video_id)
    victim.affected.remove(video_id)
    victim.client.delete(video_id)


# Of the newest webhook: the receivers of earlier runs have ended.
_OWED = """
    SELECT id FROM webhook_deliveries
    WHERE endpoint_id = (SELECT id FROM webhook_endpoints ORDER BY created_at DESC LIMIT 1)
"""


def _notified(drive: Drive) -> Plan:
    """Kill a worker while a webhook receives the events; each must be accepted, with a valid signature."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        with running_verifying_receiver() as receiver:
            receiver.secret = victim.client.hook(receiver.url)
            _in_worker(drive)(victim, crash_at)
            victim.ensure_running()
            victim.inspector.wait_terminal(victim.affected)
            wait_until(
                lambda: not victim.deployment.rows.read(f"{_OWED} AND status = 'pending'"), timeout_s=STUCK_AFTER_S
            )
            sent = victim.deployment.rows.read(f"{_OWED} AND status = 'delivered'")
            assert receiver.accepted
            assert receiver.accepted.keys() <= {f"msg_{row['id']}" for row in sent}
            assert receiver.bad_signatures == 0

    return kill_once


def _fail_once(victim: Victim) -> None:
    victim.deployment.transcription.script.extend(refusal(500) for _ in range(_REFUSALS))
    victim.send()


def _send_in_parts(victim: Victim) -> None:
    victim.accepted(victim.client.send_in_parts(victim.clips.large.path), victim.clips.large)


def _send_growing(victim: Victim) -> None:
    victim.accepted(victim.client.send_growing(victim.clips.large.path), victim.clips.large)


def _send_as_form(victim: Victim) -> None:
    victim.accepted(victim.client.send_as_form(victim.clips.large.path), victim.clips.large)


def _send_one_part(victim: Victim) -> dict[str, Any]:
    """Send only one of two parts."""
    clip = victim.clips.large.path
    grant = victim.client.grant(clip, strategy="multipart")
    victim.client.put_parts(grant, clip, 2)
    victim.affected.append(grant["video_id"])
    return grant


def _cancel(victim: Victim) -> None:
    victim.client.cancel(_send_one_part(victim)["video_id"])


def _import(victim: Victim) -> None:
    clip = victim.clips.tiny
    victim.deployment.show(clip.path)
    victim.accepted(victim.client.import_video(), clip)


def _retry(victim: Victim) -> None:
    """The transcriber refuses once with a permanent error; then the client retries the video."""
    victim.deployment.transcription.script.append(refusal(429, code="insufficient_quota"))
    video_id = victim.send()
    victim.inspector.wait_terminal([video_id])
    victim.inspector.retried.add(video_id)
    victim.client.retry(video_id)


def _ask_again(victim: Victim) -> None:
    """The client requests a new transcript of a completed video."""
    video_id = victim.send()
    victim.inspector.wait_terminal([video_id])
    victim.inspector.asked_again.add(video_id)
    victim.client.regenerate(video_id)


def _choose_poster(victim: Victim) -> None:
    """The client chooses the poster of a completed video."""
    video_id = victim.send()
    victim.inspector.wait_terminal([video_id])
    victim.client.choose_poster(video_id, 0.0)


# Without the jobs that erase sources a second time, which run long after this.
_POSTER_JOBS = """
    SELECT id FROM jobs
    WHERE (kind = 'poster' OR (kind = 'erase' AND payload LIKE '{"keys":["derived/%')) AND state <> 'done'
"""


def _until_poster(plan: Plan) -> Plan:
    """Continue when the chosen poster is published and the earlier one is erased."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        plan(victim, crash_at)
        victim.ensure_running()
        wait_until(lambda: not victim.deployment.rows.read(_POSTER_JOBS), timeout_s=STUCK_AFTER_S)
        chosen = "SELECT id FROM events WHERE type = 'poster.ready' AND video_id = $1"
        assert victim.deployment.rows.read(chosen, victim.affected[-1])

    return kill_once


def _until_transcribed(plan: Plan) -> Plan:
    """Continue when every transcription job is done; the video's status stays `completed`, so it cannot show that."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        plan(victim, crash_at)
        victim.ensure_running()
        open_jobs = "SELECT id FROM jobs WHERE kind IN ('retranscribe', 'transcribe') AND state <> 'done'"
        wait_until(lambda: not victim.deployment.rows.read(open_jobs), timeout_s=STUCK_AFTER_S)

    return kill_once


def _until_clean(plan: Plan) -> Plan:
    """Continue when no abandoned upload is left."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        plan(victim, crash_at)
        victim.ensure_running()
        uploading, bucket = "SELECT id FROM videos WHERE status = 'uploading'", victim.deployment.bucket
        wait_until(lambda: not victim.deployment.rows.read(uploading) and not bucket.unfinished())

    return kill_once


IMPATIENT = {
    "TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS": "8",
    "TELECINE_ABANDONED_UPLOAD_SECONDS": "8",
    "TELECINE_CLEAN_UP_SECONDS": "1",
    "TELECINE_ORPHAN_AGE_SECONDS": "5",
    "TELECINE_ORPHAN_SWEEP_SECONDS": "1",
    "TELECINE_PLAYBACK_URL_EXPIRATION_SECONDS": "2",
}
"""Settings under which uploads are abandoned, orphans found, and replaced posters erased, within seconds."""

CLEANED_UP: dict[str, Plan] = {
    "multipart_begun_row_not_committed": _until_clean(_in_api(_send_in_parts)),
    "proxied_part_stored": _until_clean(_in_api(_send_as_form)),
    "upload_expired_erase_not_sent": _until_clean(_in_worker(_send_one_part)),
    "poster_chosen_not_sent": _until_poster(_in_api(_choose_poster)),
    "chosen_poster_stored_not_published": _until_poster(_in_worker(_choose_poster)),
}
"""Plans that end only after a clean-up, and so need a deployment with short times."""

_OTHER_PLANS: dict[str, Plan] = {
    "presign_row_not_committed": _in_api(_upload),
    "presign_row_committed": _in_api(_upload),
    "growing_part_not_committed": _in_api(_send_growing),
    "growing_part_committed_not_answered:2": _in_api(_send_growing),
    "parts_joined_not_accepted": _in_api(_send_in_parts),
    "complete_after_head": _in_api(_upload),
    "complete_not_committed": _in_api(_upload),
    "complete_committed_not_sent": _in_api(_upload),
    "sent_not_marked": _in_api(_upload),
    "upload_given_up_erase_not_sent": _in_api(_report_failed),
    "upload_cancelled_erase_not_sent": _in_api(_cancel),
    "retried_not_sent": _in_api(_retry),
    "video_deleted_erase_not_sent": _in_api(_delete),
    "asked_again_not_sent": _until_transcribed(_in_api(_ask_again)),
    "speech_taken_again_not_owed": _until_transcribed(_in_worker(_ask_again)),
    "upload_aborted_job_not_done": _in_worker(_cancel),
    "swept_not_sent": _in_sweep,
    "freed_not_sent": _in_sweep,
    "mid_import": _in_worker(_import),
    "import_downloaded_not_uploaded": _in_worker(_import),
    "import_uploaded_not_accepted": _in_worker(_import),
    "mid_ffmpeg": _in_worker(_upload_long),
    "chunk_saved:2": _in_worker(_upload_long),
    "failed_not_rescheduled": _in_worker(_fail_once),
    "webhook_delivered_not_marked": _notified(_upload),
}

# A scenario covers the first; the second has a plan for its second pass.
_NOT_BY_NAME = {"self_killing_source", "growing_part_committed_not_answered"}

PLANS: dict[str, Plan] = {
    **{name: _in_worker(_upload) for name in CRASH_POINTS if name not in _NOT_BY_NAME},
    **_OTHER_PLANS,
    **CLEANED_UP,
}
"""The plan for each crash point; `self_killing_source` is not here, because a scenario covers it."""
