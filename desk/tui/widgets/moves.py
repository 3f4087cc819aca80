"""Messages by which a field of a form asks for the next one; `Form` answers them."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget


@dataclass
class Next(Message):
    """Enter in a field: what is in it stands, go on."""

    field: Widget

    @property
    def control(self) -> Widget:
        """The field that was left."""
        return self.field


@dataclass
class Step(Message):
    """An arrow out of a field: -1 to the one before, +1 to the one after."""

    field: Widget
    by: int

    @property
    def control(self) -> Widget:
        """The field that was left."""
        return self.field
