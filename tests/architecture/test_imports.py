from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]


def test_every_import_contract_holds() -> None:
    """A layer imports only the layers below it; the contracts are in pyproject.toml."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("package", ["domain", "adapters", "entrypoints"])
def test_no_other_distribution_provides_our_packages(package: str) -> None:
    """The names are plain words, so another distribution could hide them."""
    assert set(packages_distributions().get(package, [])) <= {"telecine"}
