"""Two metadata: the desk's tables and the province's, each with its own history of schema steps."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db.types import name_constraints


class DeskTable(SQLModel):
    """Base of the tables of a commune's desk."""

    metadata = MetaData()


class ProvinceTable(SQLModel):
    """Base of the tables of a province."""

    metadata = MetaData()


name_constraints(DeskTable.metadata)
name_constraints(ProvinceTable.metadata)
