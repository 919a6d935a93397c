import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_recipe_runs_every_folder_of_tests() -> None:
    """`just test` names its folders, so a new one has to be added there."""
    recipe = re.search(r"^test:.*?(?=^#)", (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert recipe is not None
    folders = {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"tests/\w+", recipe[0])) == folders
