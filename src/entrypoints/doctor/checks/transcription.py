"""Checks the transcriber: the local model, or the server with an OpenAI-compatible API."""

import asyncio
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from adapters.openai.config import OpenAIConfig
from adapters.whisper.config import BUNDLED_MODELS, WhisperConfig
from adapters.whisper.transcriber import load_engine
from entrypoints.bootstrap.transcription import openai_config, whisper_config
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Verdict, failed, ok, warning

LOADING_S = 60.0  # Longer than the limit of other checks: reading a model and checking its digest takes time.

_TIMEOUT_S = 8.0


def transcriber_checks(settings: Settings) -> list[Check]:
    """One check, of the configured transcriber."""
    choose = f"Or set {variable('transcriber')} to another one: local, openai or none."
    match settings.transcription.transcriber:
        case "none":
            return [Check("transcriber", _no_transcriber, choose)]
        case "local":
            remedy = f"Install `telecine[local]`. {choose}"
            return [Check("transcriber", partial(check_model, settings), remedy, limit_s=LOADING_S)]
        case "openai":
            remedy = f"Set {variable('openai_base_url')} to a server that this host can reach. {choose}"
            return [Check("transcriber", partial(check_server, settings), remedy)]


async def _no_transcriber() -> Verdict:
    return ok("none: videos complete without a transcript")


async def check_model(settings: Settings) -> Verdict:
    """Load a model that is on this machine; a model from the hub is not tested, because it would be downloaded."""
    config = whisper_config(settings.transcription, settings.storage.data_dir)
    if not _is_local(config.model) and find_spec("faster_whisper") is not None:
        return warning(
            f"the model {config.model!r} comes from the Hugging Face hub, and was not tested",
            f"Download it to a folder in advance, and set {variable('transcription_model')} to that folder.",
        )
    await asyncio.to_thread(_load, config)
    is_bundled = config.model in BUNDLED_MODELS
    digests = "its files have the published digests" if is_bundled else "its files are not compared with any digest"
    return ok(f"local, the model {config.model!r} loads; {digests}")


def _load(config: WhisperConfig) -> None:
    """Load the model without a change in the installation: a model in parts is joined in a temporary folder."""
    with TemporaryDirectory(prefix="telecine-doctor-") as folder:
        load_engine(replace(config, models_folder=Path(folder)))


def _is_local(model: str) -> bool:
    return model in BUNDLED_MODELS or Path(model).is_dir()


async def check_server(settings: Settings) -> Verdict:
    """Request the list of models, which is free of charge and needs the key."""
    config = openai_config(settings.transcription)
    url = f"{config.base_url.rstrip('/')}/models"
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
            response = await http.get(url, headers=config.headers)
    except httpx.HTTPError as error:
        return failed(
            f"{config.base_url} cannot be reached ({type(error).__name__})",
            f"Check DNS, firewall and proxy of this host, or correct {variable('openai_base_url')}.",
        )
    return _server_verdict(response, config)


def _server_verdict(response: httpx.Response, config: OpenAIConfig) -> Verdict:
    status = f"{config.base_url} answered {response.status_code}"
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return failed(
            f"{status}: the key is rejected",
            f"Set {variable('openai_api_key')} to a valid key for that server.",
        )
    if response.status_code != HTTPStatus.OK:
        return warning(
            f"{status} to the request for its models",
            f"Some servers do not list models; if this one should, correct {variable('openai_base_url')}.",
        )
    models = _models(response)
    if models and config.model not in models:
        return failed(
            f"{config.base_url} does not offer {config.model!r} to this key",
            f"Set {variable('transcription_model')} to one that it offers, or allow this one for the key's project.",
        )
    return ok(f"{config.base_url} accepts the key, the model is {config.model!r}")


def _models(response: httpx.Response) -> set[str]:
    """The ids of the listed models; empty if the response has another format."""
    try:
        content: Any = response.json()
        return {str(model["id"]) for model in content["data"]}
    except (ValueError, KeyError, TypeError):
        return set()
