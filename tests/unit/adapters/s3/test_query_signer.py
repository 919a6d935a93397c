"""Our signatures compared with botocore's."""

from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from adapters.s3.query_signer import MAX_EXPIRY_S, QuerySigner

KEY_ID, SECRET = "AKIDEXAMPLE/+=", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ENDPOINTS = (
    "https://abc.r2.cloudflarestorage.com",
    "http://127.0.0.1:9000",
    "https://s3.example.com:443",
    "http://s3.example.com:80",
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
HEADER = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60)


class OracleAuth(S3SigV4QueryAuth):
    """botocore's signer with a given time."""

    def sign_at(self, request: AWSRequest, now: datetime) -> str:
        """The signature of the request."""
        request.context["timestamp"] = now.strftime("%Y%m%dT%H%M%SZ")
        cast("Any", self)._modify_request_before_signing(request)
        text = self.string_to_sign(request, self.canonical_request(request))
        return str(self.signature(text, request))


def signer(endpoint: str, region: str = "auto") -> QuerySigner:
    """Our signer."""
    return QuerySigner(endpoint, region=region, access_key_id=KEY_ID, secret_access_key=SECRET)


@given(
    endpoint=st.sampled_from(ENDPOINTS),
    region=st.sampled_from(["auto", "us-east-1"]),
    method=st.sampled_from(["PUT", "GET"]),
    key=TEXT,
    query=st.dictionaries(st.sampled_from(["partNumber", "uploadId", "response-content-type"]), TEXT),
    headers=st.dictionaries(st.sampled_from(["content-type", "content-length"]), HEADER),
    now=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    expires_in_s=st.integers(1, MAX_EXPIRY_S),
)
def test_the_signature_is_botocores(
    endpoint: str,
    region: str,
    method: str,
    key: str,
    query: dict[str, str],
    headers: dict[str, str],
    now: datetime,
    expires_in_s: int,
) -> None:
    """For any key, parameters, headers and time."""
    path = f"/bucket/{key}"
    url = signer(endpoint, region).sign(method, path, query=query, headers=headers, now=now, expires_in_s=expires_in_s)
    target = f"{endpoint}{quote(path, safe='/~')}"
    request = AWSRequest(method, f"{target}?{urlencode(query, quote_via=quote)}" if query else target, headers)
    oracle = OracleAuth(Credentials(KEY_ID, SECRET), "s3", region, expires=expires_in_s)
    assert parse_qs(urlsplit(url).query)["X-Amz-Signature"] == [oracle.sign_at(request, now)]


@pytest.mark.parametrize("content_type", ["video/mp4", 'video/mp4; codecs="avc1.42E01E"'])
def test_the_url_is_the_one_that_botocores_client_gives(content_type: str) -> None:
    """Path and parameters as well as the signature."""
    client: Any = get_session().create_client(
        "s3",
        region_name="auto",
        endpoint_url=ENDPOINTS[0],
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    params = {"Bucket": "b", "Key": "videos/auth0%7Cann/ü 1.mp4", "ContentType": content_type, "ContentLength": 7}
    theirs = urlsplit(str(client.generate_presigned_url("put_object", Params=params, ExpiresIn=60)))
    client.close()
    now = datetime.strptime(parse_qs(theirs.query)["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    headers = {"content-type": content_type, "content-length": "7"}
    ours = urlsplit(
        signer(ENDPOINTS[0]).sign("PUT", f"/b/{params['Key']}", query={}, headers=headers, now=now, expires_in_s=60)
    )
    assert ours[:3] == theirs[:3]
    assert parse_qs(ours.query) == parse_qs(theirs.query)


@pytest.mark.parametrize(
    ("requested_s", "signed_s"), [(-1, 1), (0, 1), (60, 60), (MAX_EXPIRY_S, MAX_EXPIRY_S), (10**9, MAX_EXPIRY_S)]
)
def test_no_url_lives_longer_than_a_week(requested_s: int, signed_s: int) -> None:
    """S3 and R2 reject more than that, and less than a second."""
    url = signer(ENDPOINTS[0]).sign("GET", "/b/k", query={}, now=datetime.now(UTC), expires_in_s=requested_s)
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == [str(signed_s)]


def test_each_day_has_its_own_key() -> None:
    """A cached key of one day signs nothing on another."""
    kept = signer(ENDPOINTS[0])
    for day in (1, 2, 1):
        now = datetime(2026, 1, day, tzinfo=UTC)
        fresh = signer(ENDPOINTS[0]).sign("GET", "/b/k", query={}, now=now, expires_in_s=60)
        assert kept.sign("GET", "/b/k", query={}, now=now, expires_in_s=60) == fresh
