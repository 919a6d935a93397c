"""The document of a screen names the files of the screen; entries are served with the modules that they import."""

import re

import pytest

from entrypoints.http.web.documents import document, entries_of, script

CONTENTS = {
    "app.js": b'import { a } from "./lib/a.js";\nvoid import(`./screens/${a}/${a}.js`);\n',
    "index.html": b'<head>\n<script type="module" async src="/static/lib/early.js"></script>\n'
    b'<script type="module" src="/static/app.js"></script>\n</head><a href="/static-notes">',
    "lib/a.js": b'import { early } from "./early.js";\nexport const a = early;\n',
    "lib/alone.js": b"export const alone = 1;\n",
    "lib/early.js": b"export const early = 1;\n",
    "lib/later.js": b'import { a } from "./a.js";\nexport const later = a;\n',
    "screens/one/one.css": b"",
    "screens/one/one.js": b'import { a } from "../../lib/a.js";\nconst alone = () => import("../../lib/alone.js");\n'
    b'export default async function one() {\n  return await import("../../lib/later.js");\n}\n',
    "screens/two/two.js": b"",
}
ENTRIES = entries_of(CONTENTS)


def test_the_head_names_the_files_of_the_screen() -> None:
    """The browser requests them at once; a template names those of other screens, which it does not request."""
    page = document("one", CONTENTS, "v1").decode()
    assert re.findall(r'"/static/v1/([^"]+)"', page) == [
        "lib/early.js",
        "app.js",
        "screens/one/one.css",
        "screens/one/one.js",
    ]
    assert 'href="/static-notes"' in page
    other = document("two", CONTENTS, "v1").decode()
    assert (
        '<template data-screen="one"><link rel="stylesheet" href="/static/v1/screens/one/one.css"></template>' in other
    )
    assert '<link rel="modulepreload" href="/static/v1/screens/two/two.js">' in other


def test_a_module_is_in_one_script_of_those_that_are_loaded_together() -> None:
    """Otherwise it would have two states."""
    texts = {
        path: script(path, CONTENTS, ENTRIES).decode() for path in ("lib/early.js", "app.js", "screens/one/one.js")
    }
    assert [path for path, text in texts.items() if "const early = 1" in text] == ["lib/early.js"]
    assert [path for path, text in texts.items() if "const a = early" in text] == ["app.js"]


@pytest.mark.parametrize("path", ["lib/alone.js", "lib/a.js"])
def test_other_modules_are_served_as_they_are(path: str) -> None:
    """A module that imports nothing, as the one for other front ends, and one that is no entry."""
    assert script(path, CONTENTS, ENTRIES) == CONTENTS[path]


def test_a_module_that_is_loaded_later_is_an_entry() -> None:
    """It uses the modules that the page has."""
    assert script("lib/later.js", CONTENTS, ENTRIES).decode().splitlines()[0] == 'import { $m } from "./early.js";'
    assert "const a = early" not in script("lib/later.js", CONTENTS, ENTRIES).decode()
