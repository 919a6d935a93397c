"""Checks ffmpeg: installed, with the codecs and filters that are used, able to process a video, and sandboxed."""

import re

from adapters.ffmpeg.build_features import OPTIONAL_FILTERS, build_of, output_of
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.self_test import self_test
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import Unavailable
from domain.model.media.compression_profile import CompressionProfile
from entrypoints.config.settings import Settings
from entrypoints.doctor.report import Check, Verdict, failed, ok, warning

OLDEST_TESTED = 5

_INSTALL = "Install ffmpeg: apt-get install ffmpeg (Debian's build has everything that is needed)."
_VERSION = re.compile(r"ff(?:mpeg|probe) version (\S+)")
_MAJOR = re.compile(r"n?(\d+)\.")


def ffmpeg_checks(settings: Settings) -> list[Check]:
    """The checks of what a worker needs before it starts."""
    profile = settings.compression.profile
    return [
        Check("ffmpeg", check_programs, _INSTALL),
        Check("ffmpeg build", lambda: check_build(profile), _INSTALL),
        Check("ffmpeg trial", lambda: check_self_test(profile), _INSTALL),
        Check("ffmpeg sandbox", check_sandbox, "Install util-linux."),
    ]


async def check_programs() -> Verdict:
    """Check that ffmpeg and ffprobe are installed, of one version, and not too old."""
    versions = {program: await _version(program) for program in ("ffmpeg", "ffprobe")}
    observation = ", ".join(f"{program} {version}" for program, version in versions.items())
    if len(set(versions.values())) > 1:
        return warning(f"{observation}: two builds", "Put ffmpeg and ffprobe of one build first on the PATH.")
    major = _MAJOR.match(versions["ffmpeg"])
    if major is not None and int(major[1]) < OLDEST_TESTED:
        return warning(observation, f"Install ffmpeg {OLDEST_TESTED} or newer; older versions are untested.")
    return ok(observation)


async def check_build(profile: CompressionProfile) -> Verdict:
    """Check that the build has everything that our command lines use; without it, some or all videos fail."""
    build = await build_of()
    if missing := build.missing(VIDEO_ENCODERS[profile.codec].name):
        return failed(f"this build lacks the {', the '.join(missing)}", _INSTALL)
    if missing_filters := build.missing_filters:
        kinds = ", ".join(sorted({OPTIONAL_FILTERS[name] for name in missing_filters}))
        return warning(
            f"this build lacks {', '.join(missing_filters)}: some videos ({kinds}) keep their original",
            "Install an ffmpeg built with all native filters and zimg, such as Debian's.",
        )
    if unreadable := [*build.missing_formats, *build.unreadable]:
        return warning(f"this build reads no {', '.join(unreadable)}: such videos are rejected", _INSTALL)
    return ok("has every codec, format and filter that is used")


async def check_self_test(profile: CompressionProfile) -> Verdict:
    """Run the worker's command lines on a tiny video."""
    await self_test(FFmpegTranscoder(), profile)
    return ok("a tiny video was probed and compressed, and its speech extracted")


async def check_sandbox() -> Verdict:
    """Check the sandbox in which ffmpeg reads untrusted files."""
    sandbox = await FFmpegTranscoder().check()
    missing = [name for name, path in (("prlimit", sandbox.prlimit), ("setpriv", sandbox.setpriv)) if not path]
    if missing:
        return warning(
            f"{', '.join(missing)} not found: limits are missing, or ffmpeg may outlive a killed worker",
            "Install util-linux: apt-get install util-linux.",
        )
    if not sandbox.unshare:
        return warning(
            "no separate network namespace: this host does not let the user create one",
            "Allow user namespaces: in a container, see `The sandbox` in docs/deploy.md; on a host, set "
            "sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0.",
        )
    return ok("limits, no new privileges, dies with its worker, no network")


async def _version(program: str) -> str:
    lines = await output_of(program, "-version")
    found = _VERSION.match(lines[0]) if lines else None
    if found is None:
        raise Unavailable(f"{program} does not print its version.", code="tool_failed")
    return found[1]
