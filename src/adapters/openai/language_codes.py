"""Languages as Whisper names them in `verbose_json`, and their codes in ISO 639-1."""

import langcodes

_CODE_LENGTH = 2


def iso_639_1(language: str) -> str | None:
    """The code of a language given by its English name or its code; None if it has no two-letter code or is unknown."""
    given = language.strip().lower()
    try:
        tag = given if langcodes.tag_is_valid(given) else langcodes.find(given).to_tag()
    except LookupError:
        return None
    # The current code is tried first: Whisper writes `jw`, which is now `jv`. The current code for Tagalog has three
    # letters, so its old one is used.
    codes = (langcodes.Language.get(tag, normalize=is_current).language for is_current in (True, False))
    return next((code for code in codes if code is not None and len(code) == _CODE_LENGTH), None)
