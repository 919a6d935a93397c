"""`telecine sweep`: cleans up now, or lists what would be cleaned up."""

import asyncio

import click

from domain.model.errors import Rejected
from domain.use_cases.retention.clean_up import CleanUpReport
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.settings import Settings

MAX_LISTED = 50


def run_sweep(settings: Settings, *, is_dry: bool, is_confirmed: bool) -> None:
    """Clean up once and print a report; servers and workers may run at the same time.

    Raises:
        Conflict: `suspicious_orphans`: most objects in the bucket belong to no video.
        Rejected: `nothing_to_sweep`: the data folder contains no database.
        Unavailable: the bucket or the database does not respond.
    """
    if settings.database.is_embedded and not (settings.storage.data_dir / "telecine.db").exists():
        raise Rejected(f"There is no Telecine database in {settings.storage.data_dir}.", code="nothing_to_sweep")
    report = asyncio.run(_clean_up(settings, is_dry=is_dry, is_confirmed=is_confirmed))
    _show(report, is_dry=is_dry)


async def _clean_up(settings: Settings, *, is_dry: bool, is_confirmed: bool) -> CleanUpReport:
    async with bootstrap(settings, Role.TOOL) as application:
        if is_dry:
            return await application.clean_up.preview()
        return await application.clean_up.run_all(is_confirmed=is_confirmed)


def _show(report: CleanUpReport, *, is_dry: bool) -> None:
    will = "would be " if is_dry else ""
    orphans = report.orphans
    _list(f"abandoned uploads {will}expired", [f"{video.id}  {video.source.filename}" for video in report.expired])
    originals = [f"{video.id}  {video.source.filename}" for video in report.expired_originals]
    _list(f"kept originals {will}erased, because their days are over", originals)
    _list(f"orphan objects {will}erased, of {orphans.scanned} scanned", list(orphans.keys))
    _list(f"orphan multipart uploads {will}aborted", [upload.key for upload in orphans.uploads])
    click.echo(f"{report.deleted_keys} idempotency keys {will}deleted")
    click.echo(f"{report.deleted_events} events {will}deleted")
    click.echo(f"{report.deleted_deliveries} deliveries of webhooks {will}deleted")
    if is_dry and orphans.is_suspicious:
        click.echo("No object would be erased without --yes: does this database belong to the bucket?", err=True)


def _list(title: str, lines: list[str]) -> None:
    click.echo(f"{len(lines)} {title}")
    for line in lines[:MAX_LISTED]:
        click.echo(f"  {line}")
    if len(lines) > MAX_LISTED:
        click.echo(f"  and {len(lines) - MAX_LISTED} more")
