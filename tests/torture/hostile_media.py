"""The media scenario: the whole corpus, and hundreds of randomly damaged files, through each supported ffmpeg."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.media.canary import Canary, watched_canary
from tests.media.corpus import CORPUS, made
from tests.media.expected import Input
from tests.media.flashes import KINDS, Maker
from tests.media.installations import Installation, Missing, installed, other_suites, unpacked
from tests.media.mutations import foreign_files, good_files, mutants
from tests.media.passage import Bench, Passage
from tests.torture.invariants import Broken, Violation
from tests.torture.media_figures import Seen
from tests.torture.media_page import Row, media_page
from tests.torture.stage import SEED, Findings, Stage
from tests.torture.sync import LARGEST_CHANGE_MS, sync_rows, sync_section

MUTATIONS = 600


def media(stage: Stage) -> Findings:
    """Every input has the outcome of its row; none exceeds a limit, opens the canary or leaves anything behind."""
    folder = stage.folder / "media"
    folder.mkdir()
    good, foreign = good_files(folder / "good"), foreign_files(folder / "foreign")
    corpus = CORPUS[: stage.times(len(CORPUS))]
    installations, missing = _installations()
    with watched_canary(folder) as canary:
        examination = Examination(folder, canary, installations, violations=missing)
        return asyncio.run(examination.findings(corpus, good, stage.times(MUTATIONS), foreign))


def _installations() -> tuple[list[Installation], list[Violation]]:
    """Every supported ffmpeg, the oldest first, and those that cannot be unpacked here."""
    own, missing = installed(), list[Violation]()
    found = [own]
    for suite in other_suites(own):
        try:
            found.append(unpacked(suite))
        except Missing as error:
            missing.append(Violation(Broken.NOT_HELD, str(error)))
    return sorted(found, key=lambda each: [int(part) for part in each.release.split(".") if part.isdecimal()]), missing


@dataclass
class Examination:
    """Processes inputs with each ffmpeg, and records violations. This system's ffmpeg makes the inputs."""

    folder: Path
    canary: Canary
    installations: Sequence[Installation]
    rows: list[Row] = field(default_factory=list[Row])
    seen: list[Seen] = field(default_factory=list[Seen])
    violations: list[Violation] = field(default_factory=list[Violation])
    kinds: Mapping[str, tuple[str, Maker]] = field(default_factory=lambda: KINDS)

    async def findings(
        self, corpus: Sequence[Input], good: Sequence[Path], mutations: int, foreign: Sequence[Path] = ()
    ) -> Findings:
        """Process the corpus, then this many damaged files, then the good files, which must still be accepted.

        Every ffmpeg processes the corpus and the good files. The damaged files are divided among them.

        `foreign` are files that are damaged too, but that no decoder accepts when they are intact.
        """
        self.seen = [Seen(each.version) for each in self.installations]
        benches = [
            Bench(self.folder, self.canary, is_measured=True, ffmpeg=each.ffmpeg, ffprobe=each.ffprobe)
            for each in self.installations
        ]
        for each in corpus:
            await self._pass(benches, each)
        for number, (damage, path) in enumerate(mutants([*good, *foreign], self.folder, mutations, SEED)):
            turn = number % len(benches)
            await self._pass_mutant(self.seen[turn], benches[turn], damage, path)
        for path in good:
            await self._pass_good(benches, path)
        sync = await self._sync()
        figures = {"inputs": len(self.rows), "mutations": mutations}
        figures |= {
            f"{name} on {seen.version}": figure for seen in self.seen for name, figure in seen.figures().items()
        }
        page = media_page(self.rows, self.seen, len(good)) + sync
        return Findings("media", figures, self.violations, {"media.md": page})

    async def _sync(self) -> str:
        """Measure the sync of each kind of file, and return the section of the page."""
        rows = await sync_rows(self.folder / "sync", self.installations, self.kinds)
        for row in rows:
            for seen, change_ms in zip(self.seen, row.changes_ms(), strict=True):
                if change_ms > LARGEST_CHANGE_MS:
                    self._note(seen, f"{row.name}: sound and picture moved apart by {change_ms:.0f} ms")
        return sync_section(rows, [seen.version for seen in self.seen])

    async def _pass(self, benches: Sequence[Bench], each: Input) -> None:
        source = await asyncio.to_thread(made, each, self.folder / "inputs", self.canary.bait)
        passages = [await bench.pass_through(source) for bench in benches]
        self.rows.append(Row(each, tuple(passages)))
        for seen, passage in zip(self.seen, passages, strict=True):
            self._record(seen, each.name, passage)
            seen.compare(each, passage.outcome)
            if passage.outcome != each.expected:
                self._note(seen, f"{each.name}: {passage.outcome.summary} for {each.expected.summary}")

    async def _pass_mutant(self, seen: Seen, bench: Bench, damage: str, path: Path) -> None:
        passage = await bench.pass_through(path)
        seen.mutated.append(passage)
        self._record(seen, f"a {path.suffix} with {damage.replace('_', ' ')}", passage)

    async def _pass_good(self, benches: Sequence[Bench], path: Path) -> None:
        """After the hostile files, good videos are accepted as before."""
        for seen, bench in zip(self.seen, benches, strict=True):
            passage = await bench.pass_through(path)
            if passage.outcome.status != "completed":
                self._note(seen, f"a good {path.suffix} came out as {passage.outcome.summary}")

    def _record(self, seen: Seen, name: str, passage: Passage) -> None:
        seen.add(name, passage)
        for wrong in passage.violations:
            self._note(seen, f"{name}: {wrong}")

    def _note(self, seen: Seen, detail: str) -> None:
        seen.violations += 1
        self.violations.append(Violation(Broken.NOT_HELD, f"ffmpeg {seen.version}: {detail}"))
