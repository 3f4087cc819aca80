"""The words of the screen: every one can be said in English, and none is said past the catalogue."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.words import LANGUAGES, SOURCE
from tests import catalogue

SOURCES = sorted((catalogue.ROOT / "desk").rglob("*.py"))
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)

NOT_SAID = {
    "desk/bootstrap.py": "the name in the record of an officer who gave none",
    "desk/counter/acting.py": "the holder in the journal where nobody is named",
    "desk/counter/addresses.py": "words of addresses to be recognised",
    "desk/counter/certifying.py": "papers and reasons as they stand in the record",
    "desk/forms/receipt.py": "the official form, which the law words",
    "desk/forms/trial.py": "letters to try a printer with",
    "desk/reference/__init__.py": "a value of the shipped tables",
    "desk/rehearsal/demo.py": "made-up people",
    "desk/rehearsal/mix.py": "names of fields and departments, as the shipped catalogue has them",
    "desk/rehearsal/people.py": "made-up people",
    "desk/rehearsal/stories.py": "made-up people",
    "desk/rehearsal/words.py": "what made-up officers wrote",
    "desk/rules/card_fields.py": "words of addresses to be recognised",
    "desk/rules/fees.py": "patterns of the catalogue's fee notes",
    "desk/rules/identity.py": "letters of cards to be recognised",
    "desk/rules/mojibake.py": "letters of broken texts",
    "desk/rules/money.py": "an amount in words, as a receipt has it, and the sign of the currency",
    "desk/rules/text.py": "letters",
    "desk/rules/trials.py": "the sentence to type",
    "desk/sync/mail.py": "the message that the province's office opens",
    "desk/tui/app.py": "the name of the program",
    "desk/tui/province/app.py": "the name of the program",
    "desk/tui/screens/act_dialogs.py": "what is written in the record, or read by the citizen",
    "desk/tui/screens/base.py": "the mark in the settings of a practice centre",
    "desk/tui/screens/certify_form.py": "the sign of the currency",
    "desk/tui/screens/work_rows.py": "names of procedures",
    "desk/tui/widgets/signs.py": "letters",
}
"""Files with Vietnamese that is not looked up, and what it is."""


class Words:
    """What one file says: messages, their places in the code, and texts that are not looked up."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(catalogue.ROOT).as_posix()
        self.said: set[str] = set()
        self.counted: set[str] = set()
        self.unread: list[str] = []
        self.frozen: list[str] = []
        self.bare: list[str] = []
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "desk.words"]
        self._ours = {alias.name for node in imports for alias in node.names}
        self._visit(tree, inside=False)

    def _visit(self, node: ast.AST, *, inside: bool) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.arguments | ast.arg):
            self._function(node, inside=inside)
            return
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                return
            case ast.Call(func=ast.Name(id="_" | "N_" | "counted" as how), args=[first, *rest]) if how in self._ours:
                self._call(node, how, first, inside=inside)
                for child in (*rest, *node.keywords):
                    self._visit(child, inside=inside)
                return
            case ast.Constant(value=str() as text) if VIETNAMESE.search(text):
                self.bare.append(f"{self.name}:{node.lineno}: {text!r}")
        for child in ast.iter_child_nodes(node):
            self._visit(child, inside=inside)

    def _function(self, node: ast.AST, *, inside: bool) -> None:
        heads: tuple[ast.AST, ...] = ()
        bodies: tuple[ast.AST, ...] = ()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                # What stands in the head of a function is worked out when the function is made.
                heads = (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults))
                bodies = (node.args, *node.body)
            case ast.Lambda():
                bodies = (node.body,)
            case ast.arguments():
                bodies = (*node.posonlyargs, *node.args, *node.kwonlyargs)
            case ast.arg(annotation=ast.AST() as annotation):
                # Not worked out before it is asked for: every module has annotations from the future.
                bodies = (annotation,)
            case _:
                return
        for child in heads:
            self._visit(child, inside=inside)
        for child in bodies:
            self._visit(child, inside=True)

    def _call(self, node: ast.Call, how: str, first: ast.expr, *, inside: bool) -> None:
        place = f"{self.name}:{node.lineno}: {ast.unparse(node)}"
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            self.unread.append(place)
            return
        (self.counted if how == "counted" else self.said).add(first.value)
        if how != "N_" and not inside:
            self.frozen.append(place)


@pytest.fixture(scope="module")
def words() -> list[Words]:
    return [Words(path) for path in SOURCES]


def entries(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each message of a catalogue with its forms."""
    for message in catalogue.read(language):
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string or ""
            yield text, ((said,) if isinstance(said, str) else tuple(said))


def fields(text: str) -> list[tuple[str, str, str]]:
    """Return the fields of a text to be filled in, with how they are written, and its `%` ones."""
    parts = list(string.Formatter().parse(text))
    named = [(name, spec or "", shape or "") for _plain, name, spec, shape in parts if name is not None]
    percent = re.findall(r"%(?:\(\w+\))?[sdrf]", "".join(plain for plain, *_field in parts))
    return sorted([*named, *(("%", each, "") for each in percent)])


def edges(text: str) -> tuple[str, str]:
    """Return the blanks and line ends around a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_there_is_a_catalogue_for_every_language_but_the_source() -> None:
    assert catalogue.languages() == sorted(set(LANGUAGES) - {SOURCE})


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_message_is_translated_and_no_other(language: str, words: list[Words]) -> None:
    wanted = {text for each in words for text in each.said | each.counted}
    assert len(wanted) > 1000
    found = dict(entries(language))
    assert sorted(wanted - found.keys()) == [], "new: run `python -m tests.catalogue`, then translate"
    assert sorted(found.keys() - wanted) == [], "no longer said: run `python -m tests.catalogue`"
    assert [text for text, said in found.items() if not all(said)] == [], "not translated"
    assert [message.id for message in catalogue.read(language) if message.id and message.fuzzy] == []
    assert catalogue.read(language).obsolete == {}


@pytest.mark.parametrize("language", catalogue.languages())
def test_a_translation_has_the_same_fields_and_the_same_edges(language: str) -> None:
    wrong = [
        (text, form)
        for text, said in entries(language)
        for form in said
        if fields(form) != fields(text) or edges(form) != edges(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", catalogue.languages())
def test_no_translation_is_vietnamese(language: str) -> None:
    assert [form for _text, said in entries(language) for form in said if VIETNAMESE.search(form)] == []


@pytest.mark.parametrize("language", catalogue.languages())
def test_the_files_are_what_the_sources_make_of_them(language: str) -> None:
    assert catalogue.as_text(catalogue.renewed(language)) == catalogue.texts(language).read_bytes()
    compiled = catalogue.texts(language).with_suffix(".mo").read_bytes()
    assert catalogue.compiled(language) == compiled, "run `python -m tests.catalogue`"


def test_a_text_is_counted_everywhere_or_nowhere(words: list[Words]) -> None:
    counted = {text for each in words for text in each.counted}
    assert sorted(counted & {text for each in words for text in each.said}) == []


def test_words_are_looked_up_where_they_are_shown_not_at_import(words: list[Words]) -> None:
    assert [place for each in words for place in each.frozen] == []


def test_only_literal_texts_are_looked_up(words: list[Words]) -> None:
    places = [place for each in words for place in each.unread]
    assert places == [place for place in places if place.startswith("desk/cli/options.py:")], "not to be extracted"
    assert len(places) == 1


def test_vietnamese_on_the_screen_is_looked_up(words: list[Words]) -> None:
    bare = {each.name: each.bare for each in words if each.bare}
    assert {name: texts for name, texts in bare.items() if name not in NOT_SAID} == {}
    assert sorted(NOT_SAID.keys() - bare.keys()) == [], "no Vietnamese there any more"
