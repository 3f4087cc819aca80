"""One act done to several dossiers: each in its own transaction, then one account of them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from db.vocabulary import Act
from desk.counter.model import Action, Done, Refused
from desk.counter.work_lines import short_code
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.service import Counter


class Fate(Struct, frozen=True):
    """What became of one dossier: `done`, or why not.

    `stopped`: the record itself could not, so that the next dossier would fare no better. Whether this one was written
    is then not known for certain; the same action sent again is answered, never done twice.
    """

    action: Action
    done: Done | None = None
    sentence: str = ""
    stopped: bool = False


def one(counter: Counter, action: Action) -> Fate:
    """Do the act to one dossier; no failure of the record comes out of here."""
    # The screens know this module; they do not load the record.
    from db.errors import RecordError, RecordFault
    from desk.counter.sentences import fault_sentence

    try:
        answer = counter.act(action)
    except RecordError as error:
        return Fate(action, sentence=fault_sentence(error), stopped=error.fault is not RecordFault.CONFLICT)
    return Fate(action, sentence=answer.sentence) if isinstance(answer, Refused) else Fate(action, answer)


def summary(act: Act, fates: Sequence[Fate], untried: int = 0) -> str:
    """Return one sentence: how many were done, which were not and why, how many were not tried."""
    failed = [fate for fate in fates if fate.done is None]
    parts = [_done_words(act).format(n=len(fates) - len(failed))]
    if failed:
        reasons = "; ".join(f"{short_code(fate.action.code)} ({fate.sentence})" for fate in failed)
        parts.append(_("không được {n}: {reasons}").format(n=len(failed), reasons=reasons))
    if untried:
        parts.append(_("chưa làm {n}").format(n=untried))
    return " · ".join(parts)


def account(act: Act, fates: Sequence[Fate], untried: int = 0) -> tuple[str, ...]:
    """Return the same in lines, with what must be known of those that were done."""
    failed = [fate for fate in fates if fate.done is None]
    lines = [_done_words(act).format(n=len(fates) - len(failed))]
    warned = [(fate.action.code, text) for fate in fates if fate.done for text in fate.done.warnings]
    lines += [f"  {code}: {text}" for code, text in warned]
    if failed:
        lines += ["", _("không được {n}, vẫn đang chọn:").format(n=len(failed))]
        lines += [f"  {fate.action.code}: {fate.sentence}" for fate in failed]
    if untried:
        lines += ["", _("chưa làm {n}, vẫn đang chọn").format(n=untried)]
    return tuple(lines)


def _done_words(act: Act) -> str:
    return _("đã trả {n}") if act is Act.RETURN else _("đã chuyển {n}")
