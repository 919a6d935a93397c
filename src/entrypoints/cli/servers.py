"""Running the API, a worker, or both, until told to stop."""

import asyncio
import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager, nullcontext

import click
import uvicorn
from dramatiq import Broker
from litestar import Litestar

from domain.model.errors import Conflict, Rejected
from domain.model.job import QueueName
from entrypoints.bootstrap import Role, bootstrap
from entrypoints.cli.signals import StopSignals
from entrypoints.http.app import create_app
from entrypoints.http.protocol import BoundedHttpProtocol
from entrypoints.logs import configure_logs
from entrypoints.settings import Settings
from entrypoints.worker.host import running_worker

GRACE_S = 5


@contextmanager
def listening_socket(host: str, port: int) -> Generator[socket.socket]:
    """A socket that is bound before anything else starts, so that its port is known.

    Raises:
        Conflict: `address_in_use`.
        Rejected: `address_unusable`, it is not one of this machine, or not for us.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio would leave Nagle's algorithm on: answers in two writes would wait for 40 ms each.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, host, port)
        yield listener


def _bind(listener: socket.socket, host: str, port: int) -> None:
    refusal = f"Can't listen on {host}:{port}"
    try:
        listener.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Conflict(f"{refusal}: {error.strerror}.", code="address_in_use") from error
        raise Rejected(f"{refusal}: {error.strerror}.", code="address_unusable") from error
    except UnicodeError as error:
        raise Rejected(f"{refusal}: that is no name of a host.", code="address_unusable") from error


def run_dev(settings: Settings, listener: socket.socket) -> None:
    """Run the API and a worker in this process."""
    configure_logs(settings)
    signals = StopSignals()
    with signals.listening(), running_worker(settings) as broker:
        asyncio.run(_serve(settings, listener, signals, broker))


def run_api(settings: Settings, listener: socket.socket) -> None:
    """Run the API alone."""
    configure_logs(settings)
    signals = StopSignals()
    with signals.listening():
        asyncio.run(_serve(settings, listener, signals, broker=None))


def run_worker(settings: Settings, queues: frozenset[QueueName], threads: int | None) -> None:
    """Run a worker alone, until a signal comes."""
    configure_logs(settings)
    signals = StopSignals()
    with signals.listening(), running_worker(settings, queues=queues, threads=threads):
        click.echo("The worker is ready.", err=True)
        asyncio.run(signals.wait())


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again when it ends, before the application is closed."""

    def __init__(self, config: uvicorn.Config, signals: StopSignals) -> None:
        super().__init__(config)
        self._signals = signals

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Let a stop end the server, and nothing but the server."""
        with self._signals.telling(self._finish):
            yield

    def _finish(self) -> None:
        self.should_exit = True


async def _serve(settings: Settings, listener: socket.socket, signals: StopSignals, broker: Broker | None) -> None:
    """Open the application, so that what hinders it is told as it is and not as a fault of the server."""
    async with bootstrap(settings, Role.API, broker) as application:
        server = Server(_server_config(create_app(lambda: nullcontext(application))), signals)
        click.echo(f"Telecine listens on {settings.public_url} (API documents: {settings.public_url}/schema)", err=True)
        await server.serve(sockets=[listener])


def _server_config(app: Litestar) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedHttpProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # Whose word on addresses is taken is a setting of ours.
        timeout_graceful_shutdown=GRACE_S,
    )
