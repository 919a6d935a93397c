"""What browsers need of a bucket in addition to the presigned PUT, and POST uploads, which R2 lacks."""

import httpx
import pytest

from adapters.s3.object_store import S3ObjectStore, open_object_store
from adapters.s3.query_signer import QuerySigner
from adapters.system.clock import SystemClock
from domain.model.object_key import ObjectKey
from tests.contract.s3_object_store_fixtures import moto, r2

pytestmark = pytest.mark.anyio

ORIGIN = "https://videos.example"
KEY = ObjectKey("videos/ann/1.mp4")


def _put_url(store: S3ObjectStore) -> str:
    now = SystemClock().now()
    return store.presign_put(KEY, content_type="video/mp4", size_bytes=4, expires_in_s=60, signed_at=now).url


async def test_a_page_may_upload_once_the_bucket_lets_its_origin() -> None:
    """The browser sends a preflight, and reads the response only with the rule from the deployment guide."""
    server = moto()
    config = server.config(bucket=server.new_bucket())
    async with open_object_store(config, SystemClock()) as store, httpx.AsyncClient(trust_env=False) as browser:
        url = _put_url(store)
        await store._bucket.client.put_bucket_cors(
            Bucket=config.bucket,
            CORSConfiguration={
                "CORSRules": [
                    {
                        "AllowedOrigins": [ORIGIN],
                        "AllowedMethods": ["PUT"],
                        "AllowedHeaders": ["content-type"],
                        "ExposeHeaders": ["ETag"],
                    }
                ]
            },
        )
        preflight = await browser.options(
            url,
            headers={
                "Origin": ORIGIN,
                "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        put = await browser.put(url, content=b"data", headers={"Content-Type": "video/mp4", "Origin": ORIGIN})
    assert preflight.is_success
    assert preflight.headers["access-control-allow-origin"] in {ORIGIN, "*"}
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert put.is_success
    assert put.headers["access-control-allow-origin"] in {ORIGIN, "*"}


async def test_r2_has_no_upload_by_form() -> None:
    """POST policies cannot be used; the double rejects them as R2 does."""
    server = r2()
    config = server.config()
    signer = QuerySigner(
        config.endpoint,
        region=config.signing_region,
        access_key_id=config.access_key_id,
        secret_access_key=config.secret_access_key,
    )
    url = signer.sign("POST", f"/{config.bucket}", query={}, now=SystemClock().now(), expires_in_s=60)
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.post(url, data={"key": KEY, "policy": "e30="}, files={"file": b"data"})
    assert answer.status_code == httpx.codes.NOT_IMPLEMENTED
    assert "NotImplemented" in answer.text
