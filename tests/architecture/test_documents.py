"""The hand-written pages agree with the code."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from domain.model.uploads.media_types import DEFAULT_CONTENT_TYPES
from domain.model.videos.events import EventType
from entrypoints.cli.main import main
from entrypoints.config.settings import every_setting
from entrypoints.http.errors.codes import ERROR_CODES

ROOT = Path(__file__).resolve().parents[2]
# The packages of the examples bring pages of their own.
PAGES = sorted(
    page for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if "node_modules" not in page.parts
)
CONFIGURATION = [ROOT / ".env.example", ROOT / "compose.yaml", ROOT / "Dockerfile"]

# Routes that are not in the OpenAPI document, because no generated client needs them.
UNDOCUMENTED_ROUTES = {("GET", "/metrics"), ("GET", "/schema"), ("GET", "/schema/openapi.json")}
# Read by `telecine upload` and in tests; the last is the README's example of an unknown name.
OTHER_VARIABLES = {"TELECINE_TOKEN", "TELECINE_CRASH_AT", "TELECINE_TEST_YOUTUBE_URL", "TELECINE_WRONG"}

UPLOAD_MODULE = "src/entrypoints/http/web/static/telecine-upload.js"
# Written by the benchmarks, and ignored by git.
RESULTS = {"benchmarks/.peers/", "benchmarks/results/latest.json"}
# Classes of the standard library and of other projects, and words of protocols, that pages name in backticks.
FOREIGN_NAMES = {
    "AbortSignal",
    "AsyncIO",
    "MediaRecorder",
    "MediaStream",
    "NoSuchUpload",
    "Protocol",
    "ProxyHeadersMiddleware",
    "PyJWK",
    "PyJWKClient",
    "PyJWKSet",
    "ReadableStream",
    "SwaggerRenderPlugin",
    *("Allow", "None", "Origin", "Sunset", "Vary", "VmHWM"),
}
REDIS_CHECKS = {"redis", "redis memory", "redis persistence", "redis database"}
LEVELS = ("warning", "error", "exception", "critical")

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
_VARIABLE = re.compile(r"\b(?:TELECINE|OPENAI)_[A-Z0-9_]*[A-Z0-9]\b")
_PATH = re.compile(r"`((?:src|tests|docs|migrations|scripts|benchmarks)/[\w./-]+)`")
_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SHORT_PATH = re.compile(r"`([\w-]+(?:/[\w.-]+)+/?|[\w-]+\.py)`")
_CLASS = re.compile(r"`\.?([A-Z][a-z0-9]+\w*)(?:\.\w+|\([^`]*\))?`")
_STATUS_AND_CODE = re.compile(r"\b([45]\d\d)(?: with)? `([a-z][a-z_]+)`")


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    """The text below a heading, up to the next heading of any level."""
    _, found, rest = _text(page).partition(f"\n{heading}\n")
    assert found, f"{page} has no heading {heading!r}"
    return re.split(r"\n#+ ", rest, maxsplit=1)[0]


def _first_cells(text: str) -> list[str]:
    """The first column of the tables in a text, without their headers."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [row.split("|")[1].strip() for row in rows]
    rules = [index for index, cell in enumerate(cells) if set(cell) <= set("-: ")]
    return [cell for index, cell in enumerate(cells) if index not in rules and index + 1 not in rules]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub derives them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def _trees(folder: str) -> list[ast.Module]:
    return [ast.parse(source.read_text(encoding="utf-8")) for source in sorted((ROOT / folder).rglob("*.py"))]


@cache
def _classes() -> frozenset[str]:
    """The names of all classes of this repository."""
    trees = [tree for folder in ("src", "tests", "benchmarks", "scripts") for tree in _trees(folder)]
    ours = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return frozenset(ours | set(re.findall(r"^export class (\w+)", _text(UPLOAD_MODULE), re.MULTILINE)))


@cache
def _source_paths() -> frozenset[str]:
    """The paths of all files and folders of `src`, each also without its first folders."""
    paths = [path.relative_to(ROOT / "src").parts for path in (ROOT / "src").rglob("*")]
    return frozenset("/".join(parts[first:]) for parts in paths for first in range(len(parts)))


def _modules_of(layer: str) -> list[Path]:
    """The modules in the features of a layer of the domain."""
    return [*(ROOT / "src/domain" / layer).glob("*/*.py")]


def _logged_outages() -> set[str]:
    """The events at the beginning and the end of each outage."""
    calls = [node for tree in _trees("src") for node in ast.walk(tree) if isinstance(node, ast.Call)]
    keywords = [keyword for call in calls if ast.unparse(call.func) == "OutageLog" for keyword in call.keywords]
    return {
        keyword.value.value
        for keyword in keywords
        if keyword.arg in {"began_event", "ended_event"}
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


def _first_texts(*functions: str) -> set[str]:
    """The first arguments, where they are texts, of the calls in `src` of these functions, as they are written."""
    found: set[str] = set()
    for tree in _trees("src"):
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=function, args=[ast.Constant(value=str(text)), *_]) if (
                    ast.unparse(function) in functions
                ):
                    found.add(text)
                case _:
                    pass
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(page: Path) -> None:
    """It leads to a file of this repository, and its anchor to a heading of that page."""
    broken: list[str] = []
    for found in _LINK.finditer(page.read_text(encoding="utf-8")):
        target = found["target"] or found["image"]
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        if not linked.exists() or (anchor and anchor not in _anchors(linked)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    """A page that names a moved file must be updated with it."""
    named = set(_PATH.findall(page.read_text(encoding="utf-8"))) - RESULTS
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_short_path_that_a_page_names_exists(page: Path) -> None:
    """A path may begin below `src`, as in `model/failure.py`; the name of a module alone is one, too."""
    named = _SHORT_PATH.findall(_CODE_BLOCK.sub("", page.read_text(encoding="utf-8")))
    folders = {path.rpartition("/")[2] for path in _source_paths() if "." not in path}
    ours = {path.rstrip("/") for path in named if path.endswith(".py") or path.partition("/")[0] in folders}
    missing = {path for path in ours - _source_paths() if not (ROOT / path).exists()}
    assert sorted(missing) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_class_that_a_page_names_exists(page: Path) -> None:
    """A class that was renamed is renamed on the pages as well."""
    named = set(_CLASS.findall(_CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))))
    assert sorted(named - _classes() - FOREIGN_NAMES) == []


@pytest.mark.parametrize("page", [*PAGES, *CONFIGURATION], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_variable_that_a_page_names_is_a_setting(page: Path) -> None:
    """A misspelt variable is an error at start."""
    settings = {setting.variable for setting in every_setting()}
    named = set(_VARIABLE.findall(page.read_text(encoding="utf-8")))
    assert named - settings - OTHER_VARIABLES == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_status_that_a_page_names_with_a_code_is_that_of_the_code(page: Path) -> None:
    """`docs/errors.md` is generated; other pages repeat some of its rows."""
    named = _STATUS_AND_CODE.findall(page.read_text(encoding="utf-8"))
    assert [
        (status, code) for status, code in named if code not in ERROR_CODES or ERROR_CODES[code].status != int(status)
    ] == []


def test_the_readme_lists_every_route() -> None:
    """Exactly those of the OpenAPI document, and the routes that are not in it."""
    document = json.loads(_text("docs/openapi.json"))
    routes = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "delete", "patch"}
    }
    cells = " ".join(_first_cells(_section("README.md", "## The API")))
    listed = set(re.findall(r"`(GET|POST|PUT|DELETE|PATCH) (/[^`]*)`", cells))
    assert listed == {(method, path.rstrip("/")) for method, path in routes} | UNDOCUMENTED_ROUTES


def test_the_readme_lists_every_command() -> None:
    """The first column of the table names each command, with its main arguments."""
    cells = " ".join(_first_cells(_section("README.md", "## Run it")))
    assert set(re.findall(r"`telecine (\w+)", cells)) == main.commands.keys()


def test_the_readme_names_the_coverage_that_the_recipe_demands() -> None:
    """For each package that the recipe measures."""
    demanded = re.findall(r"--include='(src/\w+)/\*' --fail-under=(\d+)", _text("justfile"))
    assert demanded
    readme = " ".join(_text("README.md").split())
    assert [folder for folder, percent in demanded if f"{percent} % of `{folder}`" not in readme] == []


def test_contributing_lists_every_recipe() -> None:
    """Recipes that begin with an underscore are private, `default` only lists the others."""
    recipes = set(re.findall(r"^([a-z][a-z-]*)(?: [^:\n]*)?:(?!=)", _text("justfile"), re.MULTILINE)) - {"default"}
    cells = " ".join(_first_cells(_section("CONTRIBUTING.md", "## Begin")))
    assert set(re.findall(r"`([a-z-]+)[ `]", cells)) == recipes


def test_contributing_lists_every_folder_of_tests() -> None:
    """A folder of tests without a row has no stated purpose."""
    cells = " ".join(_first_cells(_section("CONTRIBUTING.md", "## Tests")))
    folders = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("*/*.py")}
    assert set(re.findall(r"`tests/(\w+)`", cells)) == folders


def test_contributing_lists_every_feature() -> None:
    """The folders of the domain; `captions` is a part of `transcripts`."""
    table = _section("CONTRIBUTING.md", "## Where does this line go?").partition("| feature |")[2]
    listed = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    folders = {path.parent.name for layer in ("model", "use_cases") for path in _modules_of(layer)}
    assert listed == folders - {"captions"}


def test_contributing_counts_the_files_of_each_change() -> None:
    """The heading states how many items the list has."""
    changes = _text("CONTRIBUTING.md").partition("\n## Changes, file by file\n")[2].partition("\n## ")[0]
    counts = re.findall(r"^### .*: (\d+) files$", changes, re.MULTILINE)
    lists = [re.findall(r"^(\d+)\. ", change, re.MULTILINE) for change in changes.split("\n### ")[1:]]
    assert len(counts) > 3
    assert lists == [[str(number) for number in range(1, int(count) + 1)] for count in counts]


def test_the_index_lists_every_page() -> None:
    """Readers find pages through the index."""
    linked = {found["target"].partition("#")[0] for found in _LINK.finditer(_text("docs/README.md"))}
    docs = ROOT / "docs"
    pages = {page.relative_to(docs).as_posix() for page in PAGES if page.is_relative_to(docs)}
    assert pages - linked == {"README.md"}


def test_the_api_page_lists_every_extension() -> None:
    """They are in the order of the table that accepts them."""
    listed = re.search(r"The extensions are ([^.]*)\.", " ".join(_text("docs/api.md").split()))
    assert listed is not None
    assert re.findall(r"\w+", listed[1].replace(" and ", " ")) == [name[1:] for name in DEFAULT_CONTENT_TYPES]


def test_the_operators_page_lists_every_check_of_the_doctor() -> None:
    """The page uses the names that `telecine doctor` prints; `REDIS_CHECKS` lists those that the code builds."""
    cells = " ".join(_first_cells(_section("docs/deploy.md", "## 3. The doctor")))
    assert set(re.findall(r"`([^`]+)`", cells)) == _first_texts("Check") | REDIS_CHECKS


def test_the_operators_page_lists_every_event_that_needs_attention() -> None:
    """Every event that is logged as a warning or worse; the page may list others too."""
    cells = " ".join(_first_cells(_section("docs/deploy.md", "## 9. What to watch")))
    logged = _first_texts(*(f"{logger}.{level}" for logger in ("log", "_logger") for level in LEVELS))
    assert {"job", "sweep_failed"} <= logged
    outages = _logged_outages()
    assert {"redis_unavailable", "redis_available"} <= outages
    logged |= outages
    assert logged - set(re.findall(r"`(\w+)`", cells)) == set()


def test_every_type_of_event_is_documented() -> None:
    """In the order of the code."""
    assert _first_cells(_section("docs/events.md", "## Types")) == [f"`{each}`" for each in EventType]
