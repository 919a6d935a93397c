"""Joined modules run as single ones do: each once, in order, with the same exports."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from entrypoints.http.web.documents import script
from entrypoints.http.web.joining import joined
from entrypoints.http.web.static_files import static_files
from tests.services.missing import missing

MODULES = {
    "first.js": "export const table = 1;\n",
    "lib/log.js": """
const name = 1;
export const log = [];
export function twice(x) {
  return 2 * x;
}
""",
    "lib/b.js": """
import { log } from "./log.js";
const name = 2;
log.push("b");
export { twice as double } from "./log.js";
export class B {
  address = new URL("./x.svg", import.meta.url).pathname;
}
export { name };
""",
    "lib/later.js": "export const late = 3;\n",
    "screens/s.js": """
import { log } from "../lib/log.js";
import * as b from "../lib/b.js";
import {
  double as d,
} from "../lib/b.js";
log.push("s");
export const known = { log, number: d(b.name), address: new b.B().address };
export const load = async () => (await import("../lib/later.js")).late;
export default function s() {
  return `${b.name ? ` and ${b.name}` : 0}`;
}
""",
}


def run(main: str, files: Mapping[str, str | bytes], root: Path) -> object:
    """What a module writes in Node, as JSON."""
    node = shutil.which("node") or missing("node", "Install Node 20 or later.")
    for path, text in {**files, "package.json": '{"type": "module"}'}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    (root / "main.js").write_text(main)
    done = subprocess.run([node, root / "main.js"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_exports_and_the_order_stay(tmp_path: Path) -> None:
    """Names in one module do not meet those in another; addresses are those of the module's own folder."""
    contents = {path: text.encode() for path, text in MODULES.items()}
    files = {
        **contents,
        "first.js": joined("first.js", contents, "first.js"),
        "screens/s.js": joined("screens/s.js", contents, "first.js"),
    }
    main = 'import s, { known, load } from "./screens/s.js";\n'
    main += "console.log(JSON.stringify([s(), known, await load()]));\n"
    known = {"log": ["b", "s"], "number": 4, "address": str(tmp_path / "lib" / "x.svg")}
    assert run(main, files, tmp_path) == [" and 2", known, 3]


@pytest.mark.parametrize(
    "text",
    [
        'import a from "./b.js";\n',
        'import "./b.js";\n',
        "export let a = 1;\n",
        "export const { a } = b;\n",
        'export * from "./b.js";\n',
        'import { b } from "./b.js";\n',
    ],
)
def test_what_cannot_be_joined_is_refused(text: str) -> None:
    """A value that changes, a default import, and modules that import each other would behave differently."""
    contents = {"a.js": text.encode(), "b.js": b'import { a } from "./a.js";\nexport const b = 1;\n'}
    with pytest.raises(ValueError, match=r"cannot be joined|import each other"):
        joined("a.js", contents, "a.js")


def test_each_script_of_the_page_has_a_valid_syntax(tmp_path: Path) -> None:
    """As it is served: joined, and stripped; the browser tests show that it works."""
    node = shutil.which("node") or missing("node", "Install Node 20 or later.")
    paths = [path for path in static_files().contents if path.endswith(".js")]
    assert "app.js" in paths
    for number, path in enumerate(paths):
        prepared = static_files().prepare(path)
        assert prepared is not None
        (tmp_path / f"{number}.mjs").write_bytes(prepared.plain.content)
    (tmp_path / "main.mjs").write_text(
        'import { SourceTextModule } from "node:vm";\nimport { readFileSync } from "node:fs";\n'
        f"for (let i = 0; i < {len(paths)}; i++)"
        ' new SourceTextModule(readFileSync(`${import.meta.dirname}/${i}.mjs`, "utf8"));\n'
    )
    argv = [node, "--experimental-vm-modules", "--no-warnings", tmp_path / "main.mjs"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_a_script_of_the_page_does_not_repeat_what_is_loaded_before_it() -> None:
    """The strings, as an example, are in the first script alone."""
    contents = static_files().contents
    entries = ["lib/early.js", "app.js", "screens/video/video.js", "components/tray/tray.js"]
    assert [path for path in entries if b'app: "Telecine"' in script(path, contents, static_files().entries)] == [
        "lib/early.js"
    ]
