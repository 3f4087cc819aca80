"""SQLModel tables, one file per subject: storage only, never seen by screens."""

from db.tables.agency import Officer, Unit, UnitChange, UnitSuccession
from db.tables.base import DeskTable, ProvinceTable
from db.tables.calendar import CalendarDay, OfficeSession
from db.tables.call import CallMade
from db.tables.cash import CashClose, CashOpening, FeeReceipt
from db.tables.dossier import Counter, Dossier, IssuedSlip
from db.tables.journal import JournalEvent
from db.tables.person import Person, Remark
from db.tables.procedure import Procedure, ReferenceVersion
from db.tables.province import (
    ProvinceFigure,
    ProvinceFile,
    ProvinceKey,
    ProvinceReceipt,
    ProvinceRejection,
    ProvinceReset,
    ProvinceSetting,
    ProvinceUnit,
)
from db.tables.summary import ChainBreak, DailyFileRow, OutboxItem, ReceiptRow, SigningKey

__all__ = [
    "CalendarDay",
    "CallMade",
    "CashClose",
    "CashOpening",
    "ChainBreak",
    "Counter",
    "DailyFileRow",
    "DeskTable",
    "Dossier",
    "FeeReceipt",
    "IssuedSlip",
    "JournalEvent",
    "OfficeSession",
    "Officer",
    "OutboxItem",
    "Person",
    "Procedure",
    "ProvinceFigure",
    "ProvinceFile",
    "ProvinceKey",
    "ProvinceReceipt",
    "ProvinceRejection",
    "ProvinceReset",
    "ProvinceSetting",
    "ProvinceTable",
    "ProvinceUnit",
    "ReceiptRow",
    "ReferenceVersion",
    "Remark",
    "SigningKey",
    "Unit",
    "UnitChange",
    "UnitSuccession",
]
