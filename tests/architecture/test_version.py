"""pyproject.toml states the version; the program reads it from the metadata of its package."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrypoints.cli.main import main
from entrypoints.http.openapi.document import openapi_config

ROOT = Path(__file__).resolve().parents[2]
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_the_command_prints_the_version() -> None:
    """A bug report states the output of `telecine --version`."""
    assert CliRunner().invoke(main, ["--version"]).output.endswith(f", version {VERSION}\n")


def test_the_openapi_document_has_the_version() -> None:
    """It describes the API of this version."""
    assert openapi_config(dict).version == VERSION


def test_the_image_is_tagged_with_the_version() -> None:
    """Images of older versions are kept under their own tags; the release script changes this tag."""
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert re.findall(r"image: telecine:(\S+)", compose) == [VERSION]


def test_the_clients_have_the_version() -> None:
    """A client is generated from the OpenAPI document of its version."""
    python = tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text(encoding="utf-8"))
    typescript = json.loads((ROOT / "clients/typescript/package.json").read_bytes())
    lock = json.loads((ROOT / "clients/typescript/package-lock.json").read_bytes())
    versions = [python["project"]["version"], typescript["version"], lock["version"], lock["packages"][""]["version"]]
    assert versions == [VERSION] * 4


def test_the_wheel_has_what_its_copy_of_the_client_needs() -> None:
    """The client has dependencies of its own; the program must allow the same versions."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    needed = tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    assert set(needed) <= set(ours)


@pytest.mark.parametrize("file", ["Dockerfile", "README.md", "docs/deploy.md"])
def test_no_other_file_states_the_version(file: str) -> None:
    """A release would have to change that file, too."""
    assert re.findall(rf"telecine\S{re.escape(VERSION)}", (ROOT / file).read_text(encoding="utf-8")) == []
