"""The ffmpeg of this host: is it there, can it read and write what we ask of it, and what keeps it in."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.ffmpeg.arguments import AUDIO_CODECS, DECODERS, FORMATS, VIDEO_CODECS
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.programs.program import Watch, run
from domain.model.errors import Unavailable
from entrypoints.doctor.finding import Check, Verdict, failed, ok, warning

# What our command lines name; without one of these no video can be processed.
ENCODERS = frozenset({"libx264", "aac", "libopus", "mjpeg", "pcm_s16le"})
MUXERS = frozenset({"mp4", "mjpeg", "ogg", "wav", "null"})
FILTERS = frozenset({"scale", "fps", "format", "thumbnail", "aresample", "aformat", "apad", "atrim", "silencedetect"})
HDR_FILTERS = frozenset({"zscale", "tonemap"})
OLDEST_TRIED = 5

_INSTALL = "Install ffmpeg: apt-get install ffmpeg (Debian's build has all that is needed)."
_ANSWER_S = 8.0
_VERSION = re.compile(r"ff(?:mpeg|probe) version (\S+)")
_MAJOR = re.compile(r"n?(\d+)\.")
# Flags, name, description, and in brackets the decoders where they are several or of another name.
_CODEC = re.compile(r" D[.E]\S{4} (\S+) .*?(?:\(decoders: ([^)]+)\).*)?")
# Flags and name begin the lines of all other listings.
_LISTED = re.compile(r" *[A-Z.|]+ +(\S+)")


def ffmpeg_checks() -> list[Check]:
    """What needs no settings."""
    return [
        Check("ffmpeg", look_at_programs, _INSTALL),
        Check("ffmpeg writes", look_at_encoders, _INSTALL),
        Check("ffmpeg reads", look_at_decoders, _INSTALL),
        Check("ffmpeg sandbox", look_at_sandbox, "Install util-linux."),
    ]


async def look_at_programs() -> Verdict:
    """Both programs, of one version."""
    versions = {program: await _version(program) for program in ("ffmpeg", "ffprobe")}
    seen = ", ".join(f"{program} {version}" for program, version in versions.items())
    if len(set(versions.values())) > 1:
        return warning(f"{seen}: two builds", "Have ffmpeg and ffprobe of one build first on the PATH.")
    major = _MAJOR.match(versions["ffmpeg"])
    if major is not None and int(major[1]) < OLDEST_TRIED:
        return warning(seen, f"Install ffmpeg {OLDEST_TRIED} or newer: older ones were never tried.")
    return ok(seen)


async def look_at_encoders() -> Verdict:
    """Everything that our command lines name must be in the build."""
    listings = {"encoders": ENCODERS, "muxers": MUXERS, "filters": FILTERS}
    missing = [f"{name} ({kind})" for kind, names in listings.items() for name in sorted(names - await _listed(kind))]
    if missing:
        return failed(f"this build lacks {', '.join(missing)}", _INSTALL)
    if lacking := HDR_FILTERS - await _listed("filters"):
        return warning(
            f"this build lacks {', '.join(sorted(lacking))}: HDR videos keep their original",
            "Install an ffmpeg that was built with zimg (Debian's is).",
        )
    return ok(f"{', '.join(sorted(ENCODERS))}, and every filter")


async def look_at_decoders() -> Verdict:
    """Of the allow-lists; what a build can't read is refused as `unsupported_codec`."""
    absent_formats = set(FORMATS) - await _listed("demuxers")
    if absent_formats:
        return failed(f"this build lacks the demuxers {', '.join(sorted(absent_formats))}", _INSTALL)
    codecs = VIDEO_CODECS | AUDIO_CODECS
    unreadable = codecs - readable_codecs(await _lines("codecs"))
    if unreadable:
        return warning(
            f"this build reads no {', '.join(sorted(unreadable))}: such videos are refused",
            _INSTALL,
        )
    return ok(f"all {len(codecs)} codecs and {len(FORMATS)} formats of the allow-lists")


async def look_at_sandbox() -> Verdict:
    """What encloses a file from a stranger while ffmpeg reads it."""
    sandbox = await FFmpegTranscoder().check()
    lacking = [name for name, path in (("prlimit", sandbox.prlimit), ("setpriv", sandbox.setpriv)) if not path]
    if lacking:
        return warning(
            f"{', '.join(lacking)} not found: limits are missing, or ffmpeg may outlive a killed worker",
            "Install util-linux: apt-get install util-linux.",
        )
    if not sandbox.unshare:
        return warning(
            "no network namespace of its own: this host does not let the user make one",
            "Allow user namespaces: in a container as docs/deploy.md says under `The sandbox`; on a host by "
            "sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0.",
        )
    return ok("limits, no new privileges, dies with its worker, no network")


def readable_codecs(lines: Iterable[str]) -> set[str]:
    """The codecs whose decoder, the first that ffmpeg would take, is on the allow-list."""
    matches = (_CODEC.fullmatch(line) for line in lines)
    return {match[1] for match in matches if match is not None and (match[2] or match[1]).split()[0] in DECODERS}


async def _version(program: str) -> str:
    lines = await _answer(program, "-version")
    found = _VERSION.match(lines[0]) if lines else None
    if found is None:
        raise Unavailable(f"{program} does not tell its version.", code="tool_failed")
    return found[1]


async def _listed(kind: str) -> set[str]:
    """The names in one of ffmpeg's listings; a demuxer may have several."""
    return set(_names(await _lines(kind)))


def _names(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if found := _LISTED.match(line):
            yield from found[1].split(",")


async def _lines(kind: str) -> list[str]:
    return await _answer("ffmpeg", "-hide_banner", f"-{kind}")


async def _answer(program: str, *arguments: str) -> list[str]:
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed.", code="tool_missing", retryable=False)
    lines: list[str] = []
    watch = Watch(wall_s=_ANSWER_S)
    outcome = await run([path, *arguments], folder=Path(tempfile.gettempdir()), watch=watch, on_output=lines.append)
    if outcome.exit_code != 0:
        raise Unavailable(f"{program} ended with exit code {outcome.exit_code}.", code="tool_failed")
    return lines
