"""The media scenario: the whole corpus, and hundreds of randomly damaged files, through the real tools."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.media.canary import Canary, watched_canary
from tests.media.corpus import CORPUS, made
from tests.media.expected import Input
from tests.media.mutations import foreign_files, good_files, mutants
from tests.media.passage import Bench, Passage
from tests.torture.invariants import Broken, Violation
from tests.torture.media_page import Row, Seen, media_page
from tests.torture.stage import SEED, Findings, Stage

MUTATIONS = 1200
MIB = 1024**2


def media(stage: Stage) -> Findings:
    """Every input has the outcome of its row; none exceeds a limit, opens the canary or leaves anything behind."""
    folder = stage.folder / "media"
    folder.mkdir()
    good, foreign = good_files(folder / "good"), foreign_files(folder / "foreign")
    corpus = CORPUS[: stage.times(len(CORPUS))]
    with watched_canary(folder) as canary:
        return asyncio.run(Examination(folder, canary).findings(corpus, good, stage.times(MUTATIONS), foreign))


@dataclass
class Examination:
    """Processes inputs one at a time, and records violations."""

    folder: Path
    canary: Canary
    rows: list[Row] = field(default_factory=list[Row])
    mutated: list[Passage] = field(default_factory=list[Passage])
    violations: list[Violation] = field(default_factory=list[Violation])
    largest: tuple[int, str] = (0, "")

    async def findings(
        self, corpus: Sequence[Input], good: Sequence[Path], mutations: int, foreign: Sequence[Path] = ()
    ) -> Findings:
        """Process the corpus, then this many damaged files, then the good files, which must still be accepted.

        `foreign` are files that are damaged too, but that no decoder accepts when they are intact.
        """
        bench = Bench(self.folder, self.canary, is_measured=True)
        for each in corpus:
            await self._pass(bench, each)
        for damage, path in mutants([*good, *foreign], self.folder, mutations, SEED):
            await self._pass_mutant(bench, damage, path)
        for path in good:
            await self._pass_good(bench, path)
        seen = self._seen()
        figures = {"inputs": len(self.rows), "mutations": len(self.mutated), **seen.figures()}
        return Findings("media", figures, self.violations, {"media.md": media_page(self.rows, seen, len(good))})

    async def _pass(self, bench: Bench, each: Input) -> None:
        source = await asyncio.to_thread(made, each, self.folder / "inputs", self.canary.bait)
        passage = await bench.pass_through(source)
        self.rows.append(Row(each, passage))
        self._record(each.name, passage)
        if passage.outcome != each.expected:
            self._note(f"{each.name}: {passage.outcome.summary} for {each.expected.summary}")

    async def _pass_mutant(self, bench: Bench, damage: str, path: Path) -> None:
        passage = await bench.pass_through(path)
        self.mutated.append(passage)
        self._record(f"a {path.suffix} with {damage.replace('_', ' ')}", passage)

    async def _pass_good(self, bench: Bench, path: Path) -> None:
        """After the hostile files, good videos are accepted as before."""
        passage = await bench.pass_through(path)
        if passage.outcome.status != "completed":
            self._note(f"a good {path.suffix} came out as {passage.outcome.summary}")

    def _record(self, name: str, passage: Passage) -> None:
        self.largest = max(self.largest, (passage.peak_memory_bytes, name))
        for wrong in passage.violations:
            self._note(f"{name}: {wrong}")

    def _note(self, detail: str) -> None:
        self.violations.append(Violation(Broken.NOT_HELD, detail))

    def _seen(self) -> Seen:
        passages = [*(row.passage for row in self.rows), *self.mutated]
        return Seen(
            mutations=len(self.mutated),
            outcomes=dict(Counter(passage.outcome.summary for passage in self.mutated).most_common()),
            deaths=sum(passage.deaths for passage in passages),
            largest_memory_mib=self.largest[0] / MIB,
            largest_of=self.largest[1],
            longest_wall_s=max(passage.wall_s for passage in passages),
            opens=self.canary.opens,
            connections=self.canary.connections,
            violations=len(self.violations),
        )
