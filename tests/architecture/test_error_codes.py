"""Every code that a client can get is in the one table, and every code of the table can be got."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from entrypoints.http.error_codes import ERROR_CODES

ROOT = Path(__file__).resolve().parents[2]

# Told to operators and workers; a client hears of what is away as `unavailable`.
OUT_OF_REACH = {
    "already_exists": "ids are random, and a key that is taken has an answer of its own",
    "bucket_missing": "unavailable",
    "chunk_unreadable": "a worker's",
    "compression_failed": "a worker's",
    "conflict": "nobody raises the class itself",
    "cookies_unreadable": "a worker's",
    "data_folder_in_use": "at the start of a process",
    "database_not_migrated": "unavailable",
    "database_too_new": "unavailable",
    "disk_full": "a worker's",
    "error": "nobody raises the class itself",
    "file_missing": "a worker's",
    "gone": "nobody raises the class itself",
    "idempotency_key_taken": "becomes an answer of its own",
    "invalid_database_url": "at the start of a process",
    "job_not_found": "a worker's",
    "job_unavailable": "a worker's",
    "language_unsupported": "a worker's",
    "lease_lost": "a worker's",
    "model_digest_mismatch": "a worker's",
    "model_unreachable": "a worker's",
    "model_unusable": "a worker's",
    "not_found": "nobody raises the class itself but for the table's own codes",
    "object_changed": "a worker's",
    "queue_unavailable": "the sweep sends what could not be sent",
    "quota_exceeded": "nobody raises the class itself",
    "rejected": "nobody raises the class itself",
    "secret_damaged": "at the start of a process",
    "source_damaged": "a worker's",
    "source_truncated": "a worker's",
    "storage_denied": "unavailable",
    "storage_misconfigured": "unavailable",
    "storage_refused": "unavailable",
    "storage_throttled": "unavailable",
    "suspicious_orphans": "of the command that sweeps",
    "orphans_kept": "likewise",
    "tokens_issued_elsewhere": "of the command that issues tokens",
    "tool_failed": "at the start of a process",
    "tool_missing": "a worker's",
    "transcriber_failed": "a worker's",
    "transcriber_invalid_answer": "a worker's",
    "transcriber_missing": "a worker's",
    "transcriber_unavailable": "a worker's",
    "transcription_rejected": "a worker's",
    "unauthenticated": "nobody raises the class itself",
    "value_not_storable": "shapes and policies let no such value through",
    "worker_lost": "a worker's",
}

# Of the folder that plays the bucket, whose URLs are no part of the document.
BUCKET = {
    "incomplete_body",
    "invalid_object_key",
    "invalid_parts",
    "invalid_signature",
    "method_not_allowed",
    "object_not_found",
    "range_not_satisfiable",
    "storage_full",
    "upload_not_found",
    "url_expired",
}
FRAMEWORK = {"internal_error", "invalid_request", "method_not_allowed", "route_not_found"}


def _trees() -> Iterator[ast.Module]:
    for room in ("domain", "adapters"):
        for source in (ROOT / "src" / room).rglob("*.py"):
            yield ast.parse(source.read_text(encoding="utf-8"))


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that have a name in the module."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _gives_code(node: ast.AST) -> TypeGuard[ast.keyword | ast.Assign]:
    """Whether a code is passed on here, or is that of a class."""
    if isinstance(node, ast.keyword):
        return node.arg == "code"
    return isinstance(node, ast.Assign) and any(
        isinstance(each, ast.Name) and each.id == "code" for each in node.targets
    )


def _codes() -> set[str]:
    """Every code that an error carries, from a keyword or by its class."""
    found: set[str] = set()
    for tree in _trees():
        names = _constants(tree)
        for node in ast.walk(tree):
            value = node.value if _gives_code(node) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.add(value.value)
            elif isinstance(value, ast.Name) and value.id in names:
                found.add(names[value.id])
    return found


def test_what_a_client_can_get_is_in_the_table() -> None:
    """With its status, and what to do about it."""
    codes = _codes()
    assert {"upload_missing", "upload_closed", "video_not_found", "not_a_video"} <= codes
    assert codes - OUT_OF_REACH.keys() - ERROR_CODES.keys() == set()


def test_the_list_of_what_is_out_of_reach_is_fresh() -> None:
    """Nothing in it is in the table too, or is no longer raised."""
    assert OUT_OF_REACH.keys() & ERROR_CODES.keys() == set()
    assert OUT_OF_REACH.keys() - _codes() == set()


def test_every_code_of_the_table_can_be_got() -> None:
    """From a route, from the bucket, or from the framework."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    told = {
        shown["value"]["code"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for shown in answer.get("content", {}).get("application/problem+json", {"examples": {}})["examples"].values()
    }
    assert ERROR_CODES.keys() - told - BUCKET - FRAMEWORK == set()
    assert (BUCKET | FRAMEWORK) - ERROR_CODES.keys() == set()
