"""An identity provider on loopback: it signs tokens and publishes its keys; it can fail or hang."""

import base64
import json
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.services.threaded_server import ThreadedServer

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey
ALGORITHMS = ("RS256", "ES256", "EdDSA")


@cache
def private_key(algorithm: str, kid: str | None) -> PrivateKey:
    """Return the key of this name; cached, because generating an RSA key is slow."""
    if algorithm == "EdDSA":
        return Ed25519PrivateKey.generate()
    return new_ec_key(SECP256R1()) if algorithm == "ES256" else new_rsa_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class SigningKey:
    """A key pair of the provider; `kid` is the key's id, if it has one."""

    algorithm: str
    kid: str | None = None

    @property
    def private(self) -> PrivateKey:
        """The private half, which signs tokens."""
        return private_key(self.algorithm, self.kid)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half as a member of the published key set."""
        public = self.private.public_key()
        members: dict[str, Any] = dict(jwt.get_algorithm_by_name(self.algorithm).to_jwk(public, as_dict=True))
        return members if self.kid is None else {**members, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    @property
    def pem(self) -> bytes:
        """The public half in PEM."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def token(self, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        """Sign a token with these claims; its header has the key's `kid`, if there is one."""
        named = {} if self.kid is None else {"kid": self.kid}
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=named | (header or {}))


@dataclass
class Published:
    """The response that the provider sends."""

    body: bytes = b'{"keys": []}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    hangs: bool = False


class IdentityProvider(ThreadedServer):
    """Answers every GET with the published response, and counts the requests in `request_count`."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/keys"
        self.published = Published()
        self.request_count = 0
        self.is_closing = threading.Event()

    def publish(self, keys: Iterable[SigningKey]) -> None:
        """Replace the provider's keys by these."""
        self.published = Published(key_set(keys))


def key_set(keys: Iterable[SigningKey]) -> bytes:
    """Encode a JSON Web Key Set of these keys."""
    return json.dumps({"keys": [key.jwk for key in keys]}).encode()


@contextmanager
def running_identity_provider(*keys: SigningKey) -> Generator[IdentityProvider]:
    """Run a provider on a free port of 127.0.0.1 that publishes these keys."""
    with IdentityProvider() as provider:
        provider.publish(keys)
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, name="identity")
        thread.start()
        try:
            yield provider
        finally:
            provider.is_closing.set()
            provider.shutdown()
            provider.server_close()
            thread.join()


def base64url(content: bytes) -> str:
    """Encode as in JWTs: URL-safe base64 without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: every response ends its connection, so no idle thread outlives a test."""

    def do_GET(self) -> None:
        provider = self.server
        assert isinstance(provider, IdentityProvider)
        provider.request_count += 1
        published = provider.published
        if published.hangs:
            provider.is_closing.wait()
            return
        # A client may hang up once it has read enough.
        with suppress(ConnectionError):
            self.send_response(published.status)
            for name, value in {"Content-Type": "application/json", **published.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(published.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Keep access lines out of the test output."""
