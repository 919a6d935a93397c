"""Checks this host: the data folder, the token secret, the public URL, CORS origins, and the `.env` file."""

import os
import shutil
import stat
import tempfile
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from adapters.system.secret import load_or_create_secret
from entrypoints.config.addresses import is_loopback
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Verdict, failed, in_thread, ok, warning

GIB = 1024**3
MIN_FREE_BYTES = 10 * GIB  # Enough to process a source of 3 GiB; a larger one needs more.
MIN_DISTINCT_BYTES = 12

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def host_checks(settings: Settings) -> list[Check]:
    """The checks that need no other machine."""
    return [
        Check("settings", in_thread(partial(check_env_file, Path(".env"))), "Make `.env` readable."),
        Check(
            "data folder",
            in_thread(partial(check_folder, settings.storage.data_dir)),
            f"Set {variable('data_dir')} to a folder that the service's user can write to.",
        ),
        Check(
            "disk space",
            in_thread(partial(check_space, settings.storage.data_dir, settings.storage.disk_reserve_bytes)),
            f"Put {variable('data_dir')} on a disk that responds.",
        ),
        Check("token secret", in_thread(partial(check_secret, settings)), "Inspect the contents of the file."),
        Check("public URL", in_thread(partial(check_public_url, settings)), f"Set {variable('public_url')}."),
        Check(
            "CORS origins",
            in_thread(partial(check_origins, settings)),
            f"Set {variable('cors_allowed_origins')} to the origins of your pages.",
        ),
    ]


def check_env_file(path: Path) -> Verdict:
    """Check that other users have no access to `.env`; the settings have been checked before."""
    if not path.is_file():
        return ok("valid; from the environment, there is no .env in this directory")
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        return warning("valid, but other users have access to the secrets in .env", f"chmod 600 {path.absolute()}")
    return ok("valid; from the environment and .env")


def check_folder(folder: Path) -> Verdict:
    """Check that this user can write to the folder and other users have no access; each job writes there."""
    folder = folder.absolute()
    parent = _nearest(folder)
    if parent != folder:
        if os.access(parent, os.W_OK | os.X_OK):
            return ok(f"{folder} will be created at the first start")
        return failed(f"{folder} does not exist, and {parent} is not writable", _own(folder))
    if not folder.is_dir():
        return failed(f"{folder} is not a folder", f"Set {variable('data_dir')} to a folder, or remove the file.")
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"doctor")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        return failed(f"{folder} is not writable: {error.strerror}", _own(folder))
    if folder.stat().st_mode & _OPEN_TO_OTHERS:
        return warning(f"{folder} is accessible to other users", f"chmod 700 {folder}")
    return ok(f"{folder} is writable, and other users have no access")


def check_space(folder: Path, reserve_bytes: int) -> Verdict:
    """Check the free disk space; a worker rejects a job that would leave less than the reserve."""
    free_bytes = shutil.disk_usage(_nearest(folder.absolute())).free
    observation = f"{_gib(free_bytes)} free, of which {_gib(reserve_bytes)} are reserved"
    remedy = (
        f"Make room, or set {variable('data_dir')} to a larger disk; a job needs three times the size of "
        "its source and 64 MiB in addition to the reserve."
    )
    if free_bytes < reserve_bytes:
        return failed(observation, remedy)
    return warning(observation, remedy) if free_bytes < reserve_bytes + MIN_FREE_BYTES else ok(observation)


def check_secret(settings: Settings) -> Verdict:
    """Check the secret that signs tokens: anyone who knows it can act as any user.

    With an identity provider it is not used; then the audience is checked instead.
    """
    if settings.tokens.jwks_url is not None:
        observation = f"not used: tokens are verified with the keys from {variable('jwks_url')}"
        remedy = f"Set {variable('jwt_audience')}; without it, tokens that the provider issues for others are accepted."
        return ok(observation) if settings.tokens.jwt_audience is not None else warning(observation, remedy)
    if settings.tokens.jwt_secret is not None:
        distinct = len(set(settings.tokens.jwt_secret.reveal()))
        if distinct < MIN_DISTINCT_BYTES:
            return warning(
                f"{variable('jwt_secret')} has only {distinct} distinct characters",
                "Set it to the output of `openssl rand -hex 32`; tokens signed with the old secret become invalid.",
            )
        return ok(f"{variable('jwt_secret')} is set")
    path = settings.storage.data_dir / "jwt.secret"
    if not path.exists():
        return ok("will be created in the data folder at the first start")
    load_or_create_secret(path)
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        return warning(f"other users have access to {path}", f"chmod 600 {path.absolute()}")
    return ok(f"stored in {path}")


def check_public_url(settings: Settings) -> Verdict:
    """Check that the URL is https, unless it is local: clients send bearer tokens to it."""
    url, name = settings.server.public_url, variable("public_url")
    parts = urlsplit(url)
    if settings.is_embedded and is_loopback(parts.hostname or ""):
        return ok(f"{url}, reachable from this machine only")
    if is_loopback(parts.hostname or ""):
        return warning(
            f"{url} is not reachable from other machines", f"Set {name} to the https address that clients use."
        )
    if parts.scheme != "https":
        return warning(
            f"{url} is not encrypted: others on the network can read tokens and videos",
            f"Put a proxy with TLS in front (docs/deploy.md) and set {name} to its https address.",
        )
    return ok(url)


def check_origins(settings: Settings) -> Verdict:
    """Check that allowed origins are https: their pages hold tokens, and http pages can be altered in transit."""
    name = variable("cors_allowed_origins")
    if settings.server.cors_allowed_origins is None:
        return ok(f"no other origin may call the API; {name} lists those that may")
    allowed = sorted(settings.server.allowed_origins)
    unencrypted = [
        each for each in allowed if each.startswith("http:") and not is_loopback(urlsplit(each).hostname or "")
    ]
    if unencrypted:
        observation = (
            f"pages of {', '.join(unencrypted)} may call the API, but are not encrypted and can be altered in transit"
        )
        return warning(observation, f"Serve the pages over https, and list that origin in {name}.")
    return ok(f"pages of {', '.join(allowed)} may call the API (CORS)")


def _nearest(path: Path) -> Path:
    """The path itself, or its nearest ancestor that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _own(folder: Path) -> str:
    return f"Make the service's user its owner: install -d -m 700 -o {os.geteuid()} {folder}"


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIB:.1f} GiB"
