"""The field's enumerations with their national codes; standard library only."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from types import MappingProxyType


class State(IntEnum):
    """State of a dossier: the ten national ones (`TrangThaiHoSo`), and two of our own that are never exported."""

    VOIDED = 0
    REGISTERED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    OBLIGATION = 6
    WITHDRAWAL = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10
    HANDED_OVER = 11


OPEN_STATES = frozenset({State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.OBLIGATION})
"""States in which an accepted dossier is still owed a result."""


class Channel(IntEnum):
    """Way in, by the national code `KenhThucHien`."""

    DIRECT = 1
    ONLINE = 2
    POST = 3


class ApplicantKind(IntEnum):
    """Who the dossier is for, by the national code `LoaiDoiTuong`."""

    CITIZEN = 0
    ORGANISATION = 1
    HOUSEHOLD = 2


class LimitUnit(StrEnum):
    """Unit of a procedure's limit."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"


class SupplementMode(StrEnum):
    """What a supplement request does to the clock of an accepted dossier."""

    RESTART = "restart"
    PAUSE = "pause"
    NEW_LIMIT = "new_limit"
    NONE = "none"


class Outcome(StrEnum):
    """How the work on a dossier ended."""

    RESULT = "result"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Judgement(StrEnum):
    """The end of the work held against a date."""

    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"


class Act(StrEnum):
    """What an officer can do to a dossier; the name of the command, the journal event and the use case."""

    REGISTER = "register"
    RECEIVE = "receive"
    TAKE_OVER = "take_over"
    DECLINE = "decline"
    FORWARD = "forward"
    HANDED_BACK = "handed_back"
    SUPPLEMENT = "supplement"
    SUPPLEMENTED = "supplemented"
    OBLIGATION = "obligation"
    SETTLED = "settled"
    VARIANT = "variant"
    RESCHEDULE = "reschedule"
    FINISH = "finish"
    REFUSE = "refuse"
    STOP = "stop"
    WITHDRAW = "withdraw"
    RETURN = "return"
    VOID = "void"
    UNDO = "undo"
    SET_CODE = "set_code"
    CORRECT = "correct"


class OfficeEvent(StrEnum):
    """Journal events that are no act: those of the centre, and those of a dossier that leave its state alone."""

    CENTRE_OPENED = "centre_opened"
    OFFICER_ADDED = "officer_added"
    OFFICER_DISABLED = "officer_disabled"
    OFFICER_ENABLED = "officer_enabled"
    OFFICER_PIN_SET = "officer_pin_set"
    OFFICER_SIGNED_ON = "officer_signed_on"
    CATALOGUE_IMPORTED = "catalogue_imported"
    CALENDAR_IMPORTED = "calendar_imported"
    UNITS_IMPORTED = "units_imported"
    PROVINCE_KEY_CHANGED = "province_key_changed"
    CALENDAR_CHANGED = "calendar_changed"
    DEADLINE_MOVED = "deadline_moved"
    DAY_CLOSED = "day_closed"
    CHAIN_BROKEN = "chain_broken"
    CHAIN_RESET = "chain_reset"
    PERSON_SEEN = "person_seen"
    PERSON_ERASED = "person_erased"
    FEE_TAKEN = "fee_taken"
    FEE_VOIDED = "fee_voided"
    CASH_OPENED = "cash_opened"
    CASH_CLOSED = "cash_closed"
    SLIP_GIVEN = "slip_given"
    SLIP_REPRINTED = "slip_reprinted"
    CALL_MADE = "call_made"
    NOTICE_READ = "notice_read"
    MESSAGE_SEALED = "message_sealed"
    RECEIPT_HEARD = "receipt_heard"


class PayMethod(StrEnum):
    """How a fee was paid."""

    CASH = "cash"
    TRANSFER = "transfer"


class CallReason(StrEnum):
    """Why a citizen is to be rung."""

    LATE = "late"
    APOLOGY = "apology"
    SUPPLEMENT = "supplement"
    READY = "ready"


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    LATER = "later"
    CAME = "came"


class Slip(StrEnum):
    """Official forms of TT 03/2025/TT-VPCP, Phụ lục I."""

    RECEIPT = "01"
    SUPPLEMENT = "02"
    REFUSAL = "03"
    APOLOGY = "04"
    STOP = "05"
    ROUTING = "06"
    REGISTER = "07"


class ReturnWay(StrEnum):
    """How a result reached the citizen."""

    COUNTER = "counter"
    POST = "post"
    ELECTRONIC = "electronic"


class Role(StrEnum):
    """What an officer may do."""

    CLERK = "clerk"
    HEAD = "head"
    ADMIN = "admin"


class Delivery(StrEnum):
    """State of an outgoing daily file; only a verified receipt of the province moves it beyond `sent`."""

    SEALED = "sealed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    HELD = "held"
    REFUSED = "refused"


CHANNEL_NAMES = MappingProxyType({"direct": Channel.DIRECT, "online": Channel.ONLINE, "post": Channel.POST})
APPLICANT_NAMES = MappingProxyType(
    {
        "citizen": ApplicantKind.CITIZEN,
        "organisation": ApplicantKind.ORGANISATION,
        "household": ApplicantKind.HOUSEHOLD,
    }
)
