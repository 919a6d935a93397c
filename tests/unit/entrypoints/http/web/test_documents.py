"""The document of a screen names the files of the screen, and in templates those of the others."""

import re

from entrypoints.http.web.documents import document, screen_names
from entrypoints.http.web.module_graph import modules_of

CONTENTS = {
    "index.html": b'<head><script type="module" src="/static/app.js"></script></head><a href="/static-notes">',
    "app.js": b'import { h } from "./lib/dom.js";\nimport {\n  a,\n} from "./lib/a.js";\nimport("./lib/later.js");\n',
    "lib/a.js": b'/** @type {import("./t.d.ts").A} */\nimport { h } from "./dom.js";\nexport const a = "./text.js";\n',
    "lib/dom.js": b"export const h = 1;\n",
    "screens/one/one.js": b'export { b } from "./b.js";\nimport { h } from "../../lib/dom.js";\n',
    "screens/one/b.js": b"export const b = 1;\n",
    "screens/one/one.css": b"",
    "screens/two/two.js": b"",
}
HEAD = re.compile(r"^.*?(?=<template|</head>)", re.DOTALL)


def links(text: str) -> list[str]:
    """The files that links name, without the version."""
    return [path.removeprefix("/static/v1/") for path in re.findall(r'<link rel="\w+" href="([^"]+)"', text)]


def test_the_modules_of_an_entry_are_those_that_it_imports() -> None:
    """Types in comments, texts and imports at a later time are none."""
    assert modules_of("app.js", CONTENTS) == ["app.js", "lib/dom.js", "lib/a.js"]
    assert modules_of("screens/one/one.js", CONTENTS, ["lib/dom.js"]) == ["screens/one/one.js", "screens/one/b.js"]


def test_the_head_names_the_files_of_the_screen() -> None:
    """The browser requests all of them at once."""
    page = document("one", CONTENTS, "v1").decode()
    head = HEAD.findall(page)[0]
    assert links(head) == [
        *("lib/dom.js", "lib/a.js"),
        *("screens/one/one.css", "screens/one/one.js", "screens/one/b.js"),
    ]
    assert 'src="/static/v1/app.js"' in head
    assert 'href="/static-notes"' in page


def test_templates_name_the_files_of_the_other_screens() -> None:
    """A browser does not request what a template names."""
    assert screen_names(CONTENTS) == ["one", "two"]
    page = document("two", CONTENTS, "v1").decode()
    assert "one.js" not in HEAD.findall(page)[0]
    [(name, content)] = re.findall(r'<template data-screen="(\w+)">(.*?)</template>', page, re.DOTALL)
    assert name == "one"
    assert links(content) == ["screens/one/one.css", "screens/one/one.js", "screens/one/b.js"]
