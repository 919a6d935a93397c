"""The deployment files match the program."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from dotenv import dotenv_values

from entrypoints.cli.main import main
from entrypoints.config.loading import load_settings
from entrypoints.config.settings import every_setting
from entrypoints.config.values import SettingsError

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example", interpolate=False).items()}

# A value in place of the operator's: 32 bytes, long enough for every secret.
FILLING = "0123456789abcdef0123456789abcdef"
REQUIRED = [
    "TELECINE_JWT_SECRET",
    "TELECINE_S3_BUCKET",
    "TELECINE_S3_ACCESS_KEY_ID",
    "TELECINE_S3_SECRET_ACCESS_KEY",
    "OPENAI_API_KEY",
]


def instructions() -> Iterator[tuple[str, str]]:
    """Yield the instructions of the Dockerfile, with continued lines joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    for line in joined.splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest


def last_stage() -> list[tuple[str, str]]:
    """Return the instructions of the last stage, which make the final image."""
    found = list(instructions())
    begins = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[begins:]


def filled(environment: dict[str, str], *, without: str = "") -> dict[str, str]:
    """Fill the example in as an operator does, and add the environment that compose.yaml sets."""
    example = {name: value or FILLING for name, value in environment.items() if name != without}
    given = {name: value.replace("${POSTGRES_PASSWORD:?set it in .env}", FILLING) for name, value in GIVEN.items()}
    return {**example, **given}


GIVEN: dict[str, str] = SERVICES["api"]["environment"]


def test_the_example_holds_only_what_is_known() -> None:
    """An unknown variable would prevent the start; a variable that only compose.yaml knows must be used there."""
    known = {setting.variable for setting in every_setting()}
    compose_text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    unknown = [name for name in EXAMPLE if name not in known and f"${{{name}:" not in compose_text]
    assert unknown == []
    commented = re.findall(r"^# ([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in commented if name not in known] == []


def test_the_example_filled_in_is_a_production_installation() -> None:
    """With what compose.yaml sets, it has Postgres, Redis and a bucket, and the settings load without an error."""
    settings = load_settings(filled(EXAMPLE))
    assert not settings.database.is_embedded
    assert settings.job_queue.is_shared
    assert not settings.storage.is_embedded
    assert settings.logs.format == "json"


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_required_is_in_the_example(name: str) -> None:
    """The start fails without it, so the example lists it with an empty value."""
    assert EXAMPLE[name] == ""
    with pytest.raises(SettingsError) as refused:
        load_settings(filled(EXAMPLE, without=name))
    assert name in str(refused.value)


@pytest.mark.parametrize("service", OURS)
def test_every_container_runs_a_command_that_exists(service: str) -> None:
    """The command accepts the options that compose.yaml gives it."""
    name, *arguments = OURS[service]["command"]
    command = main.commands[name]
    assert isinstance(command.make_context(name, [str(word) for word in arguments]), click.Context)


def test_the_workers_together_consume_every_queue() -> None:
    """Each queue has exactly one kind of worker."""
    commands = [service["command"] for service in OURS.values() if service["command"][0] == "worker"]
    queues = [queue for command in commands for queue in command[command.index("--queues") + 1].split(",")]
    assert sorted(queues) == ["io", "maintenance", "media", "webhooks"]


def test_nothing_starts_before_the_tables_are_there() -> None:
    """The migration waits for Postgres, and every other container waits for the migration."""
    assert OURS["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert OURS["migrate"]["restart"] == "no"
    for name in set(OURS) - {"migrate"}:
        conditions = {on: how["condition"] for on, how in OURS[name]["depends_on"].items()}
        assert conditions == {
            "migrate": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_ends_in_order_and_comes_back(service: str) -> None:
    """A worker needs up to 25 s to release its jobs."""
    if service != "migrate":
        assert SERVICES[service]["restart"] == "unless-stopped"
    assert int(SERVICES[service]["stop_grace_period"].removesuffix("s")) >= 30
    assert SERVICES[service]["logging"]["options"]["max-size"]


@pytest.mark.parametrize("service", ["postgres", "redis"])
def test_servers_are_healthy_before_they_are_used_and_keep_what_they_have(service: str) -> None:
    """Their data is on named volumes, and their ports are not published."""
    described = SERVICES[service]
    assert described["healthcheck"]["test"][0] == "CMD"
    (volume,) = described["volumes"]
    assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert "ports" not in described


def test_redis_keeps_and_never_evicts() -> None:
    """`telecine doctor` warns about any other configuration."""
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_api_is_open_to_this_host_only() -> None:
    """An operator puts a proxy with TLS in front of it."""
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])
    assert [name for name in OURS if name != "api" and "ports" in OURS[name]] == []


def test_every_image_is_pinned() -> None:
    """Each image has a tag with a version."""
    images = [str(service["image"]) for service in SERVICES.values()]
    images += [rest.split()[0] for name, rest in instructions() if name == "FROM" and "$" not in rest]
    images += [rest.partition("=")[2] for name, rest in instructions() if name == "ARG" and rest.startswith("PYTHON=")]
    assert len(images) > len(SERVICES)
    assert [image for image in images if not re.search(r":[^:]*\d", image)] == []


def test_what_the_dockerfile_copies_is_there_and_gets_to_the_builder() -> None:
    """`.dockerignore` lets exactly the copied paths through, and not `.env`."""
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignore if line.startswith("!")}
    assert "*" in ignore
    copied = {
        source
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert copied == let_through
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert not any(fnmatch(".env", pattern) for pattern in let_through)


def test_the_image_runs_as_an_unprivileged_user_under_tini() -> None:
    """A process that escapes from a container keeps its user; as root it would control the host."""
    stage = dict(last_stage())
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", stage["USER"])
    assert stage["ENTRYPOINT"] == '["tini", "--", "telecine"]'
    assert "/health/ready" in stage["HEALTHCHECK"]


def test_the_image_has_what_ffmpeg_needs_and_no_compiler() -> None:
    """The sandbox needs no program."""
    (installing,) = [rest for name, rest in last_stage() if name == "RUN"]
    words = set(installing.split())
    assert {"ffmpeg", "tini"} <= words
    assert not words & {"gcc", "build-essential", "git", "curl"}
    assert "--no-install-recommends" in words
