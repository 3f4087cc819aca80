"""The sentences for the reasons that the rules give."""

from __future__ import annotations

from desk.cli.reasons import card_reason_sentence, card_warning_sentence, clock_sentence, limit_sentence
from desk.rules import moment
from desk.rules.clock import ClockError, ClockFault
from desk.rules.deadline import LimitError, LimitFault
from desk.rules.identity import CardReject, CardWarning


def test_every_reason_of_the_rules_has_a_sentence() -> None:
    noon = moment.parse("2026-04-10T12:05")
    sentences = [
        *(limit_sentence(LimitError(fault, "x")) for fault in LimitFault),
        *(clock_sentence(ClockError(fault, noon)) for fault in ClockFault),
        *(card_reason_sentence(reason) for reason in CardReject),
        *(card_warning_sentence(warning) for warning in CardWarning),
    ]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)
    assert not any("{" in sentence for sentence in sentences)


def test_an_instant_is_told_in_the_offices_zone() -> None:
    error = ClockError(ClockFault.NO_DATE, moment.parse("2026-04-09T18:30:59+00:00"))
    assert "T6 10/04/2026 01:30" in clock_sentence(error)
