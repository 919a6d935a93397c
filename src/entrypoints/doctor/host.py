"""This host: the data folder, the secret of tokens, the address that clients use, the `.env`."""

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
from entrypoints.doctor.finding import Check, Verdict, failed, in_thread, ok, warning

GIB = 1024**3
ROOM_BYTES = 10 * GIB  # The largest upload and its rendition want about this much while they are in work.
MIN_DISTINCT_BYTES = 12

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def host_checks(settings: Settings) -> list[Check]:
    """What needs no other machine."""
    return [
        Check("settings", in_thread(partial(look_at_env_file, Path(".env"))), "Make `.env` readable."),
        Check(
            "data folder",
            in_thread(partial(look_at_folder, settings.storage.data_dir)),
            f"Set {variable('data_dir')} to a folder that the service's user may write to.",
        ),
        Check(
            "disk space",
            in_thread(partial(look_at_space, settings.storage.data_dir, settings.storage.disk_reserve_bytes)),
            f"Put {variable('data_dir')} on a disk that answers.",
        ),
        Check("token secret", in_thread(partial(look_at_secret, settings)), "See what the file holds."),
        Check("public URL", in_thread(partial(look_at_public_url, settings)), f"Set {variable('public_url')}."),
        Check(
            "pages elsewhere",
            in_thread(partial(look_at_origins, settings)),
            f"Set {variable('cors_allowed_origins')} to the origins of your pages.",
        ),
    ]


def look_at_env_file(path: Path) -> Verdict:
    """The settings have been read; a file that holds their secrets is nobody else's to read."""
    if not path.is_file():
        return ok("valid; from the environment, there is no .env here")
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        return warning("valid, but other users may read the secrets in .env", f"chmod 600 {path.absolute()}")
    return ok("valid; from the environment and .env")


def look_at_folder(folder: Path) -> Verdict:
    """State is kept there, or at least each job's work: writable for us, closed to others."""
    place = folder.absolute()
    parent = _nearest(place)
    if parent != place:
        if os.access(parent, os.W_OK | os.X_OK):
            return ok(f"{place} will be made at the first start")
        return failed(f"{place} is not there, and {parent} is not ours to write to", _own(place))
    if not place.is_dir():
        return failed(f"{place} is no folder", f"Set {variable('data_dir')} to a folder, or remove the file.")
    try:
        with tempfile.TemporaryFile(dir=place) as stream:
            stream.write(b"doctor")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        return failed(f"{place} can't be written to: {error.strerror}", _own(place))
    if place.stat().st_mode & _OPEN_TO_OTHERS:
        return warning(f"{place} is open to other users", f"chmod 700 {place}")
    return ok(f"{place} is writable, and closed to others")


def look_at_space(folder: Path, reserve_bytes: int) -> Verdict:
    """A worker refuses a job that would leave less than the reserve."""
    free_bytes = shutil.disk_usage(_nearest(folder.absolute())).free
    seen = f"{_gib(free_bytes)} free, of which {_gib(reserve_bytes)} stay free"
    remedy = f"Make room, or set {variable('data_dir')} to a larger disk; a job takes twice its source and the reserve."
    if free_bytes < reserve_bytes:
        return failed(seen, remedy)
    return warning(seen, remedy) if free_bytes < reserve_bytes + ROOM_BYTES else ok(seen)


def look_at_secret(settings: Settings) -> Verdict:
    """Whoever knows it can be any user; an identity provider keeps its own."""
    if settings.tokens.jwks_url is not None:
        seen = f"none here: tokens are checked with the keys of {variable('jwks_url')}"
        remedy = f"Set {variable('jwt_audience')}, or what the provider issues for others is good here."
        return ok(seen) if settings.tokens.jwt_audience is not None else warning(seen, remedy)
    if settings.tokens.jwt_secret is not None:
        distinct = len(set(settings.tokens.jwt_secret.reveal()))
        if distinct < MIN_DISTINCT_BYTES:
            return warning(
                f"{variable('jwt_secret')} has only {distinct} different characters",
                "Set it to what `openssl rand -hex 32` prints; tokens signed with the old one then stop working.",
            )
        return ok(f"{variable('jwt_secret')} is set")
    path = settings.storage.data_dir / "jwt.secret"
    if not path.exists():
        return ok("will be made in the data folder at the first start")
    load_or_create_secret(path)
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        return warning(f"other users may read {path}", f"chmod 600 {path.absolute()}")
    return ok(f"kept in {path}")


def look_at_public_url(settings: Settings) -> Verdict:
    """Clients come there with bearer tokens, so on a network it must be https."""
    url, name = settings.server.public_url, variable("public_url")
    parts = urlsplit(url)
    if settings.is_embedded and is_loopback(parts.hostname or ""):
        return ok(f"{url}, for this machine alone")
    if is_loopback(parts.hostname or ""):
        return warning(f"{url} leads other machines nowhere", f"Set {name} to the https address that clients use.")
    if parts.scheme != "https":
        return warning(
            f"{url} lets anybody on the way read tokens and videos",
            f"Put a proxy with TLS in front (docs/deploy.md) and set {name} to its https address.",
        )
    return ok(url)


def look_at_origins(settings: Settings) -> Verdict:
    """Their pages hold tokens: over http anybody on the way can put scripts into them."""
    name = variable("cors_allowed_origins")
    if settings.server.cors_allowed_origins is None:
        return ok(f"none may call the API (CORS); {name} names those that may")
    allowed = sorted(settings.server.allowed_origins)
    open_ones = [
        each for each in allowed if each.startswith("http:") and not is_loopback(urlsplit(each).hostname or "")
    ]
    if open_ones:
        seen = f"pages of {', '.join(open_ones)} may call the API, and anybody on the way can change those pages"
        return warning(seen, f"Serve the pages by https, and name that origin in {name}.")
    return ok(f"pages of {', '.join(allowed)} may call the API (CORS)")


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _own(place: Path) -> str:
    return f"Let the service's user own it: install -d -m 700 -o {os.geteuid()} {place}"


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIB:.1f} GiB"
