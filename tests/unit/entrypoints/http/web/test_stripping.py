"""Comments and needless whitespace leave the text that is sent; strings, templates and patterns stay as they are."""

import pytest

from entrypoints.http.web.stripping import stripped


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


def test_templates_stay_as_they_are() -> None:
    """Also one inside of another; quotes in comments, and braces in expressions, end nothing."""
    nested = "`${b ? `  and ${ {c: '}`'}.c }` : \"`\"}  // x`"
    assert (
        stripped("js", f"// `\nconst a = {nested} ;  /* ` */\nb( 1 );".encode()).decode() == f"const a={nested};b(1);"
    )


def test_a_script_that_cannot_be_read_is_sent_as_it_is() -> None:
    """The browser names the error."""
    for script in (b"const a  = `b", b"const a  = `${b"):
        assert stripped("js", script) == script


def test_other_files_stay_as_they_are() -> None:
    """A picture may contain any bytes."""
    assert stripped("png", b"/* \xff */ ") == b"/* \xff */ "
