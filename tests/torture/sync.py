"""Measures whether flashes and tones stay together when a video is compressed, with each ffmpeg."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from entrypoints.config.compression import CompressionSettings
from tests.media.flashes import KINDS, Maker, offsets_ms
from tests.media.installations import Installation

# More than one frame at 30 fps.
LARGEST_CHANGE_MS = 35.0


@dataclass(frozen=True, slots=True)
class SyncRow:
    """A kind of file: by how many milliseconds each tone follows its flash, before and after with each ffmpeg."""

    name: str
    oddity: str
    before_ms: list[float]
    after_ms: tuple[list[float], ...]

    def changes_ms(self) -> list[float]:
        """The largest change with each ffmpeg; infinite if a flash or a tone is lost."""
        return [self._change_ms(after_ms) for after_ms in self.after_ms]

    def _change_ms(self, after_ms: list[float]) -> float:
        if not self.before_ms or len(after_ms) != len(self.before_ms):
            return float("inf")
        return max(abs(after - before) for before, after in zip(self.before_ms, after_ms, strict=True))


async def sync_rows(
    folder: Path, installations: Sequence[Installation], kinds: Mapping[str, tuple[str, Maker]] = KINDS
) -> list[SyncRow]:
    """Make each kind of file, compress it with each ffmpeg as a worker does, and measure both."""
    await asyncio.to_thread(folder.mkdir)
    return [await _row(folder, installations, name, oddity, maker) for name, (oddity, maker) in kinds.items()]


async def _row(folder: Path, installations: Sequence[Installation], name: str, oddity: str, maker: Maker) -> SyncRow:
    source = await asyncio.to_thread(maker, folder / name)
    after_ms = [await asyncio.to_thread(offsets_ms, await _compressed(source, each)) for each in installations]
    return SyncRow(name, oddity, await asyncio.to_thread(offsets_ms, source), tuple(after_ms))


async def _compressed(source: Path, installation: Installation) -> Path:
    transcoder = FFmpegTranscoder(ffmpeg=installation.ffmpeg, ffprobe=installation.ffprobe)
    target = source.with_name(f"{source.name}-{installation.version}.mp4")
    media = await transcoder.probe(source)
    profile = CompressionSettings().profile
    await transcoder.compress(source, target, media=media, profile=profile, on_progress=lambda _percent: None)
    return target


def sync_section(rows: Sequence[SyncRow], versions: Iterable[str]) -> str:
    """The section of docs/media.md."""
    heads = [f"after, {version}" for version in versions]
    lines = [
        "",
        "## Sync",
        "",
        "Each file flashes once a second while a tone sounds. A figure says by how many milliseconds the tones follow",
        "the flashes (the earliest and the latest, if they differ), before and after compression.",
        "",
        f"| file | what is special | before | {' | '.join(heads)} |",
        f"|---|---|---:|{'---:|' * len(heads)}",
        *(f"| {row.name} | {row.oddity} | {' | '.join(_cells(row))} |" for row in rows),
    ]
    return "\n".join([*lines, ""])


def _cells(row: SyncRow) -> list[str]:
    return [_offsets(each, len(row.before_ms)) for each in (row.before_ms, *row.after_ms)]


def _offsets(offsets: list[float], flashes: int) -> str:
    bounds = dict.fromkeys(round(bound) + 0 for bound in (min(offsets, default=0), max(offsets, default=0)))
    missing = "" if len(offsets) == flashes else f" ({len(offsets)} of {flashes})"
    return " to ".join(map(str, bounds)) + missing
