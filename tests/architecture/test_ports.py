import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _is_protocol(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
    )


PORTS = [
    path.stem
    for path in sorted((ROOT / "src/domain/ports").glob("*.py"))
    if any(map(_is_protocol, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
]


def _classes(module: ModuleType) -> list[type]:
    """The classes that the module defines, without those it imports."""
    return [found for _, found in inspect.getmembers(module, inspect.isclass) if found.__module__ == module.__name__]


def test_the_ports_are_found() -> None:
    """With an empty list the other tests would pass without a check."""
    assert {"object_store", "database", "transcoder"} <= set(PORTS)


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_a_contract_suite(port: str) -> None:
    """One suite says what every adapter of the port must do."""
    assert (ROOT / f"tests/contract/test_{port}.py").is_file()


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_a_fake(port: str) -> None:
    """The fake's file has the port's name, and its class inherits from the port."""
    fakes = _classes(import_module(f"adapters.fakes.{port}"))
    protocols = [
        found for found in _classes(import_module(f"domain.ports.{port}")) if getattr(found, "_is_protocol", False)
    ]
    assert protocols
    assert [protocol for protocol in protocols if not any(protocol in fake.__mro__ for fake in fakes)] == []
