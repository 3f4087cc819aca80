"""Words on screen: Vietnamese is the source language, other languages are gettext catalogues in `desk/locale`."""

from __future__ import annotations

import gettext
from functools import lru_cache
from importlib.resources import as_file, files

_language = "vi"


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "vi":
        return gettext.NullTranslations()
    with as_file(files("desk") / "locale") as folder:
        return gettext.translation("desk", localedir=folder, languages=[language], fallback=True)


def use_language(language: str) -> None:
    """Choose the language of the screen; an unknown one falls back to Vietnamese."""
    global _language  # noqa: PLW0603 - one process, one screen language
    _language = language


def _(text: str) -> str:
    """Return the words for `text` in the chosen language."""
    return _catalogue(_language).gettext(text)
