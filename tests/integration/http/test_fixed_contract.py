"""The contract with existing clients: paths, methods, request fields, response fields and statuses.

`fixed_contract.json` was recorded once. The API may add to it, but must not remove or change anything in it.
"""

import json
from pathlib import Path
from typing import Any, cast

import pytest

CONTRACT: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("fixed_contract.json").read_text())
DOCUMENT: dict[str, Any] = json.loads((Path(__file__).resolve().parents[3] / "docs" / "openapi.json").read_text())


def broken(contract: dict[str, dict[str, Any]], document: dict[str, Any]) -> list[str]:
    """The differences between the document and the contract that break existing clients."""
    found: list[str] = []
    for name, fixed in contract.items():
        method, path = name.split()
        operation = document["paths"].get(path, {}).get(method.lower())
        if operation is None:
            found.append(name)
            continue
        body = operation.get("requestBody", {"content": {}})
        fields = _fields(document, body["content"])
        found += [f"{name} takes {field}" for field in _missing(fixed["request"], fields)]
        # A field that existing clients never sent cannot become required.
        found += [f"{name} wants {field}" for field in _required(document, body["content"]) - fixed["request"].keys()]
        for status, answered in fixed["statuses"].items():
            answer = operation["responses"].get(status)
            if answer is None:
                found.append(f"{name} answers {status}")
                continue
            found += [
                f"{name} answers {status} {field}" for field in _missing(answered, _fields(document, answer["content"]))
            ]
    return found


def _missing(fixed: dict[str, str], fields: dict[str, set[str]]) -> list[str]:
    return [name for name, kind in fixed.items() if kind not in fields.get(name, set())]


def _shape(document: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    if not content:
        return {}
    (media,) = content.values()
    return _resolved(document, media["schema"])


def _fields(document: dict[str, Any], content: dict[str, Any]) -> dict[str, set[str]]:
    """The allowed types of each field."""
    properties = _shape(document, content).get("properties", {})
    return {name: _types(document, schema) for name, schema in properties.items()}


def _required(document: dict[str, Any], content: dict[str, Any]) -> set[str]:
    return set(_shape(document, content).get("required", []))


def _types(document: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    one_of = cast("list[dict[str, Any]]", schema.get("oneOf", []))
    if one_of:
        return {kind for each in one_of for kind in _types(document, each)}
    return {str(_resolved(document, schema).get("type"))}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref") or next((each["$ref"] for each in schema.get("allOf", [])), None)
    if reference is None:
        return schema
    resolved: dict[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return resolved


def test_the_contract_with_existing_clients_is_kept() -> None:
    """Fields may be added; none is removed, retyped, or newly required."""
    assert broken(CONTRACT, DOCUMENT) == []
    assert len(CONTRACT) == 4


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (["paths", "/api/videos/{video_id}/status"], "GET /api/videos/{video_id}/status"),
        (
            ["components", "schemas", "PresignedUploadResponse", "properties", "r2_key"],
            "POST /api/videos/upload/presigned answers 201 r2_key",
        ),
        (
            ["components", "schemas", "UploadCompleteRequest", "properties", "success"],
            "POST /api/videos/{video_id}/upload/complete takes success",
        ),
    ],
)
def test_a_removed_field_is_found(path: list[str], gone: str) -> None:
    """The comparison works."""
    changed = json.loads(json.dumps(DOCUMENT))
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert gone in broken(CONTRACT, changed)


def test_a_newly_required_field_is_found() -> None:
    """An optional field that becomes required breaks clients that never sent it."""
    changed = json.loads(json.dumps(DOCUMENT))
    changed["components"]["schemas"]["PresignedUploadRequest"]["required"].append("strategy")
    assert broken(CONTRACT, changed) == ["POST /api/videos/upload/presigned wants strategy"]
