"""Comments and needless whitespace leave the text that is sent; strings, templates and patterns stay as they are."""

import pytest

from entrypoints.http.web.stripping import has_nested_template, stripped


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("/** @type {string} */\nconst a = 1; // one\n", "const a=1;"),
        ('const a = "/* not a  comment */";', 'const a="/* not a  comment */";'),
        ("const a = `${b ? c : d}  // text`;", "const a=`${b ? c : d}  // text`;"),
        ("const a = b.replace(/ *[/'] \\/ */g, x);", "const a=b.replace(/ *[/'] \\/ */g,x);"),
        ("const a = b\nconst c = d + +e;\n", "const a=b\nconst c=d+ +e;"),
        ('return {\n  text: "ä → ✓",\n};', 'return{text:"ä → ✓",};'),
    ],
)
def test_scripts(script: str, expected: str) -> None:
    """The meaning stays, also of characters outside of ASCII."""
    assert stripped("js", script.encode()).decode() == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("/* Why. */\n.a,\n.b > .c { margin: 0 auto; }\n", ".a,.b>.c{margin:0 auto}"),
        (".a { width: calc(100% - (2px + 1em)); }", ".a{width:calc(100% - (2px + 1em))}"),
        ("@media (width > 40em) and (hover) { .a :is(.b, .c) { top: 0 } }", None),
        ('.a::after { content: "✓" / ""; }', '.a::after{content:"✓" / ""}'),
    ],
)
def test_styles(style: str, expected: str | None) -> None:
    """Spaces that have a meaning stay."""
    text = stripped("css", style.encode()).decode()
    assert text == expected or (expected is None and " and " in text and ".a :is(" in text)


def test_a_script_with_a_nested_template_is_sent_as_it_is() -> None:
    """The tool would remove the space of the inner text."""
    nested = "const a = `${b ? ` and ${c}` : d}`; // why\n"
    assert has_nested_template(nested)
    assert stripped("js", nested.encode()) == nested.encode()


def test_quotes_in_comments_do_not_begin_a_template() -> None:
    """Only templates are read as such."""
    assert not has_nested_template("// `${\n/* `${ ` */ const a = '`${', b = `${c}` + `${d}`;")


def test_other_files_stay_as_they_are() -> None:
    """A picture may contain any bytes."""
    assert stripped("png", b"/* \xff */ ") == b"/* \xff */ "
