"""python scripts/module_types.py [--check]: write or compare the upload module's types, made from its comments."""

import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "src" / "entrypoints" / "http" / "web"
TYPES = WEB / "static" / "telecine-upload.d.ts"
COMPILER = WEB / "node_modules" / ".bin" / "tsc"


def main() -> int:
    """Return 1 if the module's types have errors, or the committed file is not what the compiler makes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [COMPILER, "-p", WEB / "tsconfig.types.json", "--outDir", folder]
        if subprocess.run(command, check=False).returncode:
            return 1
        made = Path(folder, TYPES.name).read_text(encoding="utf-8")
    if "--check" not in sys.argv[1:]:
        TYPES.write_text(made, encoding="utf-8")
    elif not TYPES.exists() or TYPES.read_text(encoding="utf-8") != made:
        sys.stderr.write(f"{TYPES.name} is not what the module says; run `just docs`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
