"""The examples of `detail` in the OpenAPI document are texts that the code sends."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from entrypoints.http.errors.codes import UNAVAILABLE_DETAIL
from entrypoints.http.errors.details import DETAILS

ROOT = Path(__file__).resolve().parents[2]
ITSELF = ROOT / "src" / "entrypoints" / "http" / "errors" / "details.py"
CLI = ROOT / "src" / "entrypoints" / "cli"
# Texts of the framework; `tests/integration/http/test_openapi.py` provokes these errors.
OF_THE_FRAMEWORK = {"body_too_large", "invalid_request"}
# An f-string such as `{a}: {b}` would match any text.
MIN_LITERAL_LENGTH = 8


def _trees() -> Iterator[ast.Module]:
    for source in (ROOT / "src").rglob("*.py"):
        if source != ITSELF and CLI not in source.parents:
            yield ast.parse(source.read_text(encoding="utf-8"))


def _pattern(node: ast.AST) -> str | None:
    """A pattern of the texts that a string or an f-string may have; None if it says too little."""
    match node:
        case ast.Constant(value=str(text)):
            pieces, literal = re.escape(text), text
        case ast.JoinedStr(values=values):
            literals = [each.value if isinstance(each, ast.Constant) else None for each in values]
            pieces = "".join(".*" if each is None else re.escape(str(each)) for each in literals)
            literal = "".join(str(each) for each in literals if each is not None)
        case ast.BinOp(left=left, op=ast.Add()):
            return None if (start := _pattern(left)) is None else f"{start}.*"
        case _:
            return None
    return pieces if len(literal) >= MIN_LITERAL_LENGTH else None


def _code(call: ast.Call) -> str | None:
    values = [each.value for each in call.keywords if each.arg == "code"]
    return values[0].value if values and isinstance(values[0], ast.Constant) else None  # type: ignore[return-value]


Pattern: TypeAlias = re.Pattern[str]


@pytest.fixture(scope="module")
def sent() -> tuple[dict[str, list[Pattern]], list[Pattern]]:
    """The patterns that are raised with a code, by code, and all patterns of texts."""
    by_code: defaultdict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for tree in _trees():
        for node in ast.walk(tree):
            if (pattern := _pattern(node)) is not None:
                anywhere.add(pattern)
            if isinstance(node, ast.Call) and node.args and (code := _code(node)) is not None:
                found = _pattern(node.args[0])
                # A text that a function gets as an argument may come from anywhere.
                by_code[code].add(".*" if found is None else found)
    return {code: list(map(re.compile, found)) for code, found in by_code.items()}, list(map(re.compile, anywhere))


@pytest.mark.parametrize("code", sorted(DETAILS.keys() - OF_THE_FRAMEWORK))
def test_an_example_is_sent_with_its_code(code: str, sent: tuple[dict[str, list[Pattern]], list[Pattern]]) -> None:
    """Literally, apart from the values in it."""
    by_code, anywhere = sent
    detail = DETAILS[code]
    assert any(pattern.fullmatch(detail) for pattern in anywhere), detail
    if code in by_code and detail != UNAVAILABLE_DETAIL:
        assert any(pattern.fullmatch(detail) for pattern in by_code[code]), detail


def test_the_document_shows_the_examples() -> None:
    """In every problem that an operation may return."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    shown = [
        each["value"]
        for item in document["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
        for each in answer.get("content", {}).get("application/problem+json", {"examples": {}})["examples"].values()
    ]
    assert len(shown) > 500
    assert all(each["detail"] == DETAILS[each["code"]] for each in shown)
