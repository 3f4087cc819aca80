"""What is said on the telephone: whole sentences, by the reason of the call; and its reasons and outcomes by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.vocabulary import ApplicantKind, CallOutcome, CallReason
from desk.counter import say
from desk.rules import moment
from desk.words import _, officially


@dataclass(frozen=True, slots=True)
class Message:
    """What the sentence is about; `missing` is the officer's own text of a supplement request."""

    centre: str
    name: str
    kind: ApplicantKind
    code: str
    procedure: str
    promise: datetime | None
    now: datetime
    missing: str = ""
    until: datetime | None = None


def reason_name(reason: CallReason) -> str:
    """Return why somebody is rung."""
    return {
        CallReason.READY: _("có kết quả"),
        CallReason.SUPPLEMENT: _("cần bổ sung"),
        CallReason.APOLOGY: _("hẹn lại"),
        CallReason.LATE: _("trễ hẹn"),
    }[reason]


def outcome_name(outcome: CallOutcome) -> str:
    """Return what came of a call."""
    return {
        CallOutcome.REACHED: _("đã báo"),
        CallOutcome.NO_ANSWER: _("không nghe máy"),
        CallOutcome.WRONG_NUMBER: _("sai số"),
        CallOutcome.LATER: _("hẹn gọi lại"),
        CallOutcome.CAME: _("đã đến quầy"),
    }[outcome]


def told(data: Mapping[str, Any]) -> str:
    """Return a call in the history of its dossier."""
    words = [reason_name(CallReason(data["why"])), outcome_name(CallOutcome(data["outcome"]))]
    if data.get("again"):
        words.append(say.short_moment(moment.parse(data["again"])))
    return " · ".join(words)


def sentence(reason: CallReason, message: Message) -> str:
    """Return what to say, a whole sentence with name, number, what and when: Vietnamese, whatever the screen speaks."""
    with officially():
        return _sentence(reason, message)


def _sentence(reason: CallReason, message: Message) -> str:
    early = message.promise is not None and message.now < message.promise
    texts = {
        CallReason.READY: _(
            "Chào {who}, {centre} xin báo: hồ sơ số {code}, {procedure}, đã có kết quả, sớm hơn hẹn {promise}; "
            "mời đến nhận trong giờ làm việc, nhớ mang giấy hẹn và căn cước."
        )
        if early
        else _(
            "Chào {who}, {centre} xin báo: hồ sơ số {code}, {procedure}, đã có kết quả; "
            "mời đến nhận trong giờ làm việc, nhớ mang giấy hẹn và căn cước."
        ),
        CallReason.SUPPLEMENT: _(
            "Chào {who}, {centre} xin báo: hồ sơ số {code}, {procedure}, cần bổ sung: {missing}; "
            "mời nộp tại quầy trước {until}."
        )
        if message.until is not None
        else _(
            "Chào {who}, {centre} xin báo: hồ sơ số {code}, {procedure}, cần bổ sung: {missing}; "
            "mời nộp tại quầy để được tiếp nhận."
        ),
        CallReason.APOLOGY: _(
            "Chào {who}, {centre} thành thật xin lỗi: hồ sơ số {code}, {procedure}, chưa xong như đã hẹn; "
            "xin hẹn lại {promise}, kết quả trả tại quầy."
        ),
        CallReason.LATE: _(
            "Chào {who}, {centre} thành thật xin lỗi: hồ sơ số {code}, {procedure}, đã quá hẹn {promise} mà chưa xong; "
            "chúng tôi đang đôn đốc và sẽ gọi lại ngay khi có kết quả."
        ),
    }
    citizen = message.kind is ApplicantKind.CITIZEN
    who = _("ông/bà {name}").format(name=message.name) if citizen else message.name
    return texts[reason].format(
        who=who,
        centre=message.centre,
        code=message.code,
        procedure=message.procedure,
        promise=say.moment(message.promise),
        missing=message.missing or _("giấy tờ ghi trên phiếu yêu cầu"),
        until=say.moment(message.until),
    )
