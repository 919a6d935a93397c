"""The page that shows the OpenAPI document."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest

from entrypoints.http.reference_page import reference_page

ROOT = Path(__file__).parents[3]
VOID = {"meta", "link"}


class Page(HTMLParser):
    """The elements that a browser finds in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.words: list[str] = []
        self.open_tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record it."""
        self.tags.add(tag)
        self.open_tags += [] if tag in VOID else [tag]
        for name, value in attrs:
            assert name in {"lang", "charset", "name", "content", "http-equiv", "rel", "href", "id"}
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        """Record the text."""
        self.words.append(data)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The complete document."""
    return cast("dict[str, Any]", json.loads((ROOT / "docs" / "openapi.json").read_text()))


def test_it_loads_nothing_from_anywhere(document: dict[str, Any]) -> None:
    """It works without the internet, and no foreign script runs on our origin."""
    page = Page(reference_page(document))
    assert not page.tags & {"script", "img", "iframe", "object", "embed", "form"}
    outside = {link for link in page.links if not link.startswith("#")}
    assert outside == {"data:,", "/schema/openapi.json", "/schema/openapi.yaml"}
    assert page.open_tags == ["html"]


def test_it_has_every_operation_and_every_shape(document: dict[str, Any]) -> None:
    """Each exactly once, as the target of every link to it."""
    page = Page(reference_page(document))
    operations = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]
    shapes = [f"shape-{name}" for name in document["components"]["schemas"]]
    assert page.ids == operations + shapes
    assert {f"#{name}" for name in operations} <= page.links
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)


def test_it_has_codes_fields_and_examples(document: dict[str, Any]) -> None:
    """Everything that a client needs to know is readable."""
    words = " ".join(" ".join(Page(reference_page(document)).words).split())
    for told in (
        "Deprecated. Upload through the API",
        "Idempotency-Key (header) string, optional",
        "limit (query) integer, optional The maximum number of videos on the page: 1 to 100.",
        "410 Gone proxied_upload_off : ",
        "single or multipart or auto",
        "multipart/form-data : object",
        "array of CueView",
        '"filename": "holiday.mp4"',
        "WEBVTT",
    ):
        assert told in words, told


def test_descriptions_are_escaped() -> None:
    """No text of the document becomes markup."""
    hostile = "<script>alert(1)</script>"
    operation = {
        "operationId": "one",
        "summary": hostile,
        "description": f"{hostile}\n\n- a `{hostile}`\n- b",
        "parameters": [{"name": hostile, "in": "query", "required": True, "schema": {"const": hostile}}],
        "responses": {
            "200": {
                "description": hostile,
                "content": {
                    "text/plain": {"schema": {"type": ["string", "null"]}, "examples": {"a": {"value": hostile}}}
                },
            }
        },
    }
    page = Page(
        reference_page(
            {
                "info": {"title": hostile, "description": hostile},
                "paths": {"/one": {"get": operation}},
                "components": {"schemas": {"Odd": {"type": "object", "description": hostile}}},
            }
        )
    )
    assert "script" not in page.tags
    assert page.words.count(hostile) == 9
    assert {"a ", "b", "string or null"} <= {word.removeprefix(": ") for word in page.words}
