"""The commands. Each imports what it needs when it runs, so that `--help` answers at once."""

import os
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any

import click
import msgspec

from domain.model.errors import TelecineError
from domain.model.identity import Scope
from domain.model.job import QueueName
from domain.model.upload_policy import UploadStrategy
from entrypoints.settings import Settings, SettingsError
from entrypoints.settings_reading import load_settings

PRIVATE_UMASK = 0o077  # What we write down are other people's videos.

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes any free one.",
)
data_dir_option = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where state lives (TELECINE_DATA_DIR)."
)


class Commands(click.Group):
    """Tells the errors that we can name in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's own signature)
        """Run the command that was asked for."""
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
    from entrypoints.cli.servers import listening_socket, run_dev  # noqa: PLC0415 (quick --help)

    with listening_socket(host, port) as listener:
        run_dev(_server_settings(data_dir, host, listener), listener)


@main.command()
@host_option
@port_option
@data_dir_option
def serve(host: str, port: int, data_dir: Path | None) -> None:
    """Run the API alone."""
    from entrypoints.cli.servers import listening_socket, run_api  # noqa: PLC0415 (quick --help)

    with listening_socket(host, port) as listener:
        run_api(_server_settings(data_dir, host, listener), listener)


class Queues(click.ParamType["frozenset[QueueName]"]):
    """Names of queues between commas."""

    name = "media,io,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[QueueName]:
        """Each of the names is a queue's."""
        try:
            return frozenset(QueueName(name.strip()) for name in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r}: needed are one or more of {','.join(QueueName)}, with commas between", param, ctx)


@main.command()
@click.option("--queues", type=Queues(), default=",".join(QueueName), show_default=True, help="What to work on.")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="Jobs of each queue at once; unset: TELECINE_MEDIA_CONCURRENCY and TELECINE_IO_CONCURRENCY.",
)
@data_dir_option
def worker(queues: frozenset[QueueName], threads: int | None, data_dir: Path | None) -> None:
    """Run a worker alone."""
    from entrypoints.cli.servers import run_worker  # noqa: PLC0415 (quick --help)

    run_worker(_settings(data_dir), queues, threads)


@main.command()
@data_dir_option
def migrate(data_dir: Path | None) -> None:
    """Bring the database to the tables that this version needs."""
    import asyncio  # noqa: PLC0415 (quick --help)

    from entrypoints.bootstrap import migrate as run  # noqa: PLC0415 (quick --help)

    asyncio.run(run(_settings(data_dir)))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
@data_dir_option
def doctor(data_dir: Path | None, *, as_json: bool) -> None:
    """Look at everything that this installation needs, and say what to do."""
    from entrypoints.cli.doctor import run_doctor  # noqa: PLC0415 (quick --help)

    run_doctor(lambda: _settings(data_dir), as_json=as_json)


@main.command()
@click.option("--user", required=True, help="The user id that the token speaks for.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    help="What the token is good for, more than once if need be; unset: everything.",
)
@data_dir_option
def token(user: str, scopes: tuple[str, ...], data_dir: Path | None) -> None:
    """Print a bearer token, and nothing else."""
    from entrypoints.cli.tokens import issue  # noqa: PLC0415 (quick --help)

    click.echo(issue(_settings(data_dir), user, frozenset(map(Scope, scopes)) or None))


@main.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be done.")
@click.option("--yes", "is_confirmed", is_flag=True, help="Even if most of the bucket belongs to no video.")
@data_dir_option
def sweep(data_dir: Path | None, *, is_dry: bool, is_confirmed: bool) -> None:
    """Expire abandoned uploads and erase what belongs to no video, now; workers do the same by themselves."""
    from entrypoints.cli.sweep import run_sweep  # noqa: PLC0415 (quick --help)

    run_sweep(_settings(data_dir), is_dry=is_dry, is_confirmed=is_confirmed)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where Telecine is.")
@click.option("--token", "bearer", envvar="TELECINE_TOKEN", help="A bearer token, or TELECINE_TOKEN.")
@click.option("--content-type", default="", help="The media type; empty: by the extension.")
@click.option(
    "--strategy",
    type=click.Choice([strategy.value for strategy in UploadStrategy]),
    default=UploadStrategy.AUTO.value,
    show_default=True,
    help="One PUT, or parts; auto: parts from 100 MiB on.",
)
@click.option("--parallel", type=click.IntRange(1, 64), default=4, show_default=True, help="Parts at once.")
@click.option(
    "--resume",
    metavar="VIDEO_ID",
    help="Go on with this video's upload, wherever it began; unset: with one that was interrupted here.",
)
@click.option("--no-resume", "is_anew", is_flag=True, help="Begin a new upload even so.")
@click.option("--no-follow", is_flag=True, help="End when the upload is complete, and print the video's id alone.")
def upload(
    file: Path,
    url: str,
    bearer: str | None,
    resume: str | None,
    *,
    no_follow: bool,
    **choices: Any,  # noqa: ANN401 (the other options, as click hands them over)
) -> None:
    """Upload FILE, follow it to its end, and print its transcript.

    An upload that was interrupted goes on where it was, when the same file is uploaded again.
    """
    from entrypoints.cli.upload import upload_and_follow, upload_only  # noqa: PLC0415 (quick --help)
    from entrypoints.cli.upload_options import UploadOptions  # noqa: PLC0415 (quick --help)

    if not bearer:
        raise click.UsageError("a token is needed: --token, TELECINE_TOKEN, or see `telecine token --help`")
    options = UploadOptions(video_id=resume, **choices)
    if options.is_anew and resume:
        raise click.UsageError("either --resume or --no-resume")
    run = upload_only if no_follow else upload_and_follow
    run(file, url=url, token=bearer, options=options)


@main.command()
@data_dir_option
def demo(data_dir: Path | None) -> None:
    """Show the whole journey of a sample clip on this machine."""
    from entrypoints.cli.demo import run_demo  # noqa: PLC0415 (quick --help)

    run_demo(_settings(data_dir))


def _server_settings(data_dir: Path | None, host: str, listener: socket) -> Settings:
    """Clients come to the address that is listened on, unless that is all of them: it is nobody's to come to."""
    address, port = listener.getsockname()[:2]
    is_every_address = ip_address(address).is_unspecified
    url = _url(address if is_every_address else host, port)
    settings = _settings(data_dir, public_url=url)
    if not is_every_address or settings.public_url != url:
        return settings
    local_url = _url("::1" if ":" in address else "127.0.0.1", port)
    click.echo(
        f"Warning: set TELECINE_PUBLIC_URL to where clients reach this server; until then its URLs are {local_url}",
        err=True,
    )
    return msgspec.structs.replace(settings, public_url=local_url)


def _url(host: str, port: int) -> str:
    """Where a server on this address is; the colons of IPv6 need brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _settings(data_dir: Path | None, *, public_url: str | None = None) -> Settings:
    """Flags win over the environment; the address listened on is public only if none is set."""
    overrides: dict[str, object] = {}
    if data_dir is not None:
        overrides["data_dir"] = data_dir
    return load_settings(defaults={"public_url": public_url} if public_url else {}, overrides=overrides)
