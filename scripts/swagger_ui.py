"""Replace the vendored Swagger UI by another release from the npm registry."""

import argparse
import base64
import hashlib
import io
import sys
import tarfile
from pathlib import Path

import httpx

PACKAGE = "https://registry.npmjs.org/swagger-ui-dist"
FOLDER = Path(__file__).resolve().parent.parent / "src/entrypoints/http/swagger_ui"
FILES = (
    "LICENSE",
    "NOTICE",
    "favicon-32x32.png",
    "swagger-ui-bundle.js",
    "swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui.css",
)


def main() -> int:
    """Download the release, check it against the registry's digest, and write the files that the page needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="a release of swagger-ui-dist, such as 5.35.0; `latest` is the newest")
    release = httpx.get(f"{PACKAGE}/{parser.parse_args().version}").raise_for_status().json()
    archive = httpx.get(release["dist"]["tarball"], timeout=60).raise_for_status().content
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if digest != release["dist"]["integrity"]:
        sys.exit(f"The archive's digest is {digest}; the registry lists {release['dist']['integrity']}.")
    contents = _contents(archive)
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)
    (FOLDER / "VERSION").write_text(f"{release['version']}\n", encoding="utf-8")
    (FOLDER / "SHA256SUMS").write_text(
        "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items()),
        encoding="utf-8",
    )
    return 0


def _contents(archive: bytes) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for name in FILES:
            file = package.extractfile(f"package/{name}")
            if file is None:
                sys.exit(f"{name} is not a regular file in the archive.")
            contents[name] = file.read()
    return contents


if __name__ == "__main__":
    sys.exit(main())
