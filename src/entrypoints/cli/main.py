"""The command line.

A command imports what it runs inside its function, so that `telecine --help` loads neither the web framework, the
database, the job queue nor the S3 client, and each command loads only what it uses.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from domain.model.access.principal import Scope
from domain.model.errors import TelecineError
from domain.model.jobs.payloads import QueueName
from domain.model.uploads.original_policy import MAX_KEEP_DAYS, OriginalPolicy
from domain.model.uploads.policy import UploadStrategy
from entrypoints.cli.parameters import Queues, data_dir_option, host_option, port_option, token_option, url_option
from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError

PRIVATE_UMASK = 0o077  # Files hold users' videos, so only the service's own user may read them.


class Commands(click.Group):
    """Prints known errors without a traceback, and exits with status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's own signature)
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException("the settings are wrong\n" + "\n".join(error.problems)) from error
        except TelecineError as error:
            raise click.ClickException(f"{error.detail} ({error.code})") from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group(cls=Commands)
@click.version_option(package_name="telecine")
def main() -> None:
    """Telecine: self-hosted video ingest."""
    os.umask(PRIVATE_UMASK)


@main.command()
@host_option
@port_option
@data_dir_option
def dev(host: str, port: int, data_dir: Path | None) -> None:
    """Run the API and a worker in one process."""
    from entrypoints.cli.commands.servers import listening_socket, run_dev, server_settings

    with listening_socket(host, port) as listener:
        run_dev(server_settings(listener, host=host, overrides=_overrides(data_dir)), listener)


@main.command()
@host_option
@port_option
@data_dir_option
def serve(host: str, port: int, data_dir: Path | None) -> None:
    """Run the API alone."""
    from entrypoints.cli.commands.servers import listening_socket, run_api, server_settings

    with listening_socket(host, port) as listener:
        run_api(server_settings(listener, host=host, overrides=_overrides(data_dir)), listener)


@main.command()
@click.option("--queues", type=Queues(), default=",".join(QueueName), show_default=True, help="Queues to consume.")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="Jobs of each queue that run at once. Default: TELECINE_MEDIA_CONCURRENCY, TELECINE_IO_CONCURRENCY and "
    "TELECINE_WEBHOOK_CONCURRENCY; 1 for maintenance.",
)
@data_dir_option
def worker(queues: frozenset[QueueName], threads: int | None, data_dir: Path | None) -> None:
    """Run a worker alone."""
    from entrypoints.cli.commands.servers import run_worker

    run_worker(_settings(data_dir), queues, threads)


@main.command()
@data_dir_option
def migrate(data_dir: Path | None) -> None:
    """Migrate the database to this version."""
    import asyncio

    from entrypoints.bootstrap.bootstrap import migrate as run

    asyncio.run(run(_settings(data_dir)))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON list.")
@data_dir_option
def doctor(data_dir: Path | None, *, as_json: bool) -> None:
    """Check this installation.

    Prints a finding for everything that it depends on, and what to correct.
    """
    from entrypoints.cli.commands.doctor import run_doctor

    run_doctor(lambda: _settings(data_dir), as_json=as_json)


@main.command()
@click.option("--user", required=True, help="User id of the token.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    help="Scope of the token; may be given more than once. Default: every scope but `admin`.",
)
@data_dir_option
def token(user: str, scopes: tuple[str, ...], data_dir: Path | None) -> None:
    """Print a bearer token, and nothing else."""
    from entrypoints.cli.commands.tokens import issue

    click.echo(issue(_settings(data_dir), user, frozenset(map(Scope, scopes)) or None))


@main.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Print what would be done, and change nothing.")
@click.option("--yes", "is_confirmed", is_flag=True, help="Erase orphans even if they are most objects of the bucket.")
@data_dir_option
def sweep(data_dir: Path | None, *, is_dry: bool, is_confirmed: bool) -> None:
    """Expire abandoned uploads, erase orphans, and delete old events and deliveries of webhooks.

    Workers do the same periodically. An orphan is an object of the bucket that belongs to no video.
    """
    from entrypoints.cli.commands.sweep import run_sweep

    run_sweep(_settings(data_dir), is_dry=is_dry, is_confirmed=is_confirmed)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@url_option
@token_option
@click.option("--content-type", default="", help="Media type. Default: from the file's extension.")
@click.option(
    "--strategy",
    type=click.Choice([strategy.value for strategy in UploadStrategy]),
    default=UploadStrategy.AUTO.value,
    show_default=True,
    help="One PUT, or a multipart upload; auto uses parts from 100 MiB.",
)
@click.option("--parallel", type=click.IntRange(1, 64), default=4, show_default=True, help="Parts uploaded at once.")
@click.option(
    "--original",
    type=click.Choice([policy.value for policy in OriginalPolicy]),
    help="What becomes of the file on the server once its rendition is proven. Default: as the server is configured.",
)
@click.option(
    "--keep-days",
    type=click.IntRange(1, MAX_KEEP_DAYS),
    help="Days for which the server keeps the file; implies --original keep.",
)
@click.option(
    "--resume",
    metavar="VIDEO_ID",
    help="Resume the upload of this video. Default: the upload of the same file that was interrupted on this machine.",
)
@click.option("--no-resume", "is_new", is_flag=True, help="Start a new upload instead of resuming one.")
@click.option("--no-follow", is_flag=True, help="Exit when the upload is complete, and print only the video's id.")
def upload(
    file: Path,
    url: str,
    bearer: str,
    resume: str | None,
    *,
    no_follow: bool,
    **choices: Any,  # noqa: ANN401 (the other options, as click passes them)
) -> None:
    """Upload FILE and print its transcript.

    Uploading the same file again resumes an upload that was interrupted.
    """
    from entrypoints.cli.commands.upload import upload_and_follow, upload_only
    from entrypoints.cli.uploader.options import UploadOptions

    options = UploadOptions(video_id=resume, **choices)
    if options.is_new and resume:
        raise click.UsageError("--resume and --no-resume exclude each other")
    if options.original == OriginalPolicy.DELETE and options.keep_days is not None:
        raise click.UsageError("--original delete and --keep-days exclude each other")
    run = upload_only if no_follow else upload_and_follow
    run(file, url=url, token=bearer, options=options)


@main.command()
@click.argument("video_id", required=False)
@click.option("--all", "is_all", is_flag=True, help="Watch all videos of the token's user.")
@url_option
@token_option
@click.option("--json", "as_json", is_flag=True, help="Print each event as one JSON object.")
@click.option("--until-done", is_flag=True, help="Exit when the video is completed or has failed.")
def watch(video_id: str | None, url: str, bearer: str, *, is_all: bool, as_json: bool, until_done: bool) -> None:
    """Print the events of the video VIDEO_ID, or of all videos, as they happen.

    Exit status with --until-done: 0 if the video is completed, 3 if it has failed. In any case: 1 if the server
    rejects a request, 2 for wrong options, 4 if the video was deleted, 130 after Ctrl-C.
    """
    from entrypoints.cli.commands.watch import watch_all, watch_video

    if is_all == bool(video_id):
        raise click.UsageError("name one video, or use --all")
    if is_all and until_done:
        raise click.UsageError("--all has no end, so --until-done needs one video")
    if video_id:
        sys.exit(watch_video(video_id, url=url, token=bearer, until_done=until_done, as_json=as_json))
    watch_all(url=url, token=bearer, as_json=as_json)


@main.command()
@click.option("--stay", "is_staying", is_flag=True, help="Keep the server running until Ctrl-C, and name its web page.")
@data_dir_option
def demo(data_dir: Path | None, *, is_staying: bool) -> None:
    """Show the service with a sample video.

    Starts a server on this machine, and uploads, compresses and transcribes the video.
    """
    from entrypoints.cli.commands.demo import run_demo

    run_demo(_settings(data_dir), is_staying=is_staying)


def _settings(data_dir: Path | None) -> Settings:
    return load_settings(overrides=_overrides(data_dir))


def _overrides(data_dir: Path | None) -> dict[str, object]:
    """Return the settings that flags override, by their variables."""
    return {} if data_dir is None else {"TELECINE_DATA_DIR": data_dir}
