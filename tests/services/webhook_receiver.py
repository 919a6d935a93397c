"""A receiver of webhooks on a loopback address, which answers as a test decides."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    target: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def answering(raw: bytes) -> Answer:
    """Answer every request with these bytes."""

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    return answer


@dataclass
class Receiver:
    """What arrived, and how the next requests are answered; `connects` counts connections, also silent ones."""

    port: int = 0
    connects: int = 0
    received: list[Received] = field(default_factory=list[Received])
    answer: Answer = field(default_factory=lambda: answering(OK))

    def url(self, *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        """A URL of this receiver under any name."""
        return f"{scheme}://{host}:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection."""
        self.connects += 1
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    received = await _read(reader)
                    self.received.append(received)
                    await self.answer(received, writer)
                    await writer.drain()
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(head[0].split(" ")[1], headers, body)


@asynccontextmanager
async def running_receiver(tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1") -> AsyncGenerator[Receiver]:
    """Run a receiver; at the end its open connections are cancelled."""
    receiver = Receiver()
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks[asyncio.create_task(receiver.serve(reader, writer))] = writer

    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task, writer in tasks.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)  # The transports close in the next turn of the loop.


@dataclass(frozen=True, slots=True)
class Certificates:
    """A certificate authority, and the context of a server with a certificate that it signed."""

    trust: ssl.SSLContext
    server: ssl.SSLContext


def certificates(folder: Path, *, name: str, is_expired: bool = False) -> Certificates:
    """Make an authority and a certificate for a name, or for an address."""
    now = dt.datetime.now(dt.UTC)
    ends = now - dt.timedelta(days=1) if is_expired else now + dt.timedelta(days=1)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    begins = now - dt.timedelta(days=2)

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
        )

    authority = (
        builder(authority_name, authority_key.public_key())
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    certificate = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")]), key.public_key())
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([_general_name(name)]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    chain = folder / "receiver.pem"
    chain.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    trust = ssl.create_default_context(cadata=authority.public_bytes(serialization.Encoding.PEM).decode())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return Certificates(trust, server)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
