"""A stylesheet is served with the text of those that it imports."""

import pytest

from entrypoints.http.web.stylesheets import with_imports


def test_imports_are_replaced_in_order() -> None:
    """A path is relative to the stylesheet that names it."""
    contents = {
        "screens/a/a.css": b'@import "../../b/b.css";\n@import "./c.css";\n.a {}\n',
        "b/b.css": b'@import "./d.css";\n.b {}\n',
        "b/d.css": b".d {}\n",
        "screens/a/c.css": b".c {}\n",
    }
    assert with_imports("screens/a/a.css", contents) == b".d {}\n.b {}\n.c {}\n.a {}\n"


def test_an_import_of_a_missing_file_fails() -> None:
    """A release without one of its files is not served in parts."""
    with pytest.raises(KeyError):
        with_imports("a.css", {"a.css": b'@import "./b.css";\n'})
