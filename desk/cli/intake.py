"""`desk receive`: takes dossiers from JSON Lines through the same use case as the screen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct

from db.vocabulary import APPLICANT_NAMES, CHANNEL_NAMES
from desk.cli.centre import officer_id, opened
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command, path_of
from desk.cli.output import BadLine, input_lines
from desk.cli.status import CommandError, Status
from desk.cli.values import instant_json, instant_of
from desk.rules.text import clean
from desk.words import _, officially

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.model import Done, PersonInput, Receive, Refused, TakeOver

LONGEST_TEXT = 2_000
MOST_PAPERS = 200
MOST_COPIES = 99_999

_ORDER = frozenset(
    (
        *("client_id", "procedure", "channel", "applicant", "representative", "variant", "components", "copies"),
        *("pages", "note", "received_at", "late_entry_reason", "official_code", "promise", "competent", "competent_at"),
    )
)
_STOCK = frozenset(
    (
        *("client_id", "taken_over", "procedure", "channel", "applicant", "variant", "note", "received_at"),
        *("old_code", "official_code", "promise"),
    )
)
_PERSON = frozenset(("kind", "name", "id_number", "phone", "email", "address"))


def declare(app: typer.Typer) -> None:
    """Add the command."""
    help_text = _("Tiếp nhận hồ sơ từ tệp JSON Lines, mỗi dòng một hồ sơ.") + "\n\n"
    help_text += _(
        "Hồ sơ phi địa giới: «competent» là cơ quan có thẩm quyền, «competent_at» là lúc cơ quan đó nhận; thời hạn tính"
        " từ lúc đó. Chưa biết thì bỏ trống và ghi sau bằng «desk act MÃ forward --competent-at»."
    )
    command(app, "receive", help_text)(receive)


def receive(
    file: Annotated[
        Path,
        typer.Option(
            "--file", metavar="FILE", parser=path_of, help=_("Mỗi dòng một hồ sơ dạng JSON («-»: đầu vào chuẩn).")
        ),
    ],
    officer: AsOption = None,
    as_json: JsonOption = False,  # noqa: ARG001 - the answers are JSON anyway
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Take each line in a transaction of its own and answer it on one line; lines that cannot be taken say why.

    A line with `"taken_over": true` is opening stock: a dossier open at go-live, with `received_at` and `old_code`.
    """
    from desk.counter.model import Refused

    failed = False
    # The answers are for programs, the same in every language.
    with officially(), opened(data, now) as desk:
        by = officer_id(desk, officer)
        for number, line in input_lines(file):
            client_id: str | None = None
            try:
                document = document_of(line)
                client_id = client_id_of(document)
                done = _take(desk, document, client_id or str(uuid.uuid4()), by)
                answer = _failure(client_id, number, done.sentence) if isinstance(done, Refused) else done_json(done)
            except CommandError as error:
                answer = _failure(client_id, number, error.sentence)
            failed = failed or "error" in answer
            # Told at once: whoever reads knows what is kept, whatever happens to the lines after it.
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    if failed:
        raise typer.Exit(Status.NO)


def _take(desk: Desk, document: Mapping[str, Any], client_id: str, by: int | None) -> Done | Refused:
    if document.get("taken_over") is True:
        return desk.counter.take_over(stock_of(document, client_id, by))
    return desk.counter.receive(order_of(document, client_id, by))


def done_json(done: Done) -> dict[str, object]:
    """Return what a use case wrote as plain JSON values."""
    return {
        "client_id": done.client_id,
        "code": done.code,
        "state": done.state.name.lower(),
        "state_code": int(done.state),
        "promise": instant_json(done.promise),
        "legal_deadline": instant_json(done.legal_deadline),
    }


def document_of(line: str | BadLine) -> dict[str, Any]:
    """Return the JSON object of a line; `CommandError` names what is wrong with it."""
    if isinstance(line, BadLine):
        raise _wrong(line.sentence)
    try:
        found = json.loads(line, object_pairs_hook=_unique)
    except _TwiceError as error:
        raise _wrong(_("không phải JSON: khóa «{key}» ghi hai lần").format(key=clean(str(error))[:60])) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(_("không phải JSON")) from error
    if not isinstance(found, dict):
        raise _wrong(_("mỗi dòng phải là một đối tượng JSON"))
    return found


def order_of(document: Mapping[str, Any], client_id: str, officer: int | None) -> Receive:
    """Return the dossier that a line asks to be received; `CommandError` names the key at fault."""
    from desk.counter.model import Receive

    given = _Given(document, "", _ORDER)
    other = document.get("representative")
    return Receive(
        client_id=client_id,
        procedure=given.text("procedure", required=True),
        channel=given.choice("channel", CHANNEL_NAMES),
        applicant=_person(document.get("applicant"), "applicant"),
        officer_id=officer,
        representative=None if other is None else _person(other, "representative"),
        variant=given.text("variant"),
        components=given.texts("components"),
        copies=given.number("copies"),
        pages=given.number("pages"),
        note=given.text("note"),
        received_at=given.instant("received_at"),
        late_entry_reason=given.text("late_entry_reason"),
        official_code=given.text("official_code"),
        promise=given.instant("promise"),
        competent=given.text("competent"),
        competent_at=given.instant("competent_at"),
    )


def stock_of(document: Mapping[str, Any], client_id: str, officer: int | None) -> TakeOver:
    """Return the opening stock that a line names: a dossier open at go-live, with its old code and dates."""
    from desk.counter.model import TakeOver

    given = _Given(document, "", _STOCK)
    received_at = given.instant("received_at")
    if received_at is None:
        raise _wrong(_("thiếu «{key}»").format(key="received_at"))
    return TakeOver(
        client_id=client_id,
        procedure=given.text("procedure", required=True),
        channel=given.choice("channel", CHANNEL_NAMES),
        applicant=_person(document.get("applicant"), "applicant"),
        received_at=received_at,
        promise=given.instant("promise"),
        old_code=given.text("old_code"),
        official_code=given.text("official_code"),
        variant=given.text("variant"),
        note=given.text("note"),
        officer_id=officer,
    )


def _person(found: Any, key: str) -> PersonInput:
    from desk.counter.model import PersonInput

    if not isinstance(found, dict):
        raise _wrong(_("thiếu «{key}»").format(key=key) if found is None else _type_sentence(key))
    given = _Given(found, f"{key}.", _PERSON)
    return PersonInput(
        name=given.text("name", required=True),
        kind=given.choice("kind", APPLICANT_NAMES, default="citizen"),
        id_number=given.text("id_number"),
        phone=given.text("phone"),
        email=given.text("email"),
        address=given.text("address"),
    )


def client_id_of(document: Mapping[str, Any]) -> str | None:
    """Return the name that the line gave itself, none if it gave none."""
    found = document.get("client_id")
    if found is not None and not isinstance(found, str):
        raise _wrong(_type_sentence("client_id"))
    cleaned = clean(found or "")
    if len(cleaned) > 100:
        raise _wrong(_("«{key}» dài quá {limit} ký tự").format(key="client_id", limit=100))
    if not cleaned and (found or "").strip():
        raise _wrong(_("«{key}» không có ký tự nào dùng được").format(key="client_id"))
    return cleaned or None


class _Given(Struct, frozen=True):
    """The values of one JSON object, taken out by key and type; `prefix` is its own name in sentences."""

    values: Mapping[str, Any]
    prefix: str
    known: frozenset[str]

    def __post_init__(self) -> None:
        for key in self.values:
            if key not in self.known:
                raise _wrong(_("không có khóa «{key}»").format(key=f"{self.prefix}{clean(key)[:60]}"))

    def text(self, key: str, *, required: bool = False) -> str:
        found = self.values.get(key)
        if found is not None and not isinstance(found, str):
            raise _wrong(_type_sentence(self.prefix + key))
        cleaned = clean(found or "")
        if required and not cleaned:
            raise _wrong(_("thiếu «{key}»").format(key=self.prefix + key))
        if len(cleaned) > LONGEST_TEXT:
            raise _wrong(_("«{key}» dài quá {limit} ký tự").format(key=self.prefix + key, limit=LONGEST_TEXT))
        return cleaned

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.values.get(key) or []
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise _wrong(_type_sentence(self.prefix + key))
        if len(found) > MOST_PAPERS or any(len(each) > LONGEST_TEXT for each in found):
            raise _wrong(_("«{key}» quá nhiều hoặc quá dài").format(key=self.prefix + key))
        return tuple(cleaned for each in found if (cleaned := clean(each)))

    def number(self, key: str) -> int:
        found = self.values.get(key)
        if found is None:
            return 0
        if type(found) is not int or not 0 <= found <= MOST_COPIES:
            raise _wrong(_("«{key}» phải là số nguyên từ 0 đến {most}").format(key=self.prefix + key, most=MOST_COPIES))
        return found

    def instant(self, key: str) -> Any:
        found = self.text(key)
        return instant_of(found) if found else None

    def choice(self, key: str, names: Mapping[str, Any], default: str = "") -> Any:
        found = self.text(key, required=not default) or default
        if found not in names:
            text = _("«{key}» phải là một trong: {names}")
            raise _wrong(text.format(key=self.prefix + key, names=", ".join(names)))
        return names[found]


class _TwiceError(Exception):
    """A name that stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def _failure(client_id: str | None, line: int, sentence: str) -> dict[str, object]:
    return {"client_id": client_id, "error": sentence, "line": line}


def _type_sentence(key: str) -> str:
    return _("giá trị của «{key}» sai kiểu").format(key=key)


def _wrong(sentence: str) -> CommandError:
    return CommandError(Status.USAGE, sentence)
