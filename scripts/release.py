"""Prepares a release from a clean working tree: release.py VERSION [--tag].

Sets the version, dates the changelog, regenerates the pages and clients, and writes sdists, wheels and SBOM to dist/.
With `--tag` it also commits and tags the result; it pushes nothing.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
DIST = ROOT / "dist"

RELEASE_TOOL = ("uv", "run", "--quiet", "--isolated", "--locked", "--only-group", "release")
EXPORT = ("uv", "export", "--quiet", "--locked", "--no-dev", "--all-extras")

UNRELEASED = "## [Unreleased]"

# Where the clients state their version. In the lock file of npm, the package's name comes directly before it.
CLIENT_VERSIONS = {
    "clients/python/pyproject.toml": r'(?m:^version = ")',
    "clients/typescript/package.json": r'(?m:^  "version": ")',
    "clients/typescript/package-lock.json": r'"name": "telecine-client",\s+"version": "',
}

Version = tuple[int, int, int]


class ReleaseError(Exception):
    """The release cannot be made; the text says why."""


def main() -> int:
    """Run the command; if the release cannot be made, print the reason to stderr and return 1."""
    parser = argparse.ArgumentParser(description="Prepare a release.")
    parser.add_argument("version", help="for example 1.2.3; newer than the last release")
    parser.add_argument("--tag", action="store_true", help="commit the changes and tag the commit")
    options = parser.parse_args()
    try:
        _prepare(options.version)
        if options.tag:
            _tag(options.version)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    _print_next_steps(options.version, tagged=options.tag)
    return 0


def parse_version(text: str) -> Version:
    """Read a version of three numbers, as Semantic Versioning defines them.

    Raises:
        ReleaseError: the text is not such a version; pre-releases are not supported.
    """
    numbers = re.fullmatch(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", text)
    if numbers is None:
        message = f"{text!r} is not a version of three numbers, such as 1.2.3."
        raise ReleaseError(message)
    return int(numbers[1]), int(numbers[2]), int(numbers[3])


def released_versions(changelog: str) -> list[Version]:
    """Return the versions that have a section in the changelog, in its order."""
    return [parse_version(text) for text in re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)]


def require_newer(version: str, current: str, changelog: str) -> None:
    """Reject a version that is not newer than every released one.

    The version in pyproject.toml may be released if the changelog has no section for it, as before the first release.

    Raises:
        ReleaseError: the version is not newer.
    """
    wanted = parse_version(version)
    if wanted < parse_version(current):
        message = f"{version} is older than {current}, the version in pyproject.toml."
        raise ReleaseError(message)
    newest = max(released_versions(changelog), default=None)
    if newest is not None and wanted <= newest:
        message = f"{version} is not newer than {'.'.join(map(str, newest))}, the last release in the changelog."
        raise ReleaseError(message)


def dated_changelog(changelog: str, version: str, day: date) -> str:
    """Move what is under "Unreleased" into a section of the version; "Unreleased" stays, empty.

    Raises:
        ReleaseError: there is no section "Unreleased", or nothing in it.
    """
    before, heading, after = changelog.partition(f"\n{UNRELEASED}\n")
    if not heading:
        message = f"CHANGELOG.md has no section {UNRELEASED!r}."
        raise ReleaseError(message)
    if not re.search(r"^- ", after.partition("\n## ")[0], re.MULTILINE):
        message = f"The section {UNRELEASED!r} of CHANGELOG.md lists no change."
        raise ReleaseError(message)
    return f"{before}{heading}\n## [{version}] - {day.isoformat()}\n{after}"


def _prepare(version: str) -> None:
    _require_clean_tree()
    _require_no_tag(version)
    changelog = CHANGELOG.read_text(encoding="utf-8")
    require_newer(version, _current_version(), changelog)
    dated = dated_changelog(changelog, version, datetime.now(UTC).date())
    CHANGELOG.write_text(dated, encoding="utf-8")
    _tag_image(version)
    _version_clients(version)
    _run("uv", "version", "--quiet", "--no-sync", version)  # Edits pyproject.toml and uv.lock.
    _run("uv", "sync", "--quiet", "--locked", "--extra", "local")  # The pages read the installed package's version.
    _run("uv", "run", "--no-sync", "python", "scripts/docs.py")
    _run("uv", "run", "--no-sync", "python", "scripts/clients.py")
    _build(version)


def _tag_image(version: str) -> None:
    compose = ROOT / "compose.yaml"
    text = re.sub(r"(?<=image: telecine:)\S+", version, compose.read_text(encoding="utf-8"))
    compose.write_text(text, encoding="utf-8")


def _version_clients(version: str) -> None:
    for path, pattern in CLIENT_VERSIONS.items():
        file = ROOT / path
        file.write_text(with_version(file.read_text(encoding="utf-8"), pattern, version), encoding="utf-8")


def with_version(text: str, pattern: str, version: str) -> str:
    """Replace what follows each place that the pattern matches, up to the closing quotation mark.

    Raises:
        ReleaseError: there is no such place.
    """
    changed, count = re.subn(rf'({pattern})[^"]+', rf"\g<1>{version}", text)
    if not count:
        message = f"No version was found by {pattern!r}."
        raise ReleaseError(message)
    return changed


def _build(version: str) -> None:
    _run("uv", "build", "--quiet", "--clear", "--out-dir", str(DIST))
    _run("uv", "build", "--quiet", "--out-dir", str(DIST), "clients/python")
    packages = [str(path) for path in sorted(DIST.glob(f"telecine*-{version}*"))]
    _run(*RELEASE_TOOL, "twine", "check", "--strict", *packages)
    _run(*EXPORT, "--format", "cyclonedx1.5", "--output-file", str(DIST / f"telecine-{version}.cdx.json"))


def _tag(version: str) -> None:
    _run("git", "commit", "--quiet", "--all", "--message", f"Release {version}")
    _run("git", "tag", "--annotate", f"v{version}", "--message", f"Telecine {version}")


def _print_next_steps(version: str, *, tagged: bool) -> None:
    for path in sorted(DIST.glob(f"telecine*-{version}*")):
        print(path.relative_to(ROOT))
    if tagged:
        print(f"Committed, and tagged v{version}. To publish it: git push --follow-tags")
    else:
        print(f"To undo: git restore . To release: git restore . && just release {version} --tag")


def _current_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _require_clean_tree() -> None:
    if changes := _output("git", "status", "--porcelain"):
        message = f"There are uncommitted changes:\n{changes}"
        raise ReleaseError(message)


def _require_no_tag(version: str) -> None:
    if _output("git", "tag", "--list", f"v{version}"):
        message = f"The tag v{version} exists."
        raise ReleaseError(message)


def _output(*argv: str) -> str:
    return subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _run(*argv: str) -> None:
    print("»", *argv, flush=True)
    if subprocess.run(argv, cwd=ROOT, check=False).returncode:
        message = f"{argv[0]} failed; see above. To undo what was changed: git restore ."
        raise ReleaseError(message)


if __name__ == "__main__":
    sys.exit(main())
