"""Why a signed file is not taken: one code per reason, the same in the log, the receipt and the sentence table."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Reason code; the words are in `desk.daily.sentences`."""

    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    UNSIGNED = "unsigned"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_NAMESPACE = "wrong_namespace"
    PRACTICE = "practice"
    NOT_PRACTICE = "not_practice"
    NOT_CANONICAL = "not_canonical"
    BAD_SCHEMA = "bad_schema"
    WRONG_UNIT = "wrong_unit"
    WRONG_INSTALLATION = "wrong_installation"
    RETIRED_KEY = "retired_key"
    UNIT_RETIRED = "unit_retired"
    NOT_BALANCED = "not_balanced"

    FORK = "fork"
    GAP = "gap"
    WRONG_PREVIOUS = "wrong_previous"
    FUTURE_DATE = "future_date"
    BEFORE_START = "before_start"
    WRONG_STOCK = "wrong_stock"
    OVER_QUOTA = "over_quota"
    UNKNOWN_FILE = "unknown_file"
    NOT_NEWER = "not_newer"
    WRONG_CHAIN = "wrong_chain"

    RESET_WAITING = "reset_waiting"
    RESET_BEHIND = "reset_behind"
    RESET_REFUSED = "reset_refused"
    SUPERSEDED = "superseded"
