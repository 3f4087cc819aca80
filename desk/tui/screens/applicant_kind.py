"""Who applies: a citizen, an organisation or a household business, and the number each of them has."""

from __future__ import annotations

from textual.strip import Strip

from db.vocabulary import ApplicantKind
from desk.rules.tax_code import is_doubtful
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from desk.words import _

DIGITS = 12
LONGEST_CODE = 40
CITIZEN = ApplicantKind.CITIZEN.name


class KindChoice(Choice):
    """The label of the applicant's line, which says what they are: arrows change it, typed letters never do."""

    COMPONENT_CLASSES = {"choice--muted"}  # noqa: RUF012 - the framework's way

    def __init__(self, *, id: str | None = None) -> None:
        names = {
            ApplicantKind.CITIZEN: _("Người nộp"),
            ApplicantKind.ORGANISATION: _("Tổ chức"),
            ApplicantKind.HOUSEHOLD: _("Hộ KD"),
        }
        super().__init__([Option(kind.name, name) for kind, name in names.items()], by_arrows=True, id=id)

    def draw_line(self, y: int) -> Strip:
        """Return the label where a label stands, between arrows while it has the focus."""
        label = self.options[self._index].label
        text = f"{self.glyphs.before}{label}{self.glyphs.after}" if self.has_focus else f" {label}"
        style = "" if self.has_focus else "muted"
        return self.strip_of([(text, style)] if y == 0 else (), self.size.width)

    def show(self, kind: str) -> None:
        """Show a kind by name; one of another version is a citizen."""
        self.choose(kind if kind in ApplicantKind.__members__ else CITIZEN)


class NumberInput(FormInput):
    """The applicant's number: twelve digits of a citizen, else a tax code or the number of a decision."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(cleaner=self._clean, id=id)
        self._kind = CITIZEN
        self._limit()

    def take_kind(self, kind: str) -> None:
        """Take what this kind of applicant has; of what stands there only that stays."""
        if kind != self._kind:
            self._kind = kind
            self._limit()
            self.value = self._clean(self.value)[: self.max_length]

    def _limit(self) -> None:
        citizen = self._kind == CITIZEN
        self.restrict = "[0-9]*" if citizen else r"[\w/.\-]*"
        self.max_length = DIGITS if citizen else LONGEST_CODE

    def _clean(self, text: str) -> str:
        if self._kind == CITIZEN:
            return "".join(char for char in text if char.isascii() and char.isdigit())
        return "".join(char for char in text if char.isalnum() or char in "/.-")


class NumberField(Field):
    """The line of the applicant's number, whose label follows their kind."""

    def say(self, label: str) -> None:
        """Change the label."""
        self.query_one(".label", Line).put([(label, "muted")])


def number_label(kind: str) -> str:
    """Return the label before the number of this kind of applicant."""
    return {
        ApplicantKind.ORGANISATION.name: _("MST / QĐ"),
        ApplicantKind.HOUSEHOLD.name: _("MST / ĐD"),
    }.get(kind, _("Số ĐD"))


def code_words(number: str) -> str:
    """Return what is implausible about an organisation's number; empty for a plausible or absent one."""
    return _("MST sai số kiểm tra") if is_doubtful(number) else ""
