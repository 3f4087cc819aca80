"""`desk due` gives the trace that the screen and the slip's back give."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from desk.cli.centre import opened
from desk.counter import explain
from desk.rules import moment
from desk.rules.deadline import Due
from desk.rules.trace import Step, StepKind

NOW = "2026-03-13T10:00"
MARITAL, LAND = "1.004873", "1.013978"
EVENTS = (
    ("supplement", "2026-03-16T09:00"),
    ("supplemented", "2026-04-24T14:20"),
    ("obligation", "2026-04-29T11:30"),
    ("settled", "2026-05-09T08:00"),
)


def told(steps: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the lines that a trace makes once it went through JSON."""
    names = set(Step.__struct_fields__)
    found = []
    for step in steps:
        assert set(step) <= names
        values: dict[str, Any] = dict(step)
        for name, value in step.items():
            if name in {"at", "to"}:
                values[name] = moment.parse(value)
            elif name in {"day", "until"}:
                values[name] = date.fromisoformat(value)
        found.append(Step(**values | {"kind": StepKind(step["kind"])}))
    due = next(step.at for step in found if step.kind is StepKind.DUE)
    assert due is not None
    return explain.lines(Due(due, tuple(found)))


def asked(centre: Any, code: str, count: int, *words: str) -> Any:
    events = [part for kind, when in EVENTS[:count] for part in ("--event", f"{kind}@{when}")]
    words = ("due", "--procedure", code, "--received", NOW, *events, *words, "--data", str(centre.folder))
    ran = centre.run(*words)
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out) if "--json" in words else ran.out.splitlines()


def pages(centre: Any, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the screen's key gives, and the slip with its back."""
    with opened(centre.folder) as desk:
        shown = desk.counter.dossier(code)
        assert shown is not None
        back = desk.counter.receipt(shown.id, back=True)
        assert isinstance(back, tuple)
        return desk.counter.why(shown.id), back


def happen(centre: Any, code: str, count: int) -> None:
    for kind, when in EVENTS[:count]:
        ran = centre("act", code, kind, "--reason", "x", now=when)
        assert ran.status == 0, ran.err


@pytest.mark.parametrize("count", range(len(EVENTS) + 1))
@pytest.mark.parametrize("procedure", [MARITAL, LAND])
def test_screen_and_command_tell_the_same(centre: Any, procedure: str, count: int) -> None:
    centre.now = NOW
    code = centre.take(procedure)
    happen(centre, code, count)
    why, _back = pages(centre, code)
    answer = asked(centre, procedure, count, "--json")
    assert why[1:-1] == told(answer["trace"])
    assert answer["legal_trace"] is None
    assert asked(centre, procedure, count)[1:] == list(why[1:-1])
    assert centre.json("show", code)["promise"] == answer["due"]


def test_the_back_of_the_slip_tells_the_same_of_the_first_promise(centre: Any) -> None:
    centre.now = NOW
    code = centre.take(LAND)
    before = told(asked(centre, LAND, 0, "--json")["trace"])
    happen(centre, code, 4)
    _why, back = pages(centre, code)
    lines = [line.strip() for line in back]
    assert [line for line in before if line.strip() not in lines] == []


def test_where_the_law_gives_another_date_both_traces_are_told(centre: Any, tmp_path: Path) -> None:
    centre.now = NOW
    shipped = files("desk.reference").joinpath("procedures.csv").read_text(encoding="utf-8")
    row = next(row for row in csv.DictReader(io.StringIO(shipped)) if row["code"] == MARITAL)
    with (tmp_path / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*row, "local_limit"])
        writer.writeheader()
        writer.writerow(row | {"local_limit": "2 working_day"})
    assert centre("import", "catalogue", str(tmp_path / "catalogue.csv")).status == 0
    code = centre.take(MARITAL)
    answer = asked(centre, MARITAL, 0, "--json")
    assert (answer["due"], answer["legal_deadline"]) == ("2026-03-17T10:00+07:00", "2026-03-18T10:00+07:00")
    why, back = pages(centre, code)
    parts = ("", "HẠN THEO LUẬT T4 18/03/2026 10:00")
    assert why[1:-1] == (*told(answer["trace"]), *parts, *told(answer["legal_trace"]))
    lines = [line.strip() for line in back]
    assert all(line.strip() in lines for line in told(answer["legal_trace"]))
    printed = asked(centre, MARITAL, 0)
    assert printed[1:] == [*told(answer["trace"]), "Hạn theo luật: T4 18/03/2026 10:00", *told(answer["legal_trace"])]


def test_a_code_with_the_suffix_of_the_province_is_looked_through(centre: Any) -> None:
    assert asked(centre, f"{LAND}.H27", 0, "--json") == asked(centre, LAND, 0, "--json")
