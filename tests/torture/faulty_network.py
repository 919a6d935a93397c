"""The faulty-network scenario: calls are refused, connections are reset, and responses are lost."""

import random
import sys
import threading
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.proxy import Fault, Proxy, running_proxy
from tests.torture.clips import Clip
from tests.torture.invariants import Broken, Violation
from tests.torture.programs import Program
from tests.torture.stage import SEED, Findings, Stage
from tests.torture.victim import Victim

CLIENTS = 4
UPLOAD_TIMEOUT_S = 600.0
PER_VIDEO_S = 20.0
SETTINGS = {"TELECINE_ORPHAN_AGE_SECONDS": "1"}
_ANYTHING = "."


@dataclass(frozen=True)
class FaultRates:
    """The probability of each fault per call, and the range of pauses between cuts of all connections."""

    refused: float = 0.01
    reset: float = 0.005
    unanswered: float = 0.005
    cuts_every_s: tuple[float, float] = (3.0, 9.0)


def faulty_network(stage: Stage) -> Findings:
    """Of 1,000 uploads by `telecine upload`, 999 are completed although 1 % of the bucket's answers are 500 or 503."""
    s3_url = stage.services.s3.endpoint_url
    with (
        running_proxy(s3_url) as storage,
        stage.victim("network", endpoint_url=storage.url, settings=SETTINGS) as victim,
    ):
        findings = upload_through_faults(victim, storage, FaultRates(), stage.times(1000))
    if findings.figures["completed"] < 0.999 * findings.figures["uploads"]:
        findings.violations.append(Violation(Broken.LOST, "fewer than 99.9 % were completed"))
    return findings


def upload_through_faults(victim: Victim, storage: Proxy, rates: FaultRates, count: int) -> Findings:
    """Upload this many clips with `telecine upload`, every second one in parts, and wait until all are settled."""
    findings = Findings("faulty_network")
    with running_proxy(victim.deployment.api.url or "") as api, _faults_injected(rates, storage, api) as cuts:
        clients = _Clients(victim, api.url)
        with ThreadPoolExecutor(max_workers=CLIENTS) as pool:
            codes = list(pool.map(clients.upload, range(count)))
        victim.inspector.wait_settled(PER_VIDEO_S * count)
        hits = Counter(
            each.fault for proxy in (storage, api) for each in proxy.injected_faults for _ in range(each.hits)
        )
        findings.figures |= {
            f"injected_{fault}": hits[fault] for fault in (Fault.REFUSE, Fault.RESET, Fault.LOSE_ANSWER)
        }
        findings.figures |= {"cuts": len(cuts), "calls": storage.calls + api.calls}
    # A multipart upload is an orphan if the answer to its creation was lost.
    findings.add("orphans", len(victim.deployment.bucket.unfinished()))
    victim.deployment.run("sweep")
    findings.violations += victim.inspector.check()
    statuses = Counter(row["status"] for row in victim.deployment.rows.read("SELECT status FROM videos"))
    findings.figures |= {"uploads": count, "commands_failed": count - codes.count(0), **statuses}
    findings.violations += [Violation(Broken.LOST, failure) for failure in clients.failures]
    return findings


class _Clients:
    """Runs `telecine upload`, each time for a new file."""

    def __init__(self, victim: Victim, url: str) -> None:
        self.failures: list[str] = []
        self._victim = victim
        self._url = url
        self._folder = victim.deployment.folder / "clients"
        self._folder.mkdir()

    def upload(self, number: int) -> int:
        """Upload one file; return the command's exit code."""
        clips = self._victim.clips
        clip, strategy = (clips.large, "multipart") if number % 2 else (clips.mute, "single")
        command = Program(
            ("upload", str(self._linked(clip, number)), "--url", self._url, "--strategy", strategy, "--no-follow"),
            self._folder / f"{number}.log",
            {"TELECINE_TOKEN": self._victim.deployment.token, "XDG_STATE_HOME": str(self._folder)},
        )
        command.start()
        code = command.wait(timeout_s=UPLOAD_TIMEOUT_S)
        if code == 0:
            self._victim.accepted(command.output().split()[-1], clip)
        else:
            self.failures.append(f"{number}: {code}: {command.output()[-300:]}")
        return code

    def _linked(self, clip: Clip, number: int) -> Path:
        path = self._folder / f"{number}.mp4"
        path.hardlink_to(clip.path)
        return path


@contextmanager
def _faults_injected(rates: FaultRates, storage: Proxy, api: Proxy) -> Generator[list[float]]:
    """Inject the faults inside the block; yield the pauses in seconds between the cuts of all connections."""
    dice = random.Random(SEED)
    for status in (500, 503):
        storage.inject(_ANYTHING, Fault.REFUSE, times=sys.maxsize, chance=rates.refused / 2, dice=dice, status=status)
    for proxy in (storage, api):
        proxy.inject(_ANYTHING, Fault.RESET, times=sys.maxsize, chance=rates.reset, dice=dice)
        proxy.inject(_ANYTHING, Fault.LOSE_ANSWER, times=sys.maxsize, chance=rates.unanswered, dice=dice)
    is_over = threading.Event()
    pauses_s: list[float] = []

    def cut() -> None:
        pause_s = dice.uniform(*rates.cuts_every_s)
        while not is_over.wait(pause_s):
            pauses_s.append(pause_s)
            for proxy in (storage, api):
                proxy.cut()
                proxy.restore()
            pause_s = dice.uniform(*rates.cuts_every_s)

    with ThreadPoolExecutor(max_workers=1) as pool:
        cutting = pool.submit(cut)
        try:
            yield pauses_s
        finally:
            is_over.set()
            for proxy in (storage, api):
                proxy.injected_faults.clear()
        cutting.result()
