"""What the province's services answer, as frozen values, and why they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from desk.daily.container import Json
from desk.daily.messages import UnitMessage
from desk.daily.model import Receipt, Status
from desk.daily.reset import Lost, LostFile
from desk.province.figures import share
from desk.rules.report import Report
from desk.rules.tally import Count


class ProvinceFault(StrEnum):
    """Why a service of the province does not do what was asked."""

    NOT_INIT = "not_init"
    ALREADY = "already"
    OTHER_DATABASE = "other_database"
    DATABASE_TAKEN = "database_taken"
    DESK_FOLDER = "desk_folder"
    KEY_MISSING = "key_missing"
    KEY_OTHER = "key_other"
    BAD_KEY = "bad_key"
    UNKNOWN_UNIT = "unknown_unit"
    NOT_ENROLLED = "not_enrolled"
    KEY_ELSEWHERE = "key_elsewhere"
    STARTED = "started"
    BAD_CERTIFICATE = "bad_certificate"
    NO_SPOOL = "no_spool"
    SPOOL_INSIDE = "spool_inside"
    NOT_NEWER = "not_newer"
    NO_SUCH_MESSAGE = "no_such_message"
    NOT_PUBLISHABLE = "not_publishable"
    NO_RESET = "no_reset"
    KEY_WAITS = "key_waits"
    BAD_KEY_DAYS = "bad_key_days"
    OTHER_COMMUNE = "other_commune"
    NO_SUCH_KEY = "no_such_key"
    KEY_AT_WORK = "key_at_work"
    BEFORE_GO_LIVE = "before_go_live"
    REPORTED_AFTER = "reported_after"


class ProvinceError(Exception):
    """A service of the province refused, with its reason code; `detail` is a unit, a fingerprint or a path."""

    def __init__(self, fault: ProvinceFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


class Identity(Struct, frozen=True):
    """The province's key as it is published."""

    fingerprint: str
    public_key: str
    practice: bool


class Enrolled(Struct, frozen=True):
    """A unit's key on the list; `others` are the fingerprints of its other keys, `again` says that nothing changed."""

    unit: str
    name: str
    fingerprint: str
    go_live: date | None
    others: tuple[str, ...]
    again: bool


class Taken(Struct, frozen=True):
    """What became of the bytes of one file.

    Without a receipt `reason` says why there is none. `changed` are the files, this one included, that have a new
    receipt: this one's arrival may have released others.
    """

    sha256: str
    receipt: Receipt | None
    reason: str | None
    repeated: bool = False
    changed: tuple[str, ...] = ()


class MessageView(Struct, frozen=True):
    """A unit's message; `answer` is the number of the publication that answers it, None for none."""

    unit: str
    name: str
    sha256: str
    received_at: datetime
    message: UnitMessage
    answer: int | None


class Answer(Struct, frozen=True):
    """What became of one file of an inbox.

    `file` is its path; `sha256` is None where it was not read. `unwritten` is what kept its receipt or the province's
    key from being written beside it: the next ingest writes them.
    """

    file: str
    sha256: str | None
    status: Status
    reason: str | None
    receipt: Receipt | None = None
    repeated: bool = False
    unwritten: OSError | None = None

    def document(self) -> dict[str, Json]:
        """Return the receipt's keys with the file's; those that only a receipt has are null without one."""
        payload = dict.fromkeys(_RECEIPT_KEYS) if self.receipt is None else self.receipt.payload()
        return {
            "file": self.file,
            **payload,
            "receipt_for": self.sha256,
            "status": self.status.value,
            "reason": self.reason,
            "repeated": self.repeated,
        }


_RECEIPT_KEYS = (
    "schema",
    "receipt_for",
    "unit",
    "date",
    "seq",
    "status",
    "reason",
    "expected_seq",
    "province_seq",
    "province_time",
    "prev_receipt",
)


class Hole(Struct, frozen=True):
    """A stretch of a unit's files that is missing in the figures: not arrived (`gap`) or refused, with its reason."""

    first_seq: int
    last_seq: int
    reason: str
    day: date | None = None


class DayState(StrEnum):
    """What a unit reported for one day."""

    NOT_EXPECTED = "not_expected"
    ON_TIME = "on_time"
    LATE = "late"
    HELD = "held"
    MISSING = "missing"


class StockLine(Struct, frozen=True):
    """What was open under a procedure by the last file counted, and what the desk goes on with."""

    procedure: str
    before: int
    after: int


class ResetView(Struct, frozen=True):
    """A reset as the province sees it.

    `kept` are the files that the province counts and the desk no longer has; `untold` those of them that the desk does
    not name, `absent` those it names that are not here. `never` are numbers before the reset that no file has.
    `received` and `ended` are what `kept` counted. `stock` are the procedures whose stock does not go on as it was.
    `base_known` says that the file it goes on from is the one here, `other_keys` which keys end with it.
    """

    unit: str
    name: str
    sha256: str
    seq: int
    day: date
    status: str
    received_at: datetime
    decided_at: datetime | None
    note: str
    reason: str
    lost: Lost
    base_seq: int
    base_known: bool
    last_seq: int
    kept: tuple[LostFile, ...]
    untold: tuple[LostFile, ...]
    absent: tuple[LostFile, ...]
    never: tuple[tuple[int, int], ...]
    received: int
    ended: int
    stock: tuple[StockLine, ...]
    held: int
    other_keys: tuple[str, ...]

    @property
    def stock_before(self) -> int:
        """What was open by the last file counted, under the procedures that do not go on as they were."""
        return sum(line.before for line in self.stock)

    @property
    def stock_after(self) -> int:
        """What the desk goes on with under the same procedures."""
        return sum(line.after for line in self.stock)


class UnitStatus(Struct, frozen=True):
    """One unit's reports from its go-live to the day asked for, or its last day if that is earlier, both included.

    `expected`, `actual` and `on_time` count open days; `missing` are those without a merged file. `fingerprints` are
    its keys, `forks` the SHA-256 of files that contradict one already taken, `refused` counts them too. `resets` are
    those that wait for a decision, and those accepted in the period.
    """

    unit: str
    name: str
    go_live: date | None
    day: DayState
    expected: int
    actual: int
    on_time: int
    missing: tuple[date, ...]
    holes: tuple[Hole, ...]
    held: int
    refused: int
    forks: tuple[str, ...]
    last_seq: int
    resets: tuple[ResetView, ...] = ()
    last_day: date | None = None

    @property
    def rate(self) -> float | None:
        """Reporting rate from 0 to 1, None where nothing is expected."""
        return share(self.actual, self.expected)

    @property
    def rate_on_time(self) -> float | None:
        """Rate of reports on time from 0 to 1, None where nothing is expected."""
        return share(self.on_time, self.expected)


class ProvinceStatus(Struct, frozen=True):
    """Who has reported up to a day; `rejected` counts what failed before a good signature."""

    day: date
    practice: bool
    units: tuple[UnitStatus, ...]
    rejected: int

    @property
    def expected(self) -> int:
        """Expected reports of all units."""
        return sum(unit.expected for unit in self.units)

    @property
    def actual(self) -> int:
        """Merged reports of all units."""
        return sum(unit.actual for unit in self.units)

    @property
    def on_time(self) -> int:
        """Merged reports of all units that came in time."""
        return sum(unit.on_time for unit in self.units)

    @property
    def rate(self) -> float | None:
        """Reporting rate of all units."""
        return share(self.actual, self.expected)

    @property
    def rate_on_time(self) -> float | None:
        """Rate of reports on time of all units."""
        return share(self.on_time, self.expected)


class PeriodReport(Struct, frozen=True):
    """II.06a over the merged files of a period.

    `silent` are the units asked for that have no file in it, `missing` the refused files whose figures are not in it,
    `resets` where the stock of a restored desk does not go on from the one before.
    `beside` are the counters that stand beside the columns, never summed into them: of the period, or as things last
    stood.
    """

    first: date
    last: date
    practice: bool
    units: Sequence[str]
    silent: Sequence[str]
    report: Report
    missing: Sequence[tuple[str, Hole]] = ()
    resets: Sequence[ResetView] = ()
    beside: Mapping[str, int] = field(default_factory=dict)

    @property
    def balanced(self) -> bool:
        """Whether the report may be handed in: it adds up, and no interval is missing in it."""
        return self.report.balanced and not self.missing

    @property
    def with_result(self) -> int:
        """Of column (7), what ended with a result: not refused, stopped or withdrawn."""
        return self.report.total.resolved - self._beside(Count.REFUSED, Count.STOPPED, Count.WITHDRAWN)

    @property
    def in_work(self) -> int:
        """Of column (11), what the office is working on: it does not wait for the applicant."""
        return self.report.total.open - self._beside(Count.WAITING_SUPPLEMENT, Count.WAITING_OBLIGATION)

    def _beside(self, *counts: Count) -> int:
        return sum(self.beside.get(count, 0) for count in counts)
