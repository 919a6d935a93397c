"""Languages by name and by code."""

import pytest

from adapters.openai.language_codes import iso_639_1

# Every name that Whisper gives (its tokenizer's LANGUAGES and their other names), except `hawaiian`.
NAMES = """
    afrikaans af; albanian sq; amharic am; arabic ar; armenian hy; assamese as; azerbaijani az; bashkir ba; basque
    eu; belarusian be; bengali bn; bosnian bs; breton br; bulgarian bg; burmese my; catalan ca; chinese zh;
    croatian hr; czech cs; danish da; dutch nl; english en; estonian et; faroese fo; finnish fi; french fr;
    galician gl; georgian ka; german de; greek el; gujarati gu; haitian creole ht; hausa ha; hebrew he; hindi hi;
    hungarian hu; icelandic is; indonesian id; italian it; japanese ja; javanese jv; kannada kn; kazakh kk; khmer
    km; korean ko; lao lo; latin la; latvian lv; lingala ln; lithuanian lt; luxembourgish lb; macedonian mk;
    malagasy mg; malay ms; malayalam ml; maltese mt; maori mi; marathi mr; mongolian mn; myanmar my; nepali ne;
    norwegian no; nynorsk nn; occitan oc; pashto ps; persian fa; polish pl; portuguese pt; punjabi pa; romanian
    ro; russian ru; sanskrit sa; serbian sr; shona sn; sindhi sd; sinhala si; slovak sk; slovenian sl; somali so;
    spanish es; sundanese su; swahili sw; swedish sv; tagalog tl; tajik tg; tamil ta; tatar tt; telugu te; thai
    th; tibetan bo; turkish tr; turkmen tk; ukrainian uk; urdu ur; uzbek uz; vietnamese vi; welsh cy; yiddish yi;
    yoruba yo
"""


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("english", "en"),
        ("English", "en"),
        ("en", "en"),
        ("haitian creole", "ht"),
        ("javanese", "jv"),
        ("burmese", "my"),
        ("myanmar", "my"),
        ("hawaiian", None),
        ("jw", "jv"),
        ("tl", "tl"),
        ("en-GB", "en"),
        ("mandarin", None),
        ("xx", None),
        ("no such language", None),
        ("", None),
    ],
)
def test_a_language_becomes_its_two_letter_code(language: str, code: str | None) -> None:
    """Names and codes are recognised; languages without a code in ISO 639-1 give None."""
    assert iso_639_1(language) == code


def test_every_name_of_whisper_has_its_code() -> None:
    """The library knows languages by more names than these."""
    pairs = [pair.split() for pair in NAMES.split(";")]
    found = {" ".join(name): iso_639_1(" ".join(name)) for *name, _ in pairs}
    assert found == {" ".join(name): code for *name, code in pairs}
    assert len(found) == 99
