"""The ffmpeg of this host: is it there, can it read and write what we ask of it, and what keeps it in."""

import re

from adapters.ffmpeg.build import OPTIONAL_FILTERS, answer, build_of
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.ffmpeg.trial import try_out
from domain.model.errors import Unavailable
from domain.model.media import CompressionProfile
from entrypoints.config.settings import Settings
from entrypoints.doctor.finding import Check, Verdict, failed, ok, warning

OLDEST_TRIED = 5

_INSTALL = "Install ffmpeg: apt-get install ffmpeg (Debian's build has all that is needed)."
_VERSION = re.compile(r"ff(?:mpeg|probe) version (\S+)")
_MAJOR = re.compile(r"n?(\d+)\.")


def ffmpeg_checks(settings: Settings) -> list[Check]:
    """What a worker needs before it starts."""
    profile = settings.compression.profile
    return [
        Check("ffmpeg", look_at_programs, _INSTALL),
        Check("ffmpeg build", lambda: look_at_build(profile), _INSTALL),
        Check("ffmpeg trial", lambda: look_at_trial(profile), _INSTALL),
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


async def look_at_build(profile: CompressionProfile) -> Verdict:
    """Everything that our command lines name must be in the build, or some videos can't be processed; or none."""
    build = await build_of()
    if missing := build.missing(VIDEO_ENCODERS[profile.codec].name):
        return failed(f"this build lacks the {', the '.join(missing)}", _INSTALL)
    if lacking := build.missing_filters:
        kinds = ", ".join(sorted({OPTIONAL_FILTERS[name] for name in lacking}))
        return warning(
            f"this build lacks {', '.join(lacking)}: some videos ({kinds}) keep their original",
            "Install an ffmpeg that was built with all of its own filters and zimg (Debian's is).",
        )
    if unreadable := build.unreadable:
        return warning(f"this build reads no {', '.join(unreadable)}: such videos are refused", _INSTALL)
    return ok("every codec, format and filter that is named")


async def look_at_trial(profile: CompressionProfile) -> Verdict:
    """The very command lines of the work, on a tiny video."""
    await try_out(FFmpegTranscoder(), profile)
    return ok("a tiny video can be probed, compressed and heard")


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


async def _version(program: str) -> str:
    lines = await answer(program, "-version")
    found = _VERSION.match(lines[0]) if lines else None
    if found is None:
        raise Unavailable(f"{program} does not tell its version.", code="tool_failed")
    return found[1]
