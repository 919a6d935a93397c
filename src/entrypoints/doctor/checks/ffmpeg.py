"""Checks ffmpeg: installed, with the codecs and filters that are used, able to process a video, and sandboxed."""

from adapters.ffmpeg.build_features import OPTIONAL_FILTERS, build_of
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.known_versions import OLDEST, TESTED, Support, known_version, version_of
from adapters.ffmpeg.self_test import self_test
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.media.compression_profile import CompressionProfile
from entrypoints.config.settings import Settings
from entrypoints.doctor.report import Check, Verdict, failed, ok, warning

# The self-test runs more than a dozen processes, which takes a second or two on an idle machine.
SELF_TEST_LIMIT_S = 60.0

_OTHER_VERSION = (
    f"Install ffmpeg {OLDEST[0]}.{OLDEST[1]} or newer; tested are "
    f"{', '.join(f'{major}.{minor}' for major, minor in sorted(TESTED))}."
)
_LAYERS = {
    "limits": "no limits on memory, processor time and output",
    "dies_with_worker": "it may outlive a killed worker",
    "no_foreign_files": "it can read and write the files of this user (Landlock is off)",
    "no_network": "it can open connections (seccomp is off)",
    "no_processes": "it can start programs and send signals (seccomp is off)",
}
_INSTALL = "Install ffmpeg: apt-get install ffmpeg (Debian's build has everything that is needed)."
_MEANING = {
    Support.TESTED: "a tested version",
    Support.SUPPORTED: "a supported version, between or beside those that are tested",
    Support.DEVELOPMENT: "a development build, of which nothing is known",
    Support.TOO_OLD: "too old",
    Support.TOO_NEW: "newer than any version that is tested",
}


def ffmpeg_checks(settings: Settings) -> list[Check]:
    """The checks of what a worker needs before it starts."""
    profile = settings.compression.profile
    return [
        Check("ffmpeg", check_programs, _INSTALL),
        Check("ffmpeg build", lambda: check_build(profile), _INSTALL),
        Check("ffmpeg trial", lambda: check_self_test(profile), _INSTALL, SELF_TEST_LIMIT_S),
        Check("ffmpeg sandbox", check_sandbox, "See `The sandbox` in docs/deploy.md."),
    ]


async def check_programs() -> Verdict:
    """Check that ffmpeg and ffprobe are installed, of one version, and supported; name the known defects."""
    versions = {program: await version_of(program) for program in ("ffmpeg", "ffprobe")}
    observation = ", ".join(f"{program} {version}" for program, version in versions.items())
    if len(set(versions.values())) > 1:
        return warning(f"{observation}: two builds", "Put ffmpeg and ffprobe of one build first on the PATH.")
    known = known_version(versions["ffmpeg"])
    observation = "; ".join([f"{observation}: {_MEANING[known.support]}", *known.defects])
    return warning(observation, _OTHER_VERSION) if known.support.is_doubtful else ok(observation)


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
    return ok("a tiny video was probed, compressed and remuxed; its poster and its silences are right")


async def check_sandbox() -> Verdict:
    """Check the sandbox in which ffmpeg reads untrusted files."""
    missing = (await FFmpegTranscoder().check()).missing
    if missing:
        named = ", ".join(_LAYERS[name] for name in missing)
        return warning(
            f"this host does not confine ffmpeg completely: {named}",
            "See `The sandbox` in docs/deploy.md; Linux 5.13 or newer on x86-64 or arm64 has every layer.",
        )
    return ok("limits, no privileges, dies with its worker, no other files, no network, no other processes")
