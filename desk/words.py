"""Words on screen: Vietnamese is the source language, other languages are gettext catalogues in `desk/locale`."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

SOURCE = "vi"
LANGUAGES = (SOURCE, "en")
"""Languages of the screen."""

_language = SOURCE
_official = ContextVar("official", default=False)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    from importlib.resources import as_file, files

    with as_file(files("desk") / "locale") as folder:
        return gettext.translation("desk", localedir=folder, languages=[language], fallback=True)


def use_language(language: str) -> None:
    """Choose the language of the screen; an unknown one falls back to Vietnamese."""
    global _language  # noqa: PLW0603 - one process, one screen language
    _language = language


def language() -> str:
    """Return the language in which words are given here and now."""
    return SOURCE if _official.get() else _language


@contextmanager
def officially() -> Iterator[None]:
    """Give Vietnamese words whatever the screen's language: for papers the law words, and for what programs read."""
    token = _official.set(True)
    try:
        yield
    finally:
        _official.reset(token)


def _(text: str) -> str:
    """Return the words for `text` in the chosen language."""
    return _catalogue(language()).gettext(text)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark words that are looked up later, where they are shown: at import the language is not known."""
    return text


def counted(text: str, count: int, **fields: object) -> str:
    """Return the words for `text` in the form a language has for this number, `{n}` and other fields filled in."""
    return _catalogue(language()).ngettext(text, text, count).format(**{"n": count, **fields})
