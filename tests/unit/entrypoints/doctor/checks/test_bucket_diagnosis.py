"""What a bucket's responses mean."""

from datetime import timedelta

import httpx
import pytest

from entrypoints.doctor.checks.bucket_diagnosis import clock_verdict, missing_cors, rejection_verdict
from entrypoints.doctor.report import Level

pytestmark = pytest.mark.anyio

ORIGIN = "https://video.example.org"


@pytest.mark.parametrize(
    ("skew_s", "level"),
    [(0, Level.OK), (-30, Level.OK), (31, Level.WARNING), (-300, Level.WARNING), (-301, Level.FAILED)],
)
def test_a_clock_difference_of_a_few_seconds_is_ok(skew_s: float, level: Level) -> None:
    """The header has whole seconds, and the response takes time to arrive."""
    assert clock_verdict(timedelta(seconds=skew_s)).level is level


@pytest.mark.parametrize(
    ("status", "level"), [(400, Level.OK), (403, Level.OK), (200, Level.FAILED), (500, Level.FAILED)]
)
def test_only_a_client_error_is_a_rejection(status: int, level: Level) -> None:
    """A bucket with a server error has not rejected the request."""
    assert rejection_verdict(httpx.Response(status), "it").level is level


ALLOWED = {
    "Access-Control-Allow-Origin": ORIGIN,
    "Access-Control-Allow-Methods": "GET, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
}


@pytest.mark.parametrize(
    ("status", "headers", "gap"),
    [
        (204, ALLOWED, ""),
        (200, {**ALLOWED, "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}, ""),
        (403, ALLOWED, "the preflight got 403"),
        (200, {**ALLOWED, "Access-Control-Allow-Origin": "https://other.example"}, f"not allowed: the origin {ORIGIN}"),
        (200, {**ALLOWED, "Access-Control-Allow-Methods": "GET"}, "not allowed: the method PUT"),
        (200, {**ALLOWED, "Access-Control-Allow-Headers": "etag"}, "not allowed: the header content-type"),
    ],
)
def test_a_preflight_must_allow_origin_method_and_header(status: int, headers: dict[str, str], gap: str) -> None:
    """Origin, method and header, as a browser checks them."""
    assert missing_cors(httpx.Response(status, headers=headers), ORIGIN) == gap
