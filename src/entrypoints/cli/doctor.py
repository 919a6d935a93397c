"""`telecine doctor`: the report at a terminal, or as JSON."""

import asyncio
from collections.abc import Callable

import click
import msgspec

from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError
from entrypoints.doctor.examination import Tell, examine, examine_without_settings
from entrypoints.doctor.finding import Finding, Level


def run_doctor(load: Callable[[], Settings], *, as_json: bool) -> None:
    """Look at everything, print what was found, and exit with 1 when something has failed."""
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        if not as_json:
            click.echo(finding.text)

    asyncio.run(_examine(load, tell))
    levels = [finding.verdict.level for finding in findings]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([finding.fields for finding in findings])))
    else:
        click.echo(_summary(levels))
    if Level.FAILED in levels:
        raise click.exceptions.Exit(1)


async def _examine(load: Callable[[], Settings], tell: Tell) -> None:
    try:
        settings = load()
    except SettingsError as error:
        await examine_without_settings(error.problems, tell)
    else:
        await examine(settings, tell)


def _summary(levels: list[Level]) -> str:
    counts = ", ".join(f"{levels.count(level)} {level.value.lower()}" for level in Level)
    return f"{len(levels)} checks: {counts}"
