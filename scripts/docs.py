"""Writes the generated pages; with `--check`, prints the differences instead, and fails if there are any."""

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path

from api_pages import errors_page, openapi_page
from configuration_page import configuration_page
from lifecycle_page import lifecycle_page

ROOT = Path(__file__).resolve().parent.parent

PAGES: dict[str, Callable[[], str]] = {
    "docs/configuration.md": configuration_page,
    "docs/errors.md": errors_page,
    "docs/lifecycle.md": lifecycle_page,
    "docs/openapi.json": openapi_page,
}


def main() -> int:
    """Write every page; with `--check`, change nothing and return 1 if a page is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a page is out of date")
    if parser.parse_args().check:
        stale = [path for path, page in PAGES.items() if not _is_fresh(path, page())]
        return 1 if stale else 0
    for path, page in PAGES.items():
        (ROOT / path).write_text(page(), encoding="utf-8")
    return 0


def _is_fresh(path: str, generated: str) -> bool:
    """Whether the page on disk is up to date; prints the difference."""
    present = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
    sys.stdout.writelines(
        difflib.unified_diff(
            present.splitlines(keepends=True), generated.splitlines(keepends=True), path, f"{path} (generated)"
        )
    )
    return present == generated


if __name__ == "__main__":
    sys.exit(main())
