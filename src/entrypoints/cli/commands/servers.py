"""`telecine dev`, `serve` and `worker`: run the API, a worker, or both, until a stop signal."""

import asyncio
import errno
import socket
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext
from ipaddress import ip_address

import click
import uvicorn
from dramatiq import Broker
from litestar import Litestar
from msgspec.structs import replace

from domain.model.errors import Conflict, Rejected
from domain.model.jobs.payloads import QueueName
from domain.ports.event_bus import EventBus
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.event_bus import make_shared_bus
from entrypoints.bootstrap.roles import Role
from entrypoints.bootstrap.secrecy import hide_secrets
from entrypoints.cli.signals import StopSignals
from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings
from entrypoints.http.app import create_app
from entrypoints.http.server_protocol import BoundedHttpProtocol, EndingWebSocketProtocol
from entrypoints.observability.logs import configure_logs
from entrypoints.worker.worker import running_worker

GRACE_S = 5
MAX_CLIENT_MESSAGE_BYTES = 1024


@contextmanager
def listening_socket(host: str, port: int) -> Generator[socket.socket]:
    """Bind a socket before anything else starts, so that its port is known.

    Raises:
        Conflict: `address_in_use`.
        Rejected: `address_unusable`: the address is not of this machine, or binding to it is not permitted.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio disables Nagle's algorithm only for a socket whose protocol is TCP; the algorithm would delay each
    # response that takes two writes by 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, host, port)
        yield listener


def _bind(listener: socket.socket, host: str, port: int) -> None:
    error_message = f"Can't listen on {host}:{port}"
    try:
        listener.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Conflict(f"{error_message}: {error.strerror}.", code="address_in_use") from error
        raise Rejected(f"{error_message}: {error.strerror}.", code="address_unusable") from error
    except UnicodeError as error:
        raise Rejected(f"{error_message}: that is not a host name.", code="address_unusable") from error


def server_settings(listener: socket.socket, *, host: str, overrides: Mapping[str, object]) -> Settings:
    """Read the settings, whose public URL defaults to the address that the server listens on.

    Clients cannot connect to the unspecified address (`0.0.0.0`, `::`). There the public URL becomes the loopback
    address, with a warning.
    """
    address, port = listener.getsockname()[:2]
    is_unspecified = ip_address(address).is_unspecified
    url = _url(address if is_unspecified else host, port)
    settings = load_settings(defaults={"TELECINE_PUBLIC_URL": url}, overrides=overrides)
    signs_in = settings.allows_local_sign_in(address)
    settings = replace(settings, web=replace(settings.web, page_local_sign_in=signs_in))
    if not is_unspecified or settings.server.public_url != url:
        return settings
    local_url = _url("::1" if ":" in address else "127.0.0.1", port)
    click.echo(
        f"Warning: set TELECINE_PUBLIC_URL to the URL at which clients reach this server; until then it is {local_url}",
        err=True,
    )
    return replace(settings, server=replace(settings.server, public_url=local_url))


def _url(host: str, port: int) -> str:
    """Return the URL of a server at this address; IPv6 addresses need brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_dev(settings: Settings, listener: socket.socket) -> None:
    """Run the API and a worker in this process."""
    hide_secrets()
    configure_logs(settings.logs)
    signals = StopSignals()
    bus = make_shared_bus()
    with signals.listening(), running_worker(settings, bus=bus) as broker:
        asyncio.run(_serve(settings, listener, signals, broker, bus))


def run_api(settings: Settings, listener: socket.socket) -> None:
    """Run the API alone."""
    configure_logs(settings.logs)
    signals = StopSignals()
    with signals.listening():
        asyncio.run(_serve(settings, listener, signals, broker=None, bus=None))


def run_worker(settings: Settings, queues: frozenset[QueueName], threads: int | None) -> None:
    """Run a worker alone."""
    hide_secrets()
    configure_logs(settings.logs)
    signals = StopSignals()
    with signals.listening(), running_worker(settings, queues=queues, threads=threads):
        click.echo("The worker is ready.", err=True)
        asyncio.run(signals.wait())


class Server(uvicorn.Server):
    """Leaves signals to `StopSignals`; uvicorn would raise them again at its end, before the application is closed.

    `on_stop` is called when the server begins to stop, because it waits for open event streams to end.
    """

    def __init__(self, config: uvicorn.Config, signals: StopSignals, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._signals = signals
        self._on_stop = on_stop

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Stop only the server when a signal arrives."""
        with self._signals.notifying(self._finish):
            yield

    def _finish(self) -> None:
        self.should_exit = True
        self._on_stop()


async def _serve(
    settings: Settings, listener: socket.socket, signals: StopSignals, broker: Broker | None, bus: EventBus | None
) -> None:
    """Open the application before the server, so that its errors are not reported as a failed start of the server."""
    async with bootstrap(settings, Role.API, broker, bus) as application:
        config = server_config(create_app(lambda: nullcontext(application)))
        server = Server(config, signals, application.events.feed.stop)
        url = settings.server.public_url
        page = f"; open {url}/ in a browser" if settings.web.page else ""
        click.echo(f"Telecine listens on {url} (API documents: {url}/schema){page}", err=True)
        await server.serve(sockets=[listener])


def server_config(app: Litestar) -> uvicorn.Config:
    """Return the configuration of the server; clients of WebSockets send at most short pings."""
    return uvicorn.Config(
        app,
        http=BoundedHttpProtocol,
        ws=EndingWebSocketProtocol,
        ws_max_size=MAX_CLIENT_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # A compressor would take most of the memory of an idle connection.
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # TELECINE_TRUSTED_PROXIES decides which addresses count.
        timeout_graceful_shutdown=GRACE_S,
    )
