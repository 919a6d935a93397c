"""The doctor's findings about a bucket: the embedded bucket, and buckets that misbehave."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from adapters.fakes.clock import FakeClock
from adapters.localfs.object_store import LocalObjectStore
from domain.model.errors import Unavailable
from domain.model.object_key import ObjectKey
from entrypoints.doctor.checks.bucket_diagnosis import cors_remedy
from entrypoints.doctor.checks.bucket_probe import BucketProbe
from entrypoints.doctor.report import Check, Finding, Level, run_check
from tests.contract.bucket_gateway_fixtures import BASE_URL, SECRET, local_gateway
from tests.contract.object_store_fixtures import wire_to

pytestmark = pytest.mark.anyio

ORIGIN = "https://video.example.org"
PREFIX = "doctor/0123/"

Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncGenerator[BucketProbe]:
    """The checks against the embedded bucket, served over HTTP as R2 would serve it."""
    async with local_gateway(tmp_path) as inner, wire_to(inner.gateway) as wire:
        assert isinstance(inner.store, LocalObjectStore)
        yield BucketProbe(inner.store, inner.store.multipart_store, wire.client, inner.clock, PREFIX, (ORIGIN,))


@pytest.fixture
async def answering(trial: BucketProbe) -> AsyncGenerator[Callable[[Answering], BucketProbe]]:
    """The checks against a bucket whose responses the test defines."""
    clients: list[httpx.AsyncClient] = []

    def with_answers(answer: Answering) -> BucketProbe:
        clients.append(httpx.AsyncClient(transport=httpx.MockTransport(answer)))
        return replace(trial, http=clients[-1])

    yield with_answers
    for client in clients:
        await client.aclose()


async def findings(trial: BucketProbe) -> dict[str, Finding]:
    """All findings by name."""
    return {check.name: await run_check(check) for check in trial.checks()}


async def test_a_bucket_that_keeps_its_promises_passes_every_check(trial: BucketProbe) -> None:
    """The clean-up removes what the checks created, and nothing else."""
    other = ObjectKey("videos/ann/1.mp4")
    await trial.store(other)
    found = await findings(trial)
    assert {name: each.text for name, each in found.items() if each.verdict.level is not Level.OK} == {}
    assert len(await trial.objects.list_keys(PREFIX)) > 1
    await trial.clean_up()
    assert await trial.objects.list_keys("") == [other]


async def test_a_bucket_that_takes_everything_has_failed(answering: Callable[[Answering], BucketProbe]) -> None:
    """Only the signature enforces length, type and expiry."""
    found = await findings(answering(lambda _request: httpx.Response(200)))
    for name in ("bucket PUT, length", "bucket PUT, type", "bucket PUT, expired"):
        assert found[name].verdict.level is Level.FAILED
        assert "200" in found[name].verdict.observation
        assert "Signature Version 4" in found[name].verdict.remedy


async def test_a_bucket_that_rejects_requests_says_why(answering: Callable[[Answering], BucketProbe]) -> None:
    """The S3 code is reported, but neither the URL nor the body."""
    body = "<Error><Code>AccessDenied</Code><Message>canary X-Amz-Signature=canary</Message></Error>"
    found = await findings(answering(lambda _request: httpx.Response(403, text=body)))
    assert found["bucket PUT"].verdict.observation == "a presigned PUT got 403 AccessDenied"
    assert "Object Read & Write" in found["bucket PUT"].verdict.remedy
    assert found["bucket GET, range"].verdict.level is Level.FAILED
    assert not any("canary" in each.text or "ignature=" in each.text for each in found.values())


async def test_an_unreachable_host_is_reported_as_such(answering: Callable[[Answering], BucketProbe]) -> None:
    """Signing makes no network call, so this is the first sign of a wrong endpoint."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"canary {request.url}")

    found = await findings(answering(refuse))
    assert (
        found["bucket PUT"].verdict.observation
        == "The host of presigned URLs does not respond: ConnectError. (unreachable)"
    )
    assert found["bucket clock"].verdict.level is Level.FAILED


async def test_a_store_that_ignores_ranges_has_failed(answering: Callable[[Answering], BucketProbe]) -> None:
    """A player would fetch the whole video for every seek."""
    found = await findings(answering(lambda _request: httpx.Response(200, content=b"everything")))
    assert found["bucket GET, range"].verdict.observation == "a GET of a range got 200"


async def test_a_store_that_answers_with_another_type_is_a_warning(trial: BucketProbe) -> None:
    """Some players depend on it."""
    sent = trial.http

    async def retyped(request: httpx.Request) -> httpx.Response:
        answer = await sent.send(request)
        return httpx.Response(
            answer.status_code, headers={"Content-Type": "binary/octet-stream"}, content=answer.content
        )

    async with httpx.AsyncClient(transport=httpx.MockTransport(retyped)) as client:
        found = await findings(replace(trial, http=client))
    assert found["bucket GET, range"].verdict.level is Level.WARNING
    assert "binary/octet-stream" in found["bucket GET, range"].verdict.observation


async def test_a_store_that_gives_downloads_no_name_is_a_warning(trial: BucketProbe) -> None:
    """Kept originals would get the name of their key."""
    sent = trial.http

    async def unnamed(request: httpx.Request) -> httpx.Response:
        answer = await sent.send(request)
        headers = {"Content-Type": answer.headers.get("Content-Type", "")}
        return httpx.Response(answer.status_code, headers=headers, content=answer.content)

    async with httpx.AsyncClient(transport=httpx.MockTransport(unnamed)) as client:
        found = await findings(replace(trial, http=client))
    assert found["bucket GET, range"].verdict.level is Level.WARNING
    assert "Content-Disposition" in found["bucket GET, range"].verdict.observation


async def test_a_clock_difference_is_reported_with_its_direction(answering: Callable[[Answering], BucketProbe]) -> None:
    """Every response contains the bucket's time."""
    ahead = format_datetime(FakeClock().now().astimezone(UTC) + timedelta(hours=1), usegmt=True)
    found = await findings(answering(lambda _request: httpx.Response(403, headers={"Date": ahead})))
    assert (
        found["bucket clock"].verdict.observation
        == "the bucket's clock is 3600 s ahead of this host's, so the bucket rejects signatures"
    )
    assert "timedatectl" in found["bucket clock"].verdict.remedy


ALLOWED = {
    "Access-Control-Allow-Origin": ORIGIN,
    "Access-Control-Allow-Methods": "GET, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
}


async def test_cors_that_lacks_something_says_what_to_paste(answering: Callable[[Answering], BucketProbe]) -> None:
    """The rule names the origin of the page."""
    found = await findings(answering(lambda _request: httpx.Response(403)))
    assert found["bucket CORS"].verdict.remedy == cors_remedy([ORIGIN])
    assert f'"AllowedOrigins": ["{ORIGIN}"], "AllowedMethods": ["GET", "PUT"]' in cors_remedy([ORIGIN])


async def test_cors_must_hold_for_the_put_itself(answering: Callable[[Answering], BucketProbe]) -> None:
    """Even after a passed preflight, a page cannot read a response without the header."""

    def preflight_only(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=ALLOWED if request.method == "OPTIONS" else {})

    found = await findings(answering(preflight_only))
    assert "cannot read the response" in found["bucket CORS"].verdict.observation


async def test_every_origin_must_be_allowed(answering: Callable[[Answering], BucketProbe]) -> None:
    """The missing one is named; the rule to paste contains all of them."""
    origins = (ORIGIN, "https://other.example")

    def one_only(request: httpx.Request) -> httpx.Response:
        headers = ALLOWED if request.headers.get("origin") == ORIGIN else {}
        return httpx.Response(200, headers={**headers, "Access-Control-Expose-Headers": "etag"})

    found = await run_check(Check("bucket CORS", replace(answering(one_only), origins=origins).check_cors, ""))
    assert found.verdict.observation.startswith("pages of https://other.example cannot upload")
    assert found.verdict.remedy == cors_remedy(origins)


async def test_what_an_earlier_run_left_is_a_warning(trial: BucketProbe) -> None:
    """It was killed before its clean-up; objects of others are not touched."""
    left = ObjectKey("doctor/4567/put.mp4")
    await trial.store(left)
    found = await findings(trial)
    assert found["bucket leftovers"].verdict.level is Level.WARNING
    assert found["bucket leftovers"].verdict.observation == "objects left by earlier runs under doctor/: 1"
    await trial.clean_up()
    assert await trial.objects.list_keys("") == [left]


async def test_an_unavailable_bucket_fails_every_check(trial: BucketProbe) -> None:
    """An early failure does not stop later checks."""

    class AwayStore(LocalObjectStore):
        """A bucket that does not respond."""

        async def check(self) -> None:
            """Fail."""
            raise Unavailable("The bucket does not exist at this endpoint.", code="bucket_missing")

    away = AwayStore(Path("/nowhere"), secret=SECRET, base_url=BASE_URL, clock=trial.clock)
    found = await findings(replace(trial, objects=away))
    assert found["bucket"].verdict.observation == "The bucket does not exist at this endpoint. (bucket_missing)"
    assert list(found) == [check.name for check in trial.checks()]
