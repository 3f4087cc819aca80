"""Ways to bring a dossier into every state, and what each act needs to go through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from db.vocabulary import Act, State
from desk.counter.correction import Correction
from desk.counter.model import DossierView, PersonInput
from tests.counter.desk_fixture import MARITAL, OFFICIAL, Desk, at

NEW_PROMISE = at("2026-03-20T15:00")

FULL: Mapping[Act, dict[str, Any]] = MappingProxyType(
    {
        Act.DECLINE: {"reason": "không thuộc thẩm quyền"},
        Act.SUPPLEMENT: {"reason": "thiếu tờ khai"},
        Act.FORWARD: {"holder": "Địa chính"},
        Act.VARIANT: {"variant": "phải xác minh", "reason": "cần hỏi nơi cũ"},
        Act.RESCHEDULE: {"to": NEW_PROMISE, "reason": "chờ xác minh"},
        Act.REFUSE: {"reason": "không đủ điều kiện"},
        Act.STOP: {"reason": "người dân đề nghị"},
        Act.VOID: {"reason": "nhập nhầm"},
        Act.RETURN: {"collector": "Chính chủ"},
        Act.SET_CODE: {"official_code": OFFICIAL},
        Act.CORRECT: {"reason": "gõ nhầm tên", "correction": Correction(PersonInput("Trần Ỷ"))},
        Act.UNDO: {"reason": "bấm nhầm"},
    }
)
"""What each act needs to go through, where it needs anything."""


def _path(*acts: Act, first: Act = Act.RECEIVE) -> Callable[[Desk], str]:
    def walk(desk: Desk) -> str:
        code = desk.receive(MARITAL, act=first, reason="thiếu" if first is not Act.RECEIVE else "").code
        for act in acts:
            desk.act(code, act, **FULL.get(act, {}))
        return code

    return walk


PLACES: Mapping[str, tuple[State, Callable[[Desk], str]]] = MappingProxyType(
    {
        "registered": (State.REGISTERED, _path(first=Act.REGISTER)),
        "sent back": (State.SUPPLEMENT, _path(first=Act.SUPPLEMENT)),
        "declined": (State.NOT_RECEIVED, _path(first=Act.DECLINE)),
        "received": (State.RECEIVED, _path()),
        "forwarded": (State.PROCESSING, _path(Act.FORWARD)),
        "handed back": (State.PROCESSING, _path(Act.FORWARD, Act.HANDED_BACK)),
        "supplement": (State.SUPPLEMENT, _path(Act.SUPPLEMENT)),
        "supplemented": (State.PROCESSING, _path(Act.SUPPLEMENT, Act.SUPPLEMENTED)),
        "obligation": (State.OBLIGATION, _path(Act.OBLIGATION)),
        "rescheduled": (State.RECEIVED, _path(Act.RESCHEDULE)),
        "finished": (State.FINISHED, _path(Act.FINISH)),
        "refused": (State.FINISHED, _path(Act.REFUSE)),
        "withdrawn": (State.STOPPED, _path(Act.WITHDRAW)),
        "stopped": (State.STOPPED, _path(Act.STOP)),
        "returned": (State.RETURNED, _path(Act.FINISH, Act.RETURN)),
        "voided": (State.VOIDED, _path(Act.VOID)),
        "undone": (State.RECEIVED, _path(Act.FINISH, Act.UNDO)),
    }
)


def view(desk: Desk, code: str) -> DossierView:
    found = desk.counter.dossier(code)
    assert found is not None
    return found
