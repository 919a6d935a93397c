"""Runs all checks in order; a failed check does not stop the others."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from entrypoints.config.settings import Settings
from entrypoints.doctor.checks.bucket import check_bucket
from entrypoints.doctor.checks.database import database_checks
from entrypoints.doctor.checks.ffmpeg import ffmpeg_checks
from entrypoints.doctor.checks.host import host_checks
from entrypoints.doctor.checks.imports import import_checks
from entrypoints.doctor.checks.job_queues import job_queue_checks
from entrypoints.doctor.checks.redis_server import redis_checks
from entrypoints.doctor.checks.transcription import transcriber_checks
from entrypoints.doctor.report import Check, Finding, Verdict, failed, run_check
from entrypoints.observability.logs import redact

Report = Callable[[Finding], None]

_MASK = "***"
_MIN_SECRET = 4  # Shorter secrets occur in ordinary words.


async def run_checks(settings: Settings, report: Report) -> None:
    """Report every finding as soon as its check ends; secrets are masked."""
    secrets = _secrets(settings)

    async def run(check: Check) -> None:
        report(_without(secrets, await run_check(check)))

    checks = [
        *host_checks(settings),
        *database_checks(settings),
        *redis_checks(settings),
        *job_queue_checks(settings),
        *ffmpeg_checks(settings),
        *transcriber_checks(settings),
        *import_checks(settings),
    ]
    for check in checks:
        await run(check)
    await check_bucket(settings, run)


async def report_invalid_settings(problems: list[str], report: Report) -> None:
    """Report the problems of the settings, and run the checks that do not depend on settings."""
    remedy = "Correct it in the environment or in .env; docs/configuration.md describes every setting."
    for problem in problems:
        report(Finding("settings", failed(problem, remedy)))
    for check in ffmpeg_checks(Settings()):
        report(await run_check(check))


def _secrets(settings: Settings) -> list[str]:
    """Every secret, and the password of every secret URL, each plain and URL-encoded or decoded; longest first."""
    texts = [secret.reveal() for secret in settings.secrets]
    passwords = [password for text in texts if "://" in text and (password := urlsplit(text).password)]
    spellings = {spelling for text in [*texts, *passwords] for spelling in (text, quote(text, safe=""), unquote(text))}
    return sorted((text for text in spellings if len(text) >= _MIN_SECRET), key=len, reverse=True)


def _without(secrets: list[str], finding: Finding) -> Finding:
    verdict = finding.verdict
    clean = Verdict(verdict.level, _masked(secrets, verdict.observation), _masked(secrets, verdict.remedy))
    return replace(finding, verdict=clean)


def _masked(secrets: list[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return redact(text)
