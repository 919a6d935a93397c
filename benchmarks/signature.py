"""F3a: one presigned PUT, by Telecine's signer and by botocore's `generate_presigned_url`, in one process."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from statistics import median
from timeit import timeit
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from adapters.s3.config import S3Config
from adapters.s3.object_store import open_object_store
from adapters.system.clock import SystemClock
from benchmarks.cores import beside_the_server, on_cores
from benchmarks.figures import figure
from benchmarks.scale import Outcome, Scale
from benchmarks.telecine import Bucket
from domain.model.object_key import ObjectKey

KEY = ObjectKey("videos/ada/7d444840-9dc0-11d1-b245-5ffdce74fad2.mp4")
TYPE, SIZE_BYTES, EXPIRES_IN_S = "video/mp4", 73_400_320, 3600


def run(scale: Scale, folder: Path) -> Outcome:
    """Sign the same PUT with both in turn, on the core that is reserved for the subject."""
    del folder
    with beside_the_server() as core, on_cores(core):
        ours_us, theirs_us = asyncio.run(_in_turn(scale))
    ratios = [ours / theirs for ours, theirs in zip(ours_us, theirs_us, strict=True)]
    reached = figure(
        "F3a",
        "one signature, against botocore's generate_presigned_url",
        ratios,
        measured=f"{median(ours_us):.1f} µs against {median(theirs_us):.0f} µs",
        at_most=0.1,
    )
    return Outcome([reached], {"signature": {"ours_us": ours_us, "botocore_us": theirs_us}})


async def _in_turn(scale: Scale) -> tuple[list[float], list[float]]:
    bucket, botocore = Bucket(), _botocore(Bucket())
    config = S3Config(
        bucket=bucket.name,
        access_key_id=bucket.access_key_id,
        secret_access_key=bucket.secret_access_key,
        endpoint_url=bucket.endpoint_url,
        region=bucket.region,
    )
    clock = SystemClock()
    async with open_object_store(config, clock) as store:

        def ours() -> object:
            return store.presign_put(
                KEY, content_type=TYPE, size_bytes=SIZE_BYTES, expires_in_s=EXPIRES_IN_S, signed_at=clock.now()
            )

        pairs = [
            (_microseconds(ours, scale.signatures), _microseconds(botocore, scale.signatures // 10))
            for _ in range(2 * scale.rounds + 1)
        ]
    del pairs[0]  # The first round only warms up caches.
    return [ours_us for ours_us, _ in pairs], [theirs_us for _, theirs_us in pairs]


def _botocore(bucket: Bucket) -> Callable[[], object]:
    client: Any = get_session().create_client(
        "s3",
        endpoint_url=bucket.endpoint_url,
        region_name=bucket.region,
        aws_access_key_id=bucket.access_key_id,
        aws_secret_access_key=bucket.secret_access_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    parameters = {"Bucket": bucket.name, "Key": KEY, "ContentType": TYPE, "ContentLength": SIZE_BYTES}
    return lambda: client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=EXPIRES_IN_S)


def _microseconds(call: Callable[[], object], times: int) -> float:
    return timeit(call, number=times) / times * 1e6
