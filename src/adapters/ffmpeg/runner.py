"""Runs ffmpeg and ffprobe in the sandbox, and separates their own failures from errors in a file."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from adapters.ffmpeg import arguments, probe_arguments
from adapters.ffmpeg.aspect_changes import AspectChanges, NumberedAspects
from adapters.ffmpeg.edit_lists import Edits, edits_of
from adapters.ffmpeg.errors import RefusedDecoders, check_probed, check_ran
from adapters.ffmpeg.first_sound import FirstSound
from adapters.ffmpeg.input_arguments import named_files
from adapters.ffmpeg.packet_survey import SurveyParser
from adapters.ffmpeg.peak_levels import PeakLevels
from adapters.ffmpeg.probe import Report, parse_report
from adapters.ffmpeg.probe_arguments import LISTED_PACKETS, PROBED_PACKETS
from adapters.ffmpeg.progress import Progress
from adapters.ffmpeg.report_lines import ReportLines
from adapters.sandbox.limits import Access, Allowance, Sandbox
from adapters.sandbox.outputs import Outputs
from adapters.sandbox.pipes import ERROR_TAIL_CHARACTERS, OnErrorLine, OnLine
from adapters.sandbox.process import EndReason, Outcome, RunLimits
from adapters.sandbox.redaction import redact_for_log
from domain.model.errors import Unavailable
from domain.model.media.packet_survey import PacketSurvey

PROBE_WALL_S = 120.0
SURVEY_WALL_S = 600.0
# ffprobe is run again until it may initialise the decoders of all streams, or more than this number of other decoders.
MAX_INITIALISED = 16

_ESTIMATED = "Estimating duration from bitrate"

_logger = structlog.get_logger("telecine.ffmpeg")

_PROBE_ALLOWANCE = Allowance(PROBE_WALL_S, output_bytes=1024**2, threads=1)
_SURVEY_ALLOWANCE = Allowance(SURVEY_WALL_S, output_bytes=1024**2, threads=1)


class Runner:
    """Runs ffmpeg and ffprobe, each call in a separate sandboxed process."""

    def __init__(self, *, ffmpeg: str, ffprobe: str, stall_s: float) -> None:
        self._ffmpeg = ffmpeg
        self._ffprobe = ffprobe
        self._stall_s = stall_s
        self._sandbox: Sandbox | None = None

    def check(self) -> None:
        """Check that both programs are installed.

        Raises:
            Unavailable: `tool_missing`.
        """
        for program in (self._ffmpeg, self._ffprobe):
            _installed(program)

    async def sandbox(self) -> Sandbox:
        """The sandbox that this host supports; it is detected once."""
        if self._sandbox is None:
            self._sandbox = await Sandbox.detect()
        return self._sandbox

    async def report(self, path: Path) -> Report:
        """What ffprobe reports about a file.

        Raises:
            MediaRejected: the container is not supported, or cannot be read.
            Unavailable: ffprobe could not be run.
        """
        report = ReportLines()
        argv = probe_arguments.probing(path, packets=LISTED_PACKETS)
        outcome = await self._ffprobe_once_allowed(path, argv, _PROBE_ALLOWANCE, on_output=report)
        is_whole = outcome.is_success and report.is_complete and len(outcome.error_tail) < ERROR_TAIL_CHARACTERS
        if is_whole:
            check_probed(outcome)
        else:  # A damaged packet may end the run, or fill the log: what the container says must not depend on it.
            argv = probe_arguments.probing(path, packets=PROBED_PACKETS)
            outcome = await self._run_ffprobe(path, argv, on_output=report)
        return parse_report(
            report.text,
            is_duration_estimated=_ESTIMATED in outcome.error_tail,
            listed_packets=LISTED_PACKETS if is_whole else 0,
        )

    async def has_packets(self, path: Path, *, index: int) -> bool:
        """Whether a stream has any packet; a file is read to its end only if it has none.

        Raises:
            MediaRejected: the file cannot be read.
            Unavailable: ffprobe could not be run.
        """
        lines: list[str] = []
        await self._run_ffprobe(path, probe_arguments.reading_first_packet(path, index=index), on_output=lines.append)
        return any(line.strip() for line in lines)

    async def first_sound(self, path: Path, *, index: int, ignores_edits: bool = False) -> FirstSound | None:
        """The first decoded frames of an audio track; None if the track could not be decoded within the time limit.

        Raises:
            Unavailable: ffmpeg could not be run.
        """
        first = FirstSound()
        decoding = arguments.decoding_first_sound(path, index=index, ignores_edits=ignores_edits)
        argv = [_installed(self._ffmpeg), *decoding]
        outcome = await self._run(argv, path, _PROBE_ALLOWANCE, RunLimits(PROBE_WALL_S), on_output=first)
        check_ran(outcome)
        return first if outcome.ended_by is EndReason.ITSELF else None

    async def audible_tracks(self, path: Path, indexes: Sequence[int]) -> set[int] | None:
        """Which of these audio tracks are not silent throughout; None if they could not be decoded in time.

        Raises:
            Unavailable: ffmpeg could not be run.
        """
        levels = PeakLevels()
        argv = [_installed(self._ffmpeg), *arguments.measuring_peaks(path, indexes)]
        limits = RunLimits(_SURVEY_ALLOWANCE.wall_s)
        outcome = await self._run(argv, path, _SURVEY_ALLOWANCE, limits, on_output=_ignore, on_error=levels)
        check_ran(outcome)
        return levels.audible if outcome.is_success else None

    async def survey(self, path: Path, report: Report) -> PacketSurvey:
        """What the packets of a file say; it is incomplete if ffprobe crashed or exceeded its time limit.

        Raises:
            Unavailable: ffprobe could not be run.
        """
        size_bytes = await asyncio.to_thread(lambda: path.stat().st_size)
        edits = await asyncio.to_thread(edits_of, path) if report.container == "mov" else Edits.NONE
        parser = SurveyParser(report.container, size_bytes, played=report.played, passive=report.passive, edits=edits)
        if report.lists_all_packets and edits is not Edits.FALSE:
            for listed in report.packets:
                parser.add(listed.packet)
            return await asyncio.to_thread(parser.survey, path, is_complete=True)
        listing = probe_arguments.surveying(path, ignores_edits=edits is Edits.FALSE)
        outcome = await self._ffprobe_once_allowed(path, listing, _SURVEY_ALLOWANCE, on_output=parser)
        _check_ran(outcome, self._ffprobe, "survey")
        # ffprobe also exits with an error code after a file that is damaged at its end; the packets before it count.
        is_complete = outcome.ended_by is EndReason.ITSELF and outcome.exit_code >= 0
        return await asyncio.to_thread(parser.survey, path, is_complete=is_complete)

    async def aspect_changes(self, path: Path, *, index: int, is_coarse: bool, allowance: Allowance) -> NumberedAspects:
        """The frames of a track at which the pixel aspect changes; if coarse, only the key frames are read.

        Raises:
            MediaRejected: the file cannot be read.
            Unavailable: ffprobe could not be run.
        """
        changes = AspectChanges()
        argv = probe_arguments.reading_aspects(path, index=index, threads=allowance.threads, is_coarse=is_coarse)
        await self._run_ffprobe(path, argv, on_output=changes, allowance=allowance)
        return changes.changes

    async def run_ffmpeg(
        self,
        ffmpeg_arguments: list[str],
        target: Path,
        allowance: Allowance,
        progress: Progress,
        *,
        on_error: OnErrorLine | None = None,
        reports_progress: bool = True,
    ) -> Outcome:
        """Run ffmpeg in the target's folder; stop it when neither its time nor its output advances.

        It may read its inputs and fill its outputs, which are the files that its arguments name. A run that writes
        nothing before its end reports no progress; only its wall clock limits it.

        Raises:
            Unavailable: ffmpeg could not be run, or an output could not be created.
            CompressionFailed: an output is not the file that was created for it, or not of its format.
        """
        limits = RunLimits(allowance.wall_s)
        if reports_progress:
            limits = RunLimits(allowance.wall_s, self._stall_s, _progress_marker(progress, target))
        argv = [_installed(self._ffmpeg), *ffmpeg_arguments]
        reads, fills = named_files(ffmpeg_arguments)
        outputs = await asyncio.to_thread(Outputs.created, fills)
        access = Access(reads, tuple(fills))
        outcome = await self._started(
            argv, target.parent, allowance, access, limits, on_output=progress, on_error=on_error
        )
        await asyncio.to_thread(outputs.check)
        _check_ran(outcome, self._ffmpeg, target.name)
        if outcome.is_success:
            await asyncio.to_thread(outputs.check_formats, fills)
        return outcome

    async def _run_ffprobe(
        self, path: Path, ffprobe_arguments: list[str], *, on_output: OnLine, allowance: Allowance = _PROBE_ALLOWANCE
    ) -> Outcome:
        outcome = await self._ffprobe_once_allowed(path, ffprobe_arguments, allowance, on_output=on_output)
        _check_ran(outcome, self._ffprobe, "report")
        check_probed(outcome)
        return outcome

    async def _ffprobe_once_allowed(
        self, path: Path, ffprobe_arguments: list[str], allowance: Allowance, *, on_output: OnLine
    ) -> Outcome:
        """Run ffprobe, again if it refused the decoders of streams that may lie beside picture and sound."""
        refused, opened = RefusedDecoders(), frozenset[str]()
        while True:
            argv = [_installed(self._ffprobe), *ffprobe_arguments, *_also_initialising(opened)]
            limits = RunLimits(allowance.wall_s)
            outcome = await self._run(argv, path, allowance, limits, on_output=on_output, on_error=refused)
            if outcome.is_success or refused.names <= opened or len(opened) > MAX_INITIALISED:
                return outcome
            opened = refused.names

    async def _run(
        self,
        argv: list[str],
        source: Path,
        allowance: Allowance,
        limits: RunLimits,
        *,
        on_output: OnLine,
        on_error: OnErrorLine | None = None,
    ) -> Outcome:
        """Run a program that reads one file, in its folder, and writes none."""
        access = Access(reads=(source,))
        return await self._started(
            argv, source.parent, allowance, access, limits, on_output=on_output, on_error=on_error
        )

    async def _started(
        self,
        argv: list[str],
        folder: Path,
        allowance: Allowance,
        access: Access,
        limits: RunLimits,
        *,
        on_output: OnLine,
        on_error: OnErrorLine | None,
    ) -> Outcome:
        sandbox = await self.sandbox()
        try:
            return await sandbox.run(
                argv, allowance, access, folder=folder, limits=limits, on_output=on_output, on_error=on_error
            )
        except OSError as error:
            raise Unavailable(f"{Path(argv[0]).name} could not be started: {error.strerror}.") from error


def _ignore(_line: str) -> None:
    """Take a line of an output that is not used."""


def _also_initialising(decoders: frozenset[str]) -> list[str]:
    return probe_arguments.also_initialising(decoders) if decoders else []


def _check_ran(outcome: Outcome, program: str, target: str) -> None:
    """Raise the error of a failed run. All of its lines are logged for the operator; the client gets only one."""
    if not outcome.is_success:
        _logger.warning(
            "ffmpeg_failed",
            program=Path(program).name,
            target=target,
            exit_code=outcome.exit_code,
            ended_by=outcome.ended_by.value,
            peak_memory_bytes=outcome.peak_memory_bytes,
            stderr=redact_for_log(outcome.error_tail),
        )
    check_ran(outcome)


def _installed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{Path(program).name} is not installed.", code="tool_missing", retryable=False)
    return path


def _progress_marker(progress: Progress, target: Path) -> Callable[[], tuple[int, int]]:
    """Changes with ffmpeg's time or the target: while it moves a large MP4's index, only the target changes."""

    def marker() -> tuple[int, int]:
        written_at_ns = 0
        with suppress(OSError):  # It does not exist, or no longer.
            written_at_ns = target.lstat().st_mtime_ns
        return progress.out_time_us, written_at_ns

    return marker
