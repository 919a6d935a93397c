"""Known secrets go through everything; afterwards they are searched for wherever they must not be."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from tests.services.proxy import running_proxy
from tests.torture.canary_use import Canaries, use_everything
from tests.torture.deployment import HOST
from tests.torture.invariants import Broken, Violation
from tests.torture.stage import Findings, Stage
from tests.torture.victim import Victim

REDIS_USER = "telecine"
_MIN_LENGTH = 16
_SECRETS = {
    "token secret": "canary-jwt-5b1e4c0f93d84a6e8f2d7f60",
    "webhook key": "canary-hook-key-0d2b6a9c4f7e41c3b85a1e",
    "openai key": "sk-canary-7c9d2e5f8a1b4c6d9e0f3a2b5c8d",
    "cdn secret": "canary-cdn-1f4e7d0a3c6b9e2d5f8a1b4c7e",
    "redis password": "canary-redis-9e3d6c1f4b8a7e2d5c0f9a",
}
_TABLES = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"


def canary(stage: Stage) -> Findings:
    """Uploads, streams, webhooks and failures with known secrets; none is found in a log, a row, Redis or an answer."""
    findings = Findings("canary")
    keep_redis_user(stage)
    with running_proxy(stage.services.s3.endpoint_url) as storage:
        settings = settings_with_secrets(stage)
        with stage.victim("canary", endpoint_url=storage.url, settings=settings) as victim:
            secrets = {**_SECRETS, "s3 secret": stage.services.s3.secret_access_key}
            canaries = Canaries(secrets, lambda: keep_redis_user(stage))
            use_everything(victim, stage, storage, canaries)
            places = dict(_places(victim, stage, canaries))
            look_for(canaries.values, places, findings)
            findings.add("error_answers", len(canaries.errors))
            look_for_what_must_be_there(victim, places, findings)
    return findings


def keep_redis_user(stage: Stage) -> None:
    """Create the user of Redis that has a password; Redis forgets it when it restarts."""
    password = _SECRETS["redis password"]
    stage.services.redis.ask("ACL", "SETUSER", REDIS_USER, "on", f">{password}", "~*", "&*", "+@all")


def settings_with_secrets(stage: Stage) -> dict[str, str]:
    """The settings of a deployment that has a secret for everything."""
    redis = stage.services.redis
    return {
        "TELECINE_JWT_SECRET": _SECRETS["token secret"],
        "TELECINE_WEBHOOK_SECRET_KEY": _SECRETS["webhook key"],
        "TELECINE_CDN_URL": "https://cdn.example.org",
        "TELECINE_CDN_SECRET": _SECRETS["cdn secret"],
        "TELECINE_REDIS_URL": f"redis://{REDIS_USER}:{_SECRETS['redis password']}@{HOST}:{redis.port}/1",
        "TELECINE_LOG_LEVEL": "DEBUG",
        "OPENAI_API_KEY": _SECRETS["openai key"],
    }


def _places(victim: Victim, stage: Stage, canaries: Canaries) -> Iterator[tuple[str, bytes]]:
    """Everything that was written, by the name of the place."""
    deployment, rows = victim.deployment, victim.deployment.rows
    for program in deployment.programs:
        yield f"log {program.log.name}", program.log.read_bytes()
    for table in rows.read(_TABLES):
        lines = rows.read(f'SELECT row_to_json(t)::text AS line FROM "{table["name"]}" AS t')  # noqa: S608 (its own name)
        yield f"table {table['name']}", "\n".join(str(line["line"]) for line in lines).encode()
    yield from _files("redis", stage.services.redis.folder)
    yield from _files("data folder", deployment.folder / "state")
    yield "error answers", "\n".join(canaries.errors).encode()
    yield "output of the doctor", canaries.doctor.encode()


def _files(name: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{name} {path.relative_to(folder)}", path.read_bytes()


def look_for(canaries: Mapping[str, str], places: Mapping[str, bytes], findings: Findings) -> None:
    """Search every place for every canary in its usual spellings; each hit is a violation."""
    for place, content in places.items():
        for name, secret in canaries.items():
            assert len(secret) >= _MIN_LENGTH, name
            hits = sum(content.count(spelling) for spelling in _spellings(secret))
            findings.add("hits", hits)
            if hits:
                findings.violations.append(Violation(Broken.SECRET, f"{name} in {place}: {hits} times"))
    findings.figures |= {
        "canaries": len(canaries),
        "places": len(places),
        "bytes_searched": sum(len(content) for content in places.values()),
    }


def look_for_what_must_be_there(victim: Victim, places: Mapping[str, bytes], findings: Findings) -> None:
    """Find the ids of jobs in logs, tables and Redis: a search that finds nothing at all would prove nothing."""
    jobs = [str(row["id"]).encode() for row in victim.deployment.rows.read("SELECT id FROM jobs")]
    for kind in ("log worker", "table jobs", "redis appendonlydir"):
        content = b"".join(text for place, text in places.items() if place.startswith(kind))
        if not any(job in content for job in jobs):
            findings.violations.append(Violation(Broken.SECRET, f"the search does not find what is in: {kind}"))


def _spellings(secret: str) -> set[bytes]:
    plain = secret.encode()
    return {plain, quote(secret, safe="").encode(), b64encode(plain).rstrip(b"="), plain.hex().encode()}
