"""What the screens need of an open centre, how one is opened or made, and failures in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from desk.counter.model import Refused
from desk.words import _

if TYPE_CHECKING:
    from desk.beside import Beside
    from desk.counter.service import Counter
    from desk.mornings import Mornings
    from desk.settings import SettingsError
    from desk.vault import VaultError


class Poster(Protocol):
    """The way of sealed files."""

    def run(self, dry_run: bool = False, due: bool = False) -> Any:
        """Deliver what waits and collect receipts; with `due` what failed rests until its turn."""

    def stamp(self) -> object:
        """Return something that is another after whatever was written in the folders of files and receipts."""

    def through(self, folder: str) -> Poster:
        """Return the same outbox with a folder as its only way."""

    def receiving(self, folder: str) -> Poster:
        """Return the same outbox with a folder from which receipts are only taken."""


class Services(Protocol):
    """An open centre."""

    @property
    def counter(self) -> Counter:
        """The use cases."""

    @property
    def post(self) -> Poster:
        """The way to the province."""

    @property
    def mornings(self) -> Mornings:
        """Which day has begun at this desk."""

    @property
    def beside(self) -> Beside:
        """The small documents of this desk."""


class NewCentre(Struct, frozen=True):
    """What the short set-up asks for; `folder` is where the province fetches the daily files, empty for none.

    `stock` is a file of the dossiers already open, empty for none.
    """

    unit: str
    name: str
    officer: str
    desk: int = 1
    practice: bool = False
    folder: str = ""
    stock: str = ""


class StockTaken(Struct, frozen=True):
    """What became of the file of dossiers already open: how many are in, and each line refused with its sentence."""

    taken: int = 0
    refused: tuple[tuple[int, str], ...] = ()


StockTaker = Callable[["Counter", str, Callable[[int], None]], StockTaken | Refused]
"""Takes a file of dossiers already open into a new centre and tells how many are in; Refused where it is unreadable."""


class NoCentre(Struct, frozen=True):
    """There is no centre yet: `make` sets one up and opens it, `stock` takes over what is already open."""

    make: Callable[[NewCentre], Opened]
    stock: StockTaker | None = None


class Locked(Struct, frozen=True):
    """The key wants its passphrase: `unlock` opens with it; `wrong` after one that did not open."""

    unlock: Callable[[str], Opened]
    wrong: bool = False


Opened = Services | Refused | NoCentre | Locked
"""What became of opening a centre."""

Opener = Callable[[], Opened]
"""Opens the centre; called in a thread, after the first paint."""


def foreseen() -> tuple[type[Exception], ...]:
    """Return the failures of record, settings, key and disk; imported only once something has failed."""
    from db.errors import RecordError
    from desk.settings import SettingsError
    from desk.vault import VaultError

    return (RecordError, SettingsError, VaultError, OSError)


def failure_sentence(error: Exception) -> str:
    """Return what an officer should know of a failure."""
    from db.errors import RecordError
    from desk.counter.sentences import fault_sentence
    from desk.settings import SettingsError
    from desk.vault import VaultError

    if isinstance(error, RecordError):
        return fault_sentence(error)
    if isinstance(error, VaultError):
        return _vault_sentence(error)
    if isinstance(error, SettingsError):
        return _settings_sentence(error)
    named = error.filename if isinstance(error, OSError) and error.filename else ""
    reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return _("Máy không làm được: {reason} ({name}).").format(reason=reason, name=named or "—")


def _vault_sentence(error: VaultError) -> str:
    from desk.vault import VaultFault

    return {
        VaultFault.MISSING: _("Thiếu tệp khóa desk.key của cơ sở dữ liệu: lấy lại từ bản sao lưu."),
        VaultFault.DAMAGED: _("Tệp khóa desk.key hỏng: lấy lại từ bản sao lưu."),
        VaultFault.LOCKED: _("Cần mật khẩu để mở cơ sở dữ liệu."),
        VaultFault.NOT_OPENED: _("Mật khẩu không đúng."),
    }[error.fault]


def _settings_sentence(error: SettingsError) -> str:
    from desk.settings import SettingsProblem

    sentences = {
        SettingsProblem.MISSING: _("Chưa có trung tâm ở {path}."),
        SettingsProblem.UNREADABLE: _("Không đọc được {path} ({detail})."),
        SettingsProblem.NOT_TOML: _("{path} viết sai ({detail})."),
        SettingsProblem.UNKNOWN_KEY: _("{path}: không có mục «{detail}»."),
        SettingsProblem.WRONG_TYPE: _("{path}: mục «{detail}» thiếu hoặc sai."),
        SettingsProblem.NOT_A_FOLDER: _("{path} không phải thư mục."),
        SettingsProblem.NO_SUCH_LANGUAGE: _("{path}: không có ngôn ngữ «{detail}», chọn vi hoặc en."),
    }
    sentence = sentences.get(error.reason, _("Không dùng được tệp mật khẩu {path}: {detail}."))
    return sentence.format(path=error.path, detail=error.detail or error.reason.value)
