"""What imports from YouTube need, where they are switched on."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from adapters.ytdlp.installation import installed_version, is_fresh, missing_for_scripts, numbers_of
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.finding import Check, Verdict, failed, in_thread, ok, warning

OLD_AFTER = timedelta(days=90)

_INSTALL = "Install `telecine[youtube]` anew, with the newest yt-dlp."


def import_checks(settings: Settings) -> list[Check]:
    """One check, if videos may be imported; YouTube itself is not asked."""
    if not settings.imports.youtube_import:
        return []
    return [Check("youtube", in_thread(partial(look_at_importer, settings)), _INSTALL)]


def look_at_importer(settings: Settings) -> Verdict:
    """A yt-dlp that is fresh and has what it needs, and the cookies that the settings name."""
    version, cookies = installed_version(), settings.imports.youtube_cookies_file
    if version is None or not is_fresh(version):
        return failed(f"yt-dlp {version or 'is not installed'}", _INSTALL)
    if cookies is not None and not cookies.is_file():
        return failed(f"there is no file {cookies}", f"Correct {variable('youtube_cookies_file')}, or unset it.")
    if missing := missing_for_scripts():
        return warning(
            f"yt-dlp {version} lacks {', '.join(missing)}: YouTube gives it few formats, or none",
            "Install `telecine[youtube]` into the same environment: it brings them.",
        )
    if datetime.now(UTC).date() - date(*numbers_of(version)) > OLD_AFTER:
        return warning(f"yt-dlp {version} is old: YouTube changes faster", _INSTALL)
    return ok(f"yt-dlp {version}, {'no cookies' if cookies is None else f'cookies of {cookies}'}")
