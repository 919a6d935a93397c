"""The page of settings is complete and readable."""

import re

from scripts.configuration_page import configuration_page

from entrypoints.config.settings import every_setting

ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)


def test_every_setting_has_one_row() -> None:
    """Rows are in the order of the settings, and each has a sentence."""
    rows = ROW.findall(configuration_page())
    assert [row[0] for row in rows] == [setting.variable for setting in every_setting()]
    assert all(description.endswith(".") for *_, description in rows)


def test_types_limits_and_defaults_are_in_plain_words() -> None:
    """A reader needs no Python."""
    page = configuration_page()
    for row in (
        "| `TELECINE_DATA_DIR` | path | `telecine-data` |",
        "| `TELECINE_JWT_SECRET` | secret | unset |",
        "| `TELECINE_JWT_AUDIENCE` | text | unset |",
        "| `TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS` | whole number from 1 to 604,800 | `3600` |",
        "| `TELECINE_COMPRESSION_MAX_FRAME_RATE` | number over 0 to 120 | `30.0` |",
        "| `TELECINE_TRANSCRIBER` | one of `local`, `openai`, `none` | `local` |",
        "| `OPENAI_API_KEY` | secret | unset |",
    ):
        assert row in page


def test_the_page_is_deterministic() -> None:
    """`just check` compares it with the one in the repository."""
    assert configuration_page() == configuration_page()
    assert configuration_page().endswith("|\n")
