"""Servers for the tests of the page: the embedded defaults, and Postgres, Redis and a bucket on another origin."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e.processes import Telecine, running
from tests.services.postgres import running_postgres
from tests.services.redis import running_redis
from tests.services.s3 import S3Server, running_moto
from tests.services.transcription_server import TranscriptionServer, running_transcription_server

CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
<AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
</CORSRule></CORSConfiguration>"""

JWT_SECRET = "of the tests of the page, 32 bytes or more"

# The smallest parts that S3 allows, so that a file of 40 MB is sent in several.
SMALL_PARTS = {"TELECINE_MULTIPART_PART_BYTES": str(5 * 1024 * 1024)}


@contextmanager
def embedded(folder: Path, **environment: str) -> Generator[Telecine]:
    """`telecine dev` on its defaults, with a fast preset and a scripted transcriber."""
    with (
        running_transcription_server() as transcription,
        running(folder / "data", **_fast(transcription), **environment) as server,
    ):
        yield server


@contextmanager
def on_s3(folder: Path, **environment: str) -> Generator[Telecine]:
    """The same process on Postgres and Redis, with a bucket that the browser reaches by another origin."""
    with ExitStack() as stack:
        transcription = stack.enter_context(running_transcription_server())
        postgres = stack.enter_context(running_postgres(durable=False))
        redis = stack.enter_context(running_redis())
        bucket = stack.enter_context(running_moto())
        bucket.ask("PUT", f"/{bucket.bucket}", {"cors": ""}, content=CORS.encode())
        settings = {
            "TELECINE_DATABASE_URL": postgres.new_database(),
            "TELECINE_REDIS_URL": redis.url,
            "TELECINE_JWT_SECRET": JWT_SECRET,
            **bucket_settings(bucket),
            **_fast(transcription),
            **environment,
        }
        migrate = [sys.executable, "-m", "entrypoints.cli", "migrate"]
        subprocess.run(migrate, check=True, capture_output=True, cwd=folder, env={**os.environ, **settings})
        yield stack.enter_context(running(folder / "data", **settings))


def bucket_settings(bucket: S3Server) -> dict[str, str]:
    """The settings of a bucket that browsers reach at `localhost` and the server at 127.0.0.1."""
    return {
        "TELECINE_S3_BUCKET": bucket.bucket,
        "TELECINE_S3_ENDPOINT_URL": bucket.endpoint_url,
        "TELECINE_S3_PUBLIC_ENDPOINT_URL": bucket.endpoint_url.replace("127.0.0.1", "localhost"),
        "TELECINE_S3_REGION": bucket.region,
        "TELECINE_S3_ACCESS_KEY_ID": bucket.access_key_id,
        "TELECINE_S3_SECRET_ACCESS_KEY": bucket.secret_access_key,
    }


def _fast(transcription: TranscriptionServer) -> dict[str, str]:
    return {
        "TELECINE_COMPRESSION_PRESET": "ultrafast",
        "TELECINE_TRANSCRIBER": "openai",
        "OPENAI_API_KEY": "test",
        "OPENAI_BASE_URL": transcription.base_url,
    }
