import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "clients/python/src"
SOURCES = sorted(
    [
        *(ROOT / "src").rglob("*.py"),
        *(path for path in CLIENT.rglob("*.py") if "rest" not in path.relative_to(CLIENT).parts),
    ]
)

BANNED_WORDS = re.compile(r"(util|helper|manager|service|asset|clip)s?")
WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:|mypy:|ruff:|pragma:|fmt:)")


def _names(source: Path) -> Iterator[str]:
    """Names of a module, of its packages and of its classes."""
    folder = CLIENT if source.is_relative_to(CLIENT) else ROOT / "src"
    yield from source.relative_to(folder).with_suffix("").parts
    tree = ast.parse(source.read_text(encoding="utf-8"))
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def test_names_are_the_words_of_the_field() -> None:
    """A module or class called manager or utils does not say what it is."""
    assert [
        f"{source.relative_to(ROOT)}: {name}"
        for source in SOURCES
        for name in _names(source)
        if any(BANNED_WORDS.fullmatch(word.lower()) for word in WORD.findall(name))
    ] == []


def test_the_domain_suppresses_no_checker() -> None:
    """The domain is simple enough for every checker."""
    assert [
        f"{source.relative_to(ROOT)}:{number}"
        for source in SOURCES
        if source.is_relative_to(ROOT / "src/domain")
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1)
        if SUPPRESSION.search(line)
    ] == []
