"""`telecine doctor`: prints the report as text or as JSON."""

import asyncio
from collections.abc import Callable

import click
import msgspec

from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError
from entrypoints.doctor.report import Finding, Level
from entrypoints.doctor.runner import Report, report_invalid_settings, run_checks


def run_doctor(load: Callable[[], Settings], *, as_json: bool) -> None:
    """Run all checks, print the findings, and exit with status 1 if a check has failed."""
    findings: list[Finding] = []

    def report(finding: Finding) -> None:
        findings.append(finding)
        if not as_json:
            click.echo(finding.text)

    asyncio.run(_examine(load, report))
    levels = [finding.verdict.level for finding in findings]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([finding.fields for finding in findings])))
    else:
        click.echo(_summary(levels))
    if Level.FAILED in levels:
        raise click.exceptions.Exit(1)


async def _examine(load: Callable[[], Settings], report: Report) -> None:
    try:
        settings = load()
    except SettingsError as error:
        await report_invalid_settings(error.problems, report)
    else:
        await run_checks(settings, report)


def _summary(levels: list[Level]) -> str:
    counts = ", ".join(f"{levels.count(level)} {level.value.lower()}" for level in Level)
    return f"{len(levels)} checks: {counts}"
