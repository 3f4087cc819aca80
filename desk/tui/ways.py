"""The ways between the screens: where each key that works everywhere leads."""

from __future__ import annotations

from desk.tui.places import screen_of
from desk.tui.widgets.routed_app import RoutedApp


class Ways(RoutedApp):
    """Opens the screens over one another and leads back to the day's work."""

    def say(self, text: str, style: str = "late") -> None:
        """Say a last word on the screen in front."""
        raise NotImplementedError

    def receive(self, payload: str = "") -> None:
        """Open the receipt form, filled from a card's payload if there is one."""
        from desk.tui.screens.receive import ReceiveScreen

        if not isinstance(self.screen, ReceiveScreen):
            self.push_screen(ReceiveScreen(payload))
        elif payload:
            # In its turn: the form may not be mounted yet when two cards come in one burst.
            self.screen.call_later(self.screen.scanned, payload)

    def certify(self, payload: str = "") -> None:
        """Open the fast lane, filled from a card's payload if there is one; one that is open already comes in front."""
        from desk.tui.screens.certify import CertifyScreen

        if any(isinstance(screen, CertifyScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, CertifyScreen):
                self.pop_screen()
        else:
            self.push_screen(CertifyScreen())
        if payload and isinstance(self.screen, CertifyScreen):
            # In its turn: the lane may not be mounted yet.
            self.screen.call_later(self.screen.scanned, payload)

    def open_dossier(self, wanted: str | int) -> None:
        """Open one dossier over the screen in front."""
        from desk.tui.screens.dossier import DossierScreen

        if isinstance(self.screen, DossierScreen):
            self.screen.call_later(self.screen.show, wanted)
        else:
            self.push_screen(DossierScreen(wanted))

    def home(self, figure: str = "") -> None:
        """Go back to the day's work, with the dossiers behind a figure if one is named."""
        from desk.tui.screens.home import HomeScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        if isinstance(self.screen, HomeScreen):
            self.screen.choose(figure)

    def action_receive(self) -> None:
        """Open the receipt form."""
        self.receive()

    def action_certify(self) -> None:
        """Open the fast lane."""
        self.certify()

    def action_find(self) -> None:
        """Go to the list with a search over all dossiers."""
        self.home("find")

    def action_work(self) -> None:
        """Go back to the day's work; pressed again while nothing has changed, have the screen sent again.

        Then the terminal shows something else than the officer expects: a message of the machine lies over it.
        """
        self.redraw_if_asked_again()
        self.home()

    def action_return_result(self) -> None:
        """Show what waits to be collected."""
        self.home("uncollected")

    def action_close_day(self) -> None:
        """Open the closing of the day."""
        self.go("closing")

    def action_numbers(self) -> None:
        """Show the official report."""
        self.go("numbers")

    def action_morning(self) -> None:
        """Show what today wants."""
        self.go("morning")

    def action_calendar(self) -> None:
        """Show the calendar."""
        self.go("calendar")

    def action_officers(self) -> None:
        """Show who works here."""
        self.go("officers")

    def action_check(self) -> None:
        """Try the machines of this desk."""
        self.go("check")

    def action_retype(self) -> None:
        """Type what has no official code into the official system, the oldest first."""
        self.retype()

    def retype(self, dossier_id: int = 0, queue: tuple[int, ...] = ()) -> None:
        """Type a dossier into the official system; the following ones are those of `queue`."""
        from desk.tui.screens.retype import RetypeScreen

        if not isinstance(self.screen, RetypeScreen):
            self.push_screen(RetypeScreen(dossier_id, queue))

    def action_take_fee(self) -> None:
        """Show the receipts of the shift."""
        self.go("cash")

    def action_open_cash(self) -> None:
        """Count what the shift begins with."""
        self._cash_then("opening")

    def action_close_cash(self) -> None:
        """Count the shift."""
        self._cash_then("count")

    def _cash_then(self, command: str) -> None:
        from desk.tui.screens.cash import CashScreen

        self.go("cash")
        if isinstance(self.screen, CashScreen):
            self.screen.call_later(self.screen.begin, command)

    def action_shift(self) -> None:
        """Show what the shift hands on."""
        self.go("shift")

    def action_calls(self) -> None:
        """Show who is to be rung."""
        self.go("calls")

    def action_news(self) -> None:
        """Show what the province published, and messages to it."""
        self.go("news")

    def action_outbox(self) -> None:
        """Show what waits for the province."""
        self.go("outbox")

    def go(self, name: str) -> None:
        """Open a place over the screen in front, unless it is the one in front."""
        place = screen_of(name)
        if not isinstance(self.screen, place):
            self.push_screen(place())

    def action_lock(self) -> None:
        """Cover the screen."""
        from desk.tui.screens.cover import CoverScreen
        from desk.tui.widgets.modals import tell

        tell(self, CoverScreen())

    def action_leave(self) -> None:
        """End the program; nothing is lost, every save was durable."""
        self.exit()
