"""Figures, lists and defaults that pages quote are those of the code."""

import re
from pathlib import Path

import pytest
from benchmarks.__main__ import BENCHMARKS

from adapters.failpoints.catalogue import CRASH_POINTS
from adapters.ffmpeg.arguments import SPEECH_BITRATE_KBPS
from adapters.ffmpeg.encoders import KEY_FRAME_S
from adapters.ffmpeg.speech_filters import SILENCE_DB, SILENCE_S
from adapters.ffmpeg.transcoder import STALL_S
from adapters.ffmpeg.video_filters import POSTER_WIDTH
from domain.model.access.idempotency import KEY_LIFETIME_S
from domain.model.jobs.job import ERASE_MAX_ATTEMPTS
from domain.model.jobs.payloads import QUEUES
from domain.model.jobs.retry import backoff_s
from domain.model.media.acceptance import MAX_FRAME_PIXELS, MAX_FRAME_RATE, MAX_SIDE_PIXELS, MAX_STREAMS
from domain.model.media.storyboard import MAX_TILES
from domain.model.transcripts.speech_intervals import MAX_SPAN_S, TARGET_SPAN_S
from domain.use_cases.jobs.group_commit import MAX_GROUP_SIZE
from domain.use_cases.jobs.run_job import CLAIM_AGAIN_AFTER_S
from entrypoints.bootstrap.job_queue import ALONE_RESEND_S, SHARED_RESEND_S, concurrency_by_queue
from entrypoints.config.settings import Settings
from entrypoints.config.transcription import OPENAI_CONCURRENCY
from entrypoints.worker.lifespan import DRAIN_TIMEOUT_S
from tests.torture.deployment import LEASE_S
from tests.torture.media_page import introduction
from tests.torture.plans import PLANS

DOCS = Path(__file__).resolve().parents[2] / "docs"
DECISIONS = sorted((DOCS / "adr").glob("*.md"))

DEFAULTS = Settings()
JOBS, UPLOADS, TRANSCRIPTION = DEFAULTS.jobs, DEFAULTS.uploads, DEFAULTS.transcription
PROFILE = DEFAULTS.compression.profile
RETRIES_S = sum(backoff_s(attempt) for attempt in range(1, JOBS.max_attempts))
HOUR_S = 3600
SECTIONS = ["Context", "Decision", "Consequences"]

QUOTED = {
    "architecture.md": [
        f"the claim is retried every {CLAIM_AGAIN_AFTER_S:g} s",
        f"Valid for {JOBS.lease_seconds:g} s, renewed every {JOBS.renew_seconds:g} s",
        f"is retried after {backoff_s(1):g} s, doubled each time, at most an hour",
        f"| attempts | {JOBS.max_attempts}, counted at the claim",
        f"about {RETRIES_S // HOUR_S:.0f} hours and {RETRIES_S % HOUR_S // 60:.0f} minutes",
        f"A job `erase` has {ERASE_MAX_ATTEMPTS:,}",
        f"| sweep | Every {JOBS.sweep_seconds:g} s",
        f"more than {ALONE_RESEND_S / 60:g} minutes ago ({SHARED_RESEND_S / 60:g} minute with Redis or Postgres)",
        f"for at most {DRAIN_TIMEOUT_S:g} s",
        f"the reserve ({DEFAULTS.storage.disk_reserve_bytes / 1024**3:g} GiB)",
        f"at most {DEFAULTS.limits.max_video_seconds / HOUR_S:g} hours, {MAX_SIDE_PIXELS} pixels a side",
        f"{MAX_FRAME_PIXELS:,} in all, {MAX_FRAME_RATE:g} frames a second, {MAX_STREAMS} streams",
        f"(CRF {PROFILE.crf}, `{PROFILE.preset}`)",
        f"the shorter side at most {PROFILE.max_height}, at most {PROFILE.max_frame_rate:g} frames a second",
        f"a key frame every {KEY_FRAME_S} s",
        f"stereo at {PROFILE.audio_bitrate_kbps} kbit/s",
        f"after {STALL_S:g} s without progress",
        f"at most {POSTER_WIDTH} pixels wide",
        f"at most {MAX_TILES} thumbnails",
        f"{SPEECH_BITRATE_KBPS} kbit/s, as long as the video",
        f"silences of {SILENCE_S:g} s or more",
        f"about {TARGET_SPAN_S:g} s and at most {MAX_SPAN_S:g} s",
        f"at most {TRANSCRIPTION.max_transcription_minutes} minutes of sound, {OPENAI_CONCURRENCY} chunks at once",
        f"without a sign of life from the client for {UPLOADS.abandoned_upload_seconds / HOUR_S:g} hours",
        f"every {DEFAULTS.maintenance.clean_up_seconds / 60:g} minutes",
        f"idempotency keys older than {KEY_LIFETIME_S / HOUR_S:g} hours",
    ],
    "reliability.md": [
        f"sweep and resending to {LEASE_S:g}, 0.75, 0.5 and 2 seconds",
        f"the defaults are {JOBS.lease_seconds:g}, {JOBS.renew_seconds:g}, {JOBS.sweep_seconds:g}",
        f"and {SHARED_RESEND_S:g} ({ALONE_RESEND_S:g} for resending",
    ],
    "adr/0002-the-jobs-table-is-the-truth.md": [
        f"a lease of {JOBS.lease_seconds:g} s",
        f"the lease every {JOBS.renew_seconds:g} s",
        f"A sweep, every {JOBS.sweep_seconds:g} s",
        f"{ALONE_RESEND_S / 60:g} minutes with SQLite",
    ],
    "adr/0004-a-folder-plays-the-bucket.md": [f"{UPLOADS.max_upload_bytes / 1024**3:g} GiB at most by default"],
    "adr/0005-cues-get-their-times-from-the-speech.md": [
        f"A silence is now {SILENCE_S:g} s or more below \N{MINUS SIGN}{-SILENCE_DB} dB"
    ],
    "adr/0006-attempts-are-charged-at-the-claim.md": [
        f"`job_max_attempts` is {JOBS.max_attempts} by default",
        f"waits of {RETRIES_S:,.0f} s in total",
        f"An erase job has {ERASE_MAX_ATTEMPTS:,} attempts",
    ],
    "adr/0008-new-videos-share-a-commit.md": [f"at most {MAX_GROUP_SIZE},"],
    "adr/0009-who-may-think-itself-alone.md": [
        f"sent again after {SHARED_RESEND_S:g} s, not {ALONE_RESEND_S / 60:g} minutes"
    ],
    "adr/0011-an-idempotency-key-commits-with-its-video.md": [f"keys after {KEY_LIFETIME_S / HOUR_S:g} hours"],
}


def page(name: str) -> str:
    """The text of a page, with every run of white space replaced by one space."""
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def table_after(name: str, header: str) -> list[list[str]]:
    """The cells of the table whose header row begins like this."""
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(header)) + 2
    rows: list[list[str]] = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize(("name", "phrase"), [(name, phrase) for name, phrases in QUOTED.items() for phrase in phrases])
def test_a_page_quotes_the_value_of_the_code(name: str, phrase: str) -> None:
    """A default or a limit that changes has to change on the page as well."""
    assert phrase in page(name)


def test_the_table_of_job_kinds_is_complete() -> None:
    """Each kind with its queue, and how many of them one worker runs at once by default."""
    concurrency = concurrency_by_queue(DEFAULTS.job_queue)
    assert [row[:3] for row in table_after("architecture.md", "| kind | queue |")] == [
        [f"`{kind}`", f"`{queue}`", str(concurrency[queue])] for kind, queue in QUEUES.items()
    ]


def test_the_number_of_worker_threads_is_the_sum_of_the_queues() -> None:
    """One thread for each job that may run at once, and two consumers for each queue."""
    concurrency = concurrency_by_queue(DEFAULTS.job_queue)
    text = page("architecture.md")
    assert f"| {sum(concurrency.values())} worker threads |" in text
    assert f"| {2 * len(concurrency)} consumer threads |" in text


def test_every_crash_point_is_described_once() -> None:
    """And nothing else is: each name on the page can be given to `TELECINE_CRASH_AT`."""
    rows = table_after("reliability.md", "| crash point |")
    described = [name for row in rows for name in re.findall(r"`([\w:]+)`", row[0])]
    assert sorted(described) == sorted({*CRASH_POINTS, *PLANS})


def test_the_page_of_inputs_begins_with_the_limits_of_the_code() -> None:
    """The rest of it is the result of a run."""
    assert (DOCS / "media.md").read_text(encoding="utf-8").startswith(introduction())


def test_the_benchmarks_that_the_page_names_exist() -> None:
    """`just bench NAME` runs what the page says."""
    commands = re.findall(r"^just bench([^#\n]*)", (DOCS / "performance.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {word for command in commands for word in command.split() if not word.startswith("--")}
    assert len(commands) > 1
    assert named <= set(BENCHMARKS)


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_has_the_shape_of_a_decision(path: Path) -> None:
    """It has a number, a date, a status, its context and its consequences."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: (?:accepted|superseded)", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


def test_the_decisions_are_numbered_without_a_gap() -> None:
    """A superseded decision keeps its page, which names its successor."""
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
