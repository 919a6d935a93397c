"""The OpenAPI document as a page to read: it loads nothing, runs no script, and needs no internet."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

Node = Mapping[str, Any]

_CODE = re.compile(r"`([^`]+)`")
_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{title} API</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
body {{ max-width: 60rem; margin: 0 auto; padding: 1rem }}
h2 {{ margin-top: 3rem; border-top: 1px solid #8888; padding-top: 1rem }}
code, pre {{ font: 0.9em/1.4 ui-monospace, monospace }}
pre {{ overflow-x: auto; padding: 0.75rem; background: #8882 }}
table {{ border-collapse: collapse; width: 100% }}
td {{ border-top: 1px solid #8884; padding: 0.3rem 1rem 0.3rem 0; vertical-align: top }}
</style>
"""
_FILES = """<p>For client generators: <a href="/schema/openapi.json">openapi.json</a>,
<a href="/schema/openapi.yaml">openapi.yaml</a>.</p>"""


class ReferencePage(OpenAPIRenderPlugin):
    """Serves the page."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Write the page anew: whoever reads it does so rarely."""
        del request
        return reference_page(openapi_schema).encode()


def reference_page(document: Node) -> str:
    """Every operation with what it takes and answers, and every shape."""
    info, schemas = document["info"], document["components"]["schemas"]
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return "\n".join(
        [
            _HEAD.format(title=escape(info["title"])),
            f"<h1>{escape(info['title'])}</h1>",
            _prose(info["description"]),
            _FILES,
            f"<table>{''.join(_listed(*each) for each in operations)}</table>",
            *(_operation(*each) for each in operations),
            "<h2>Shapes</h2>",
            *(_shape(name, shape) for name, shape in schemas.items()),
        ]
    )


def _listed(method: str, path: str, operation: Node) -> str:
    link = f'<a href="#{escape(operation["operationId"])}"><code>{method} {escape(path)}</code></a>'
    return _row(link, _deprecated(operation) + escape(operation["summary"]))


def _operation(method: str, path: str, operation: Node) -> str:
    parts = [
        f'<h2 id="{escape(operation["operationId"])}"><code>{method} {escape(path)}</code></h2>',
        f"<p>{_deprecated(operation)}<strong>{escape(operation['summary'])}</strong></p>",
        _prose(operation["description"]),
    ]
    if parameters := operation.get("parameters"):
        told = "".join(
            _field(f"{each['name']} ({each['in']})", each, is_required=each["required"]) for each in parameters
        )
        parts.append(f"<h3>Parameters</h3><table>{told}</table>")
    if body := operation.get("requestBody"):
        parts += ["<h3>Body</h3>", *_contents(body)]
    for status, answer in operation["responses"].items():
        parts += [f"<h3>{status} {HTTPStatus(int(status)).phrase}</h3>", _prose(_without_phrase(answer["description"]))]
        # Of an error the list of codes tells all that its examples would.
        parts += _contents(answer) if int(status) < HTTPStatus.BAD_REQUEST else []
    return "\n".join(parts)


def _contents(body: Node) -> Iterator[str]:
    for media_type, content in body.get("content", {}).items():
        schema = content["schema"]
        yield f"<p><code>{escape(media_type)}</code>: {_kind(schema)}</p>"
        examples = [example["value"] for example in content.get("examples", {}).values()] or schema.get("examples", [])
        yield from (f"<pre>{escape(_written(example))}</pre>" for example in examples)


def _written(example: object) -> str:
    return example if isinstance(example, str) else msgspec.json.format(msgspec.json.encode(example)).decode()


def _shape(name: str, shape: Node) -> str:
    required = shape.get("required", ())
    fields = "".join(
        _field(field, each, is_required=field in required) for field, each in shape.get("properties", {}).items()
    )
    told = f"<table>{fields}</table>" if fields else f"<p>{_kind(shape)}</p>"
    return f'<h3 id="shape-{escape(name)}">{escape(name)}</h3>\n{told}'


def _field(name: str, described: Node, *, is_required: bool) -> str:
    kind = _kind(described.get("schema", described)) + ("" if is_required else ", optional")
    return _row(f"<code>{escape(name)}</code>", kind, _prose(described.get("description", "")))


def _kind(schema: Node) -> str:
    """What a value is, with links to shapes of their own."""
    if reference := schema.get("$ref"):
        name = escape(reference.rsplit("/", 1)[1])
        return f'<a href="#shape-{name}">{name}</a>'
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return " or ".join(_kind(each) for each in schema[choice])
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return " or ".join(f"<code>{escape(str(each))}</code>" for each in values)
    if schema.get("type") == "array":
        return f"array of {_kind(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    return escape(kinds if isinstance(kinds, str) else " or ".join(kinds))


def _prose(text: str) -> str:
    """Paragraphs, lists and `code`; the descriptions have no more of Markdown."""
    told: list[str] = []
    for block in filter(None, text.split("\n\n")):
        if block.startswith("- "):
            points = "".join(f"<li>{_inline(point)}</li>" for point in block.removeprefix("- ").split("\n- "))
            told.append(f"<ul>{points}</ul>")
        else:
            told.append(f"<p>{_inline(block)}</p>")
    return "\n".join(told)


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _without_phrase(description: str) -> str:
    """The phrase of the status is in the heading already."""
    phrase, _, rest = description.partition("\n\n")
    return rest if rest and any(phrase == status.phrase for status in HTTPStatus) else description


def _deprecated(operation: Node) -> str:
    return "<em>Deprecated.</em> " if operation.get("deprecated") else ""


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
