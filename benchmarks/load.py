"""Load from wrk, and what it cost the server."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.processes import Server, need

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("request.lua")
ID_IN_PATH = "__id__"


class Round(msgspec.Struct, frozen=True):
    """One server under load for a few seconds."""

    requests: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """CPU of the server's process for one request."""


class Report(msgspec.Struct, frozen=True):
    """What wrk says at its end."""

    requests: int
    duration_us: int
    p50_us: int
    p99_us: int
    refused: int
    broken: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A server and the request that is put to it, over and over."""

    server: Server
    path: str
    method: str = "POST"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        """Whose figures these are."""
        return self.server.name


def measured(subject: Subject, *, seconds: int, ids: Path | None = None) -> Round:
    """Load on the subject, and the CPU that it used meanwhile.

    Raises:
        RuntimeError: not every request was answered with success.
    """
    before = subject.server.cpu_s()
    report = _load(subject, seconds, ids)
    cpu_s = subject.server.cpu_s() - before
    if report.refused or report.broken or not report.requests:
        raise RuntimeError(f"{subject.name}: {report}\n{subject.server.log.read_text(encoding='utf-8')[-2000:]}")
    return Round(
        requests=report.requests,
        requests_per_s=report.requests / report.duration_us * 1e6,
        p50_ms=report.p50_us / 1000,
        p99_ms=report.p99_us / 1000,
        cpu_us=cpu_s / report.requests * 1e6,
    )


def in_turn(subjects: Sequence[Subject], *, rounds: int, seconds: int) -> dict[str, list[Round]]:
    """So many rounds of each, one after the other and again, so that what disturbs the machine disturbs all alike."""
    for subject in subjects:
        measured(subject, seconds=2)  # Caches, connections and just-in-time compilers warm up.
    results: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            results[subject.name].append(measured(subject, seconds=seconds))
    return results


def medians(rounds: Sequence[Round]) -> Round:
    """The median of each column."""
    return Round(**{name: median(getattr(each, name) for each in rounds) for name in Round.__struct_fields__})


def ratios(ours: Sequence[Round], theirs: Sequence[Round], column: str) -> list[float]:
    """Ours to theirs, of the rounds that followed one another."""
    return [getattr(our, column) / getattr(their, column) for our, their in zip(ours, theirs, strict=True)]


def _load(subject: Subject, seconds: int, ids: Path | None) -> Report:
    headers = [word for pair in subject.headers.items() for word in pair]
    argv = [
        need("wrk", "Install it: sh scripts/install-system.sh wrk"),
        *("-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)),
        *(f"{subject.server.url}{subject.path}", "--", subject.method, subject.body, str(ids or ""), *headers),
    ]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return msgspec.json.decode(said.splitlines()[-1], type=Report)
