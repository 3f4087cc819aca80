"""The working calendar: exceptions to Monday-Friday, and office hours with validity dates."""

from __future__ import annotations

from datetime import date, time

from sqlmodel import Field

from db.tables.base import DeskTable


class CalendarDay(DeskTable, table=True):
    """A civil date that differs from its weekday, with two independent flags."""

    __tablename__ = "calendar_day"
    day: date = Field(primary_key=True)
    counts: bool
    open: bool
    note: str
    source: str


class OfficeSession(DeskTable, table=True):
    """One session of the office hours in force from a date."""

    __tablename__ = "office_session"
    valid_from: date = Field(primary_key=True)
    start: time = Field(primary_key=True)
    end: time
