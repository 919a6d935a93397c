"""All checks in their order, whatever becomes of each."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from entrypoints.config.settings import Settings
from entrypoints.doctor.buckets import examine_bucket
from entrypoints.doctor.databases import database_checks
from entrypoints.doctor.ffmpeg_build import ffmpeg_checks
from entrypoints.doctor.finding import Check, Finding, Verdict, failed, find
from entrypoints.doctor.host import host_checks
from entrypoints.doctor.importing import import_checks
from entrypoints.doctor.redis_server import redis_checks
from entrypoints.doctor.transcribing import transcriber_checks
from entrypoints.observability.logs import redact

Tell = Callable[[Finding], None]

_BLOT = "***"
_MIN_SECRET = 4  # Shorter ones are parts of ordinary words.


async def examine(settings: Settings, tell: Tell) -> None:
    """Tell every finding as soon as it is there; none of them holds a secret."""
    secrets = _secrets(settings)

    async def run(check: Check) -> None:
        tell(_without(secrets, await find(check)))

    checks = [
        *host_checks(settings),
        *database_checks(settings),
        *redis_checks(settings),
        *ffmpeg_checks(settings),
        *transcriber_checks(settings),
        *import_checks(settings),
    ]
    for check in checks:
        await run(check)
    await examine_bucket(settings, run)


async def examine_without_settings(problems: list[str], tell: Tell) -> None:
    """Tell what is wrong with the settings, and look at what does not depend on them."""
    remedy = "Correct it in the environment or in .env; docs/configuration.md has every setting."
    for problem in problems:
        tell(Finding("settings", failed(problem, remedy)))
    for check in ffmpeg_checks(Settings()):
        tell(await find(check))


def _secrets(settings: Settings) -> list[str]:
    """Every secret, and the passwords in those that are URLs, as they are and as URLs spell them; longest first."""
    texts = [secret.reveal() for secret in settings.secrets]
    passwords = [password for text in texts if "://" in text and (password := urlsplit(text).password)]
    spelled = {spelling for text in [*texts, *passwords] for spelling in (text, quote(text, safe=""), unquote(text))}
    return sorted((text for text in spelled if len(text) >= _MIN_SECRET), key=len, reverse=True)


def _without(secrets: list[str], finding: Finding) -> Finding:
    verdict = finding.verdict
    clean = Verdict(verdict.level, _blotted(secrets, verdict.seen), _blotted(secrets, verdict.remedy))
    return replace(finding, verdict=clean)


def _blotted(secrets: list[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, _BLOT)
    return redact(text)
