"""Tokens over HTTP: forged, expired, for another audience, too large, and limited to some scopes."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import jwt
import pytest
from litestar import Litestar

from domain.model.access.principal import DEFAULT_SCOPES, Scope
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from tests.integration.http_fixtures import PRESIGNED, PROBLEM, URL, WorldApi
from tests.integration.reused_apps import running_app
from tests.services.identity_provider import ALGORITHMS, IdentityProvider, Published, SigningKey, key_set
from tests.services.identity_provider import running_identity_provider as running_provider
from tests.services.sqlite import migrated_in
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

SECRET = b"0123456789abcdef0123456789abcdef"
KEYS = {algorithm: SigningKey(algorithm, algorithm.lower()) for algorithm in ALGORITHMS}
SIGNERS = ("HS256", *ALGORITHMS)
UNKNOWN_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"


@dataclass(frozen=True)
class AuthApi:
    """The API with real token verification, and the signers of tokens."""

    app: Litestar
    http: httpx.AsyncClient
    algorithm: str
    provider: IdentityProvider

    def token(self, *, without: str = "", header: dict[str, Any] | None = None, **claims: object) -> str:
        """A valid token of Ada's, except for the given changes."""
        now_s = int(time.time())
        good = {"sub": ADA, "iat": now_s, "exp": now_s + 600, "aud": "telecine", "iss": "idp", **claims}
        good.pop(without, None)
        if self.algorithm == "HS256":
            return jwt.encode(good, SECRET, algorithm="HS256", headers=header)
        return KEYS[self.algorithm].token(good, header)

    async def status_and_code(self, token: str, path: str = "/api/videos") -> tuple[int, str]:
        """The status, and the code if there is one."""
        answer = await self.http.get(path, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 401:
            code = answer.json()["code"]
            assert answer.headers["content-type"] == PROBLEM
            assert answer.headers["www-authenticate"] == f'Bearer error="{code}"'
        return answer.status_code, answer.json().get("code", "")


@pytest.fixture(params=SIGNERS)
async def auth_api(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AuthApi]:
    """The API with each kind of token."""
    async with opened_auth_api(tmp_path, str(request.param)) as auth_api:
        yield auth_api


@pytest.fixture
async def jwks_api(tmp_path: Path) -> AsyncGenerator[AuthApi]:
    """The API with an identity provider."""
    async with opened_auth_api(tmp_path, "EdDSA") as auth_api:
        yield auth_api


@asynccontextmanager
async def opened_auth_api(folder: Path, algorithm: str) -> AsyncGenerator[AuthApi]:
    """The API over SQLite and a folder, and a provider with a key of each kind."""
    with running_provider(*KEYS.values()) as provider:
        settings = Settings(
            storage=StorageSettings(data_dir=folder),
            transcription=TranscriptionSettings(transcriber="none"),
            server=ServerSettings(public_url=URL),
            tokens=TokenSettings(
                jwt_secret=Secret(SECRET.decode()) if algorithm == "HS256" else None,
                jwks_url=None if algorithm == "HS256" else provider.url,
                jwt_audience="telecine",
                jwt_issuer="idp",
            ),
        )
        migrated_in(folder)
        async with running_app(lambda: bootstrap(settings, Role.API)) as app:
            # Litestar and httpx describe the same ASGI messages by different types.
            transport = httpx.ASGITransport(cast("Any", app))
            async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
                yield AuthApi(app, http, algorithm, provider)


def operations(app: Litestar) -> Iterator[tuple[str, str]]:
    """Method and path of every operation that needs a user, for a video that does not exist."""
    for path, methods in app.openapi_schema.to_schema()["paths"].items():
        for method in methods:
            if path.startswith("/api/"):
                yield method.upper(), path.replace("{video_id}", UNKNOWN_ID)


def base64url(content: bytes) -> str:
    """The encoding of tokens."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forged(token: str, header: dict[str, Any], secret: bytes | None = None) -> str:
    """The token's claims under another header: signed with HMAC and the secret, or unsigned."""
    signed = f"{base64url(json.dumps(header).encode())}.{token.split('.')[1]}"
    return f"{signed}.{'' if secret is None else base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


async def test_a_valid_token_is_accepted(auth_api: AuthApi) -> None:
    """Signed with the secret, or with any of the provider's keys."""
    assert await auth_api.status_and_code(auth_api.token()) == (200, "")


async def test_an_invalid_token_is_rejected(auth_api: AuthApi) -> None:
    """With the code that states the reason."""
    now_s = int(time.time())
    bad = {
        "garbage": "invalid_token",
        "a.b.c": "invalid_token",
        auth_api.token(exp=now_s - 11): "token_expired",
        auth_api.token(exp=now_s - 11, scope=""): "token_expired",
        auth_api.token(nbf=now_s + 60): "invalid_token",
        auth_api.token(iat=now_s + 60): "invalid_token",
        auth_api.token(aud="another"): "invalid_token",
        auth_api.token(iss="another"): "invalid_token",
        auth_api.token(without="aud"): "invalid_token",
        auth_api.token(without="iss"): "invalid_token",
        auth_api.token(without="exp"): "invalid_token",
        auth_api.token(without="iat"): "invalid_token",
        auth_api.token(without="sub"): "invalid_token",
        auth_api.token(sub="two words"): "invalid_subject",
        auth_api.token(scope=1): "invalid_token",
        auth_api.token()[:-4]: "invalid_token",
        "x" * 100 * 1024: "invalid_token",
        auth_api.token(padding="x" * 100 * 1024): "invalid_token",
    }
    assert {token: await auth_api.status_and_code(token) for token in bad} == {
        token: (401, code) for token, code in bad.items()
    }


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
async def test_an_unsigned_token_is_rejected(auth_api: AuthApi, algorithm: str) -> None:
    """Whatever its header names the algorithm."""
    for header in ({"alg": algorithm}, {"alg": algorithm, "kid": auth_api.algorithm.lower()}):
        assert await auth_api.status_and_code(forged(auth_api.token(), header)) == (401, "invalid_token")


@pytest.mark.parametrize("key", KEYS.values(), ids=ALGORITHMS)
async def test_a_public_key_signs_nothing(auth_api: AuthApi, key: SigningKey) -> None:
    """HS256 with the published public key as its secret."""
    for secret in (key.pem, key.pem.strip(), json.dumps(key.jwk).encode(), key_set(KEYS.values())):
        for named in ({}, {"kid": key.kid}):
            for algorithm in ("HS256", key.algorithm):
                token = forged(auth_api.token(), {"alg": algorithm, **named}, secret)
                assert await auth_api.status_and_code(token) == (401, "invalid_token")


async def test_the_secret_is_not_accepted_with_an_identity_provider(jwks_api: AuthApi) -> None:
    """Nor is the one in the data folder."""
    token = forged(jwks_api.token(), {"alg": "HS256"}, SECRET)
    assert await jwks_api.status_and_code(token) == (401, "invalid_token")


async def test_every_route_needs_a_signed_token(auth_api: AuthApi) -> None:
    """No token, garbage and unsigned ones are rejected on each method and path."""
    unsigned = forged(auth_api.token(), {"alg": "none"})
    found = list(operations(auth_api.app))
    assert len(found) > 10
    for method, path in found:
        for header in ({}, {"Authorization": "Bearer garbage"}, {"Authorization": f"Bearer {unsigned}"}):
            answer = await auth_api.http.request(method, path, headers=header, content=b"{not JSON")
            assert answer.status_code == httpx.codes.UNAUTHORIZED, (method, path)


async def test_keys_rotate_under_a_running_server(jwks_api: AuthApi) -> None:
    """The new key works at once; the provider was asked once for the first one."""
    new = SigningKey("EdDSA", "new")
    jwks_api.provider.publish([*KEYS.values(), new])

    assert await jwks_api.status_and_code(jwks_api.token()) == (200, "")
    now_s = int(time.time())
    claims = {"sub": ADA, "iat": now_s, "exp": now_s + 600, "aud": "telecine", "iss": "idp"}
    assert await jwks_api.status_and_code(new.token(claims)) == (200, "")
    assert jwks_api.provider.request_count == 1


async def test_an_unavailable_provider_is_a_503(jwks_api: AuthApi) -> None:
    """The token cannot be verified; the client may retry."""
    jwks_api.provider.published = Published(status=500)
    headers = {"Authorization": f"Bearer {jwks_api.token()}"}
    answer = await jwks_api.http.get("/api/videos", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (503, "jwks_unavailable")
    assert answer.headers["retry-after"] == "10"
    assert jwks_api.provider.url not in answer.text


def _sufficient(operation: dict[str, Any]) -> list[str]:
    return [scope for way in operation["security"] for scope in way.get("bearer", ())]


@pytest.mark.parametrize("scopes", [(), *((scope,) for scope in Scope), tuple(DEFAULT_SCOPES), tuple(Scope)])
async def test_a_token_is_good_for_the_operations_that_name_its_scopes(
    api: WorldApi, scopes: tuple[Scope, ...]
) -> None:
    """In the document, on every operation and HEAD of it; the scope is checked before parameters and body."""
    api.application.events.feed.stop()  # Otherwise a stream that is accepted would not end.
    token = api.tokens.issue(ADA, lifetime_s=600, scopes=frozenset(scopes))
    paths = {path: item for path, item in api.document()["paths"].items() if path.startswith("/api/")}
    found = [(method.upper(), path, item[method]) for path, item in paths.items() for method in item]
    assert len(found) == len(list(operations(api.app)))
    for method, path, operation in [*found, *(("HEAD", *rest) for method, *rest in found if method == "GET")]:
        sufficient = _sufficient(operation)
        assert sufficient, (method, path)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await api.http.request(method, path, headers=headers, content=b"{not JSON", params={"no": "such"})
        is_refused = answer.status_code == 403
        assert is_refused == (not set(sufficient) & set(scopes)), (method, path)
        assert answer.status_code != httpx.codes.UNAUTHORIZED, (method, path)
        if is_refused:
            challenge = f'Bearer error="insufficient_scope", scope="{sufficient[0]}"'
            assert answer.headers["www-authenticate"] == challenge, (method, path)
            assert method == "HEAD" or answer.json()["code"] == "insufficient_scope"


async def test_a_browsers_token_uploads_and_follows_and_does_nothing_else(api: WorldApi) -> None:
    """With `videos:upload` alone; it deletes nothing, and lists nothing."""
    permitted = {
        f"{method.upper()} {path}"
        for path, item in api.document()["paths"].items()
        for method, operation in item.items()
        if path.startswith("/api/") and Scope.UPLOAD in _sufficient(operation)
    }
    one = "/api/videos/{video_id}"
    assert permitted == {
        *("POST /api/videos/upload/presigned", "POST /api/videos/upload", f"GET {one}", f"GET {one}/status"),
        *(f"POST {one}/upload/presigned", f"POST {one}/upload/parts", f"POST {one}/upload/complete"),
        *(f"GET {one}/upload", f"DELETE {one}/upload", f"GET {one}/events", "POST /api/events/ticket"),
        *(f"POST {one}/upload/ticket", "GET /api/me", "GET /api/options"),
    }


async def test_a_ticket_of_a_token_that_may_only_upload_opens_one_videos_stream(api: WorldApi) -> None:
    """Not the stream of all; a ticket whose beginning was exchanged is unknown."""
    video_id = (await api.grant())["video_id"]
    api.application.events.feed.stop()
    token = api.tokens.issue(ADA, lifetime_s=600, scopes=frozenset({Scope.UPLOAD}))
    answers: dict[str, int] = {}
    for path, start in ((f"/api/videos/{video_id}/events", "tku_"), ("/api/events", "tku_"), ("/api/events", "tkt_")):
        issued = await api.http.post("/api/events/ticket", headers={"Authorization": f"Bearer {token}"})
        ticket = issued.json()["ticket"]
        assert ticket.startswith("tku_")
        transport = httpx.ASGITransport(cast("Any", api.app))
        async with httpx.AsyncClient(transport=transport, base_url=URL) as page:
            answer = await page.get(path, params={"ticket": start + ticket.removeprefix("tku_")})
        answers[f"{path} {start}"] = answer.status_code
    assert list(answers.values()) == [503, 403, 401]  # The feed is stopped, so the stream would begin later.


async def test_a_token_that_may_only_upload_gets_no_url_that_plays(api: WorldApi) -> None:
    """It follows the video, but a signed URL would play it without any token."""
    video_id = await api.processed()
    uploader = {"Authorization": f"Bearer {api.tokens.issue(ADA, lifetime_s=600, scopes=frozenset({Scope.UPLOAD}))}"}
    seen = (await api.http.get(f"/api/videos/{video_id}", headers=uploader)).json()
    assert (seen["status"], seen["playback_url"], seen["poster_url"]) == ("completed", None, None)
    assert (await api.http.get(f"/api/videos/{video_id}")).json()["playback_url"]


async def test_unknown_and_repeated_parameters_are_refused_by_every_operation(api: WorldApi) -> None:
    """The answer names the parameter; the documented ones are known, whatever their values. Lists may be repeated."""
    api.application.events.feed.stop()
    api.http.headers["Authorization"] = f"Bearer {api.tokens.issue(ADA, lifetime_s=600, scopes=frozenset(Scope))}"
    for path, item in api.document()["paths"].items():
        for method, operation in item.items():
            if not path.startswith("/api/"):
                continue
            documented = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
            if path.endswith("/events"):
                documented.append("ticket")
            wrong = await api.http.request(method, path, params={"Limit ": "1"})
            assert (wrong.status_code, wrong.json()["code"]) == (400, "unknown_parameter"), (method, path)
            assert "`Limit `" in wrong.json()["detail"]
            assert all(f"`{name}`" in wrong.json()["detail"] for name in documented), (method, path)
            right = await api.http.request(method, path, params=dict.fromkeys(documented, "%"))
            assert b"unknown_parameter" not in right.content, (method, path)
            for name in documented:
                twice = await api.http.request(method, path, params={name: ["%", "%"]})
                is_refused = b"repeated_parameter" in twice.content
                assert is_refused == (name != "status" or path != "/api/videos"), (method, path, name)


async def test_a_token_without_write_scope_changes_nothing(api: WorldApi) -> None:
    """It may only read."""
    video_id = await api.processed()
    reader = {"Authorization": f"Bearer {api.tokens.issue(ADA, lifetime_s=600, scopes=frozenset({Scope.READ}))}"}
    before = await api.remembered()
    assert (await api.http.delete(f"/api/videos/{video_id}", headers=reader)).status_code == httpx.codes.FORBIDDEN
    body = {"filename": "clip.mp4", "file_size": 5, "content_type": ""}
    assert (await api.http.post(PRESIGNED, headers=reader, json=body)).status_code == httpx.codes.FORBIDDEN

    assert await api.remembered() == before
    assert (await api.http.get(f"/api/videos/{video_id}", headers=reader)).status_code == httpx.codes.OK
