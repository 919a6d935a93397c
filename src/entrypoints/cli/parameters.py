"""Options that several commands share, and the types of their values."""

from pathlib import Path

import click

from domain.model.jobs.payloads import QueueName


def _required_token(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if not value:
        raise click.UsageError("a token is required: set --token or TELECINE_TOKEN (see `telecine token --help`)")
    return value


host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
data_dir_option = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Data folder; overrides TELECINE_DATA_DIR."
)
url_option = click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="URL of the server.")
token_option = click.option(
    "--token",
    "bearer",
    envvar="TELECINE_TOKEN",
    callback=_required_token,
    help="Bearer token. Default: TELECINE_TOKEN.",
)


class Queues(click.ParamType["frozenset[QueueName]"]):
    """A comma-separated list of queues."""

    name = "media,io,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[QueueName]:
        try:
            return frozenset(QueueName(name.strip()) for name in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a comma-separated list of {', '.join(QueueName)}", param, ctx)
