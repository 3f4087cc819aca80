"""The field of a PIN: digits only, never shown, never copied."""

from __future__ import annotations

from desk.tui.widgets.form_input import DigitInput, FormInput, digits_of


class PinInput(FormInput):
    """Digits behind dots; neither cut nor copied, for the next officer could paste them somewhere to read."""

    def __init__(self, *, max_length: int, id: str | None = None) -> None:
        super().__init__(restrict=DigitInput.TYPED, max_length=max_length, cleaner=digits_of, password=True, id=id)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
