"""The table of error codes has every code that a client can get, and no other."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from entrypoints.http.errors.codes import ERROR_CODES

ROOT = Path(__file__).resolve().parents[2]

# Codes that no client gets, each with the reason; "unavailable" is the code that the client gets instead.
OUT_OF_REACH = {
    "already_exists": "ids are random, and a taken idempotency key has a separate code",
    "bucket_missing": "unavailable",
    "chunk_unreadable": "raised in a worker",
    "compression_failed": "raised in a worker",
    "conflict": "a base class, never raised itself",
    "cookies_unreadable": "raised in a worker",
    "data_folder_in_use": "at the start of a process",
    "database_not_migrated": "unavailable",
    "database_too_new": "unavailable",
    "disk_full": "raised in a worker",
    "error": "a base class, never raised itself",
    "file_missing": "raised in a worker",
    "fts5_missing": "at the start of a process",
    "gone": "a base class, never raised itself",
    "idempotency_key_taken": "handled: the recorded request decides the response",
    "invalid_database_url": "at the start of a process",
    "job_unavailable": "raised in a worker",
    "language_unsupported": "raised in a worker",
    "models_folder_unusable": "raised in a worker",
    "lease_lost": "raised in a worker",
    "model_digest_mismatch": "raised in a worker",
    "model_unreachable": "raised in a worker",
    "model_unusable": "raised in a worker",
    "not_found": "a base class, raised only with codes of the table",
    "object_changed": "raised in a worker",
    "queue_unavailable": "the sweep sends the job later",
    "quota_exceeded": "a base class, never raised itself",
    "rejected": "a base class, never raised itself",
    "secret_damaged": "at the start of a process",
    "source_damaged": "raised in a worker",
    "source_partly_used": "raised in a worker",
    "source_truncated": "raised in a worker",
    "storage_denied": "unavailable",
    "storage_misconfigured": "unavailable",
    "storage_refused": "unavailable",
    "storage_throttled": "unavailable",
    "suspicious_orphans": "raised by `telecine sweep`",
    "orphans_kept": "raised by `telecine sweep`",
    "tokens_issued_elsewhere": "raised by the command that issues tokens",
    "tool_failed": "at the start of a process",
    "tool_missing": "raised in a worker",
    "transcriber_failed": "raised in a worker",
    "transcriber_invalid_answer": "raised in a worker",
    "transcriber_missing": "raised in a worker",
    "transcriber_unavailable": "raised in a worker",
    "transcription_rejected": "raised in a worker",
    "unauthenticated": "a base class, never raised itself",
    "value_not_storable": "schemas and policies reject such a value first",
    "webhook_secret_unreadable": "unavailable",
    "worker_lost": "raised in a worker",
}

# Codes of the local bucket, whose URLs are not in the OpenAPI document.
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
# Codes of the web page, whose routes are not in the OpenAPI document.
PAGE = {"local_sign_in_refused"}


def _trees() -> Iterator[ast.Module]:
    for layer in ("domain", "adapters"):
        for source in (ROOT / "src" / layer).rglob("*.py"):
            yield ast.parse(source.read_text(encoding="utf-8"))


def _constants(tree: ast.Module) -> dict[str, str]:
    """The module's string constants by name."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _gives_code(node: ast.AST) -> TypeGuard[ast.keyword | ast.Assign]:
    """Whether the node is a keyword argument `code`, or an assignment to `code`."""
    if isinstance(node, ast.keyword):
        return node.arg == "code"
    return isinstance(node, ast.Assign) and any(
        isinstance(each, ast.Name) and each.id == "code" for each in node.targets
    )


def _codes() -> set[str]:
    """Every code that an error of the domain or the adapters has, by keyword or by class."""
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
    """The table gives its status, and what to do about it."""
    codes = _codes()
    assert {"upload_missing", "upload_closed", "video_not_found", "not_a_video"} <= codes
    assert codes - OUT_OF_REACH.keys() - ERROR_CODES.keys() == set()


def test_the_list_of_what_is_out_of_reach_is_fresh() -> None:
    """Every code in it is still raised, and is not in the table."""
    assert OUT_OF_REACH.keys() & ERROR_CODES.keys() == set()
    assert OUT_OF_REACH.keys() - _codes() == set()


def test_every_code_of_the_table_is_reachable() -> None:
    """A route, the local bucket or the framework returns it."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    documented = {
        shown["value"]["code"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for shown in answer.get("content", {}).get("application/problem+json", {"examples": {}})["examples"].values()
    }
    assert ERROR_CODES.keys() - documented - BUCKET - FRAMEWORK - PAGE == set()
    assert (BUCKET | FRAMEWORK | PAGE) - ERROR_CODES.keys() == set()
