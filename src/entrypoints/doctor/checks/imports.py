"""Checks the requirements of YouTube imports, if they are enabled."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from adapters.ytdlp.installation import installed_version, is_fresh, missing_script_runtimes, version_numbers
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Verdict, failed, in_thread, ok, warning

OLD_AFTER = timedelta(days=90)

_INSTALL = "Install `telecine[youtube]` again, with the newest yt-dlp."


def import_checks(settings: Settings) -> list[Check]:
    """One check, if imports are enabled; it sends no request to YouTube."""
    if not settings.imports.youtube_import:
        return []
    return [Check("youtube", in_thread(partial(check_importer, settings)), _INSTALL)]


def check_importer(settings: Settings) -> Verdict:
    """Check that yt-dlp is recent and complete, and that the cookie file exists."""
    version, cookies = installed_version(), settings.imports.youtube_cookies_file
    if version is None or not is_fresh(version):
        return failed(f"yt-dlp {version or 'is not installed'}", _INSTALL)
    if cookies is not None and not cookies.is_file():
        return failed(f"{cookies} is not a file", f"Correct {variable('youtube_cookies_file')}, or unset it.")
    if missing := missing_script_runtimes():
        return warning(
            f"yt-dlp {version} lacks {', '.join(missing)}, so YouTube offers it few formats or none",
            "Install `telecine[youtube]`, which includes them, into the same environment.",
        )
    if datetime.now(UTC).date() - date(*version_numbers(version)) > OLD_AFTER:
        return warning(f"yt-dlp {version} is more than {OLD_AFTER.days} days old; YouTube may have changed", _INSTALL)
    return ok(f"yt-dlp {version}, {'no cookies' if cookies is None else f'cookies from {cookies}'}")
