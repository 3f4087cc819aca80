"""The exit statuses of the command and the one line that goes with each failure."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import TextIO

from desk.settings import SettingsError, SettingsProblem
from desk.words import _


class Status(IntEnum):
    """Exit status of the command; the two last follow the shell's convention for signals."""

    DONE = 0
    NO = 1
    USAGE = 2
    ENVIRONMENT = 3
    INTERRUPTED = 130
    READER_GONE = 141


_VAULT = (("desk.vault", "VaultError"),)
_FILES = (("desk.daily.files", "FileRefusedError"), ("desk.sync.model", "NotOursError"))
_RECORD = (
    ("db.errors", "RecordError"),
    ("sqlalchemy.exc", "SQLAlchemyError"),
    ("sqlcipher3.dbapi2", "Error"),
    ("psycopg", "Error"),
)


class CommandError(Exception):
    """A command that cannot do what it was asked: the exit status and one sentence for the officer."""

    def __init__(self, status: Status, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def complain(sentence: str) -> None:
    """Print one line on standard error, whatever the sentence holds; if nobody can be told, the status tells."""
    from desk.rules.text import clean

    try:
        print(f"desk: {clean(sentence)}", file=sys.stderr, flush=True)
    except OSError:
        _to_nothing(sys.stderr)


def guarded(work: Callable[[], int]) -> int:
    """Run the work and return its exit status; a failure that can be foreseen becomes one line, never a traceback."""
    try:
        status = work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain(_("đã dừng theo yêu cầu"))
        return Status.INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return Status.READER_GONE
    except CommandError as error:
        complain(error.sentence)
        return error.status
    except SettingsError as error:
        complain(settings_sentence(error))
        return Status.USAGE
    except _loaded(*_VAULT) as error:
        status, sentence = vault_answer(error)
        complain(sentence)
        return status
    except _loaded(*_FILES) as error:
        complain(file_sentence(error))
        return Status.ENVIRONMENT
    except OSError as error:
        _drop_output()
        complain(disk_sentence(error))
        return Status.ENVIRONMENT
    except _loaded(*_RECORD) as error:
        complain(record_sentence(error))
        return Status.ENVIRONMENT
    return status


def _drop_output() -> None:
    """Flush standard output, or drop what cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        _to_nothing(sys.stdout)


def _to_nothing(stream: TextIO) -> None:
    """Point a stream at nothing, so that what could not be written does not fail again when Python ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def _loaded(*names: tuple[str, str]) -> tuple[type[Exception], ...]:
    """Return those of the named error classes whose modules are loaded: none is imported to find out."""
    return tuple(getattr(sys.modules[module], name) for module, name in names if module in sys.modules)


def vault_answer(error: Exception) -> tuple[Status, str]:
    """Return the exit status and the sentence for a key that cannot be had."""
    answers = {
        "missing": (Status.ENVIRONMENT, _("không thấy tệp khóa desk.key trong thư mục dữ liệu, hãy chép lại nó")),
        "damaged": (Status.ENVIRONMENT, _("tệp khóa desk.key bị hỏng, hãy phục hồi nó từ bản sao lưu")),
        "locked": (Status.USAGE, _("trung tâm có mật khẩu: ghi tệp chứa mật khẩu vào DESK_PASSPHRASE_FILE")),
        "not_opened": (Status.USAGE, _("mật khẩu không đúng")),
    }
    return answers[str(getattr(error, "fault", ""))]


def file_sentence(error: Exception) -> str:
    """Return why a file was neither read nor written, and which."""
    from desk.daily import sentences

    reason = getattr(error, "reason", None)
    cause = sentences.file_sentence(reason) if reason is not None else _("không phải tệp ngày của trung tâm này")
    return f"{getattr(error, 'name', '') or error}: {cause}"


def record_sentence(error: Exception) -> str:
    """Return what went wrong with the record and what to do; statements and their values, people's data, stay out."""
    sentences = {
        "disk_full": _("cơ sở dữ liệu: đĩa đã đầy hoặc lỗi, hãy giải phóng chỗ rồi làm lại"),
        "busy": _("cơ sở dữ liệu đang được máy hoặc chương trình khác dùng, hãy làm lại sau ít phút"),
        "read_only": _("cơ sở dữ liệu không mở hoặc không ghi được, hãy kiểm tra quyền của thư mục dữ liệu"),
        "wrong_key": _("mật khẩu không đúng, hoặc tệp không phải cơ sở dữ liệu của phần mềm"),
        "damaged": _("cơ sở dữ liệu bị hỏng, hãy phục hồi từ bản sao lưu"),
        "newer_schema": _("cơ sở dữ liệu do phiên bản mới hơn tạo ra, hãy cập nhật phần mềm"),
        "conflict": _("hồ sơ vừa được máy khác sửa, hãy xem lại rồi làm lại"),
        "missing": _("có thiết lập nhưng không thấy cơ sở dữ liệu trong thư mục dữ liệu, hãy phục hồi từ bản sao lưu"),
        "settings": _("cơ sở dữ liệu không nhận chế độ ghi an toàn, hãy chuyển thư mục dữ liệu sang đĩa của máy"),
        "unreachable": _("không tới được máy chủ PostgreSQL, hãy kiểm tra máy chủ, mạng và địa chỉ rồi làm lại"),
        "denied": _("máy chủ PostgreSQL từ chối, hãy kiểm tra tên, mật khẩu, tên cơ sở dữ liệu và quyền"),
        "bad_address": _("địa chỉ cơ sở dữ liệu viết sai, hãy viết dạng postgresql://tên@máy/cơ-sở"),
        "not_utf8": _("cơ sở dữ liệu PostgreSQL không dùng UTF8, hãy tạo lại bằng «createdb -E UTF8 -T template0»"),
    }
    if sentence := sentences.get(str(getattr(error, "fault", ""))):
        return sentence
    cause = getattr(error, "orig", None) or error
    first = next(iter(str(cause).splitlines()), "") or type(cause).__name__
    return _("cơ sở dữ liệu không làm được: {cause}").format(cause=first)


def disk_sentence(error: OSError) -> str:
    """Return what the operating system refused, where, and what to do."""
    cause = _cause(error)
    return f"{error.filename}: {cause}" if error.filename else cause


def _cause(error: OSError) -> str:
    causes = {
        errno.ENOSPC: _("đĩa đã đầy, hãy giải phóng chỗ rồi làm lại"),
        errno.EFBIG: _("tệp lớn hơn mức cho phép của máy"),
        errno.EDQUOT: _("đã hết hạn mức đĩa, hãy giải phóng chỗ rồi làm lại"),
        errno.EACCES: _("không có quyền, hãy kiểm tra quyền của thư mục và tệp"),
        errno.EPERM: _("không có quyền, hãy kiểm tra quyền của thư mục và tệp"),
        errno.EROFS: _("đĩa chỉ cho đọc"),
        errno.EEXIST: _("đã có tệp tên đó"),
        errno.ENOENT: _("không tìm thấy"),
        errno.EIO: _("đĩa lỗi khi đọc ghi, hãy kiểm tra đĩa"),
        errno.ENOTDIR: _("không phải là thư mục"),
        errno.EISDIR: _("là thư mục, không phải tệp"),
        errno.ENAMETOOLONG: _("tên quá dài"),
    }
    return causes.get(error.errno or 0) or error.strerror or type(error).__name__


def settings_sentence(error: SettingsError) -> str:
    """Return what is wrong with a setting, where, and what to do."""
    sentences = {
        SettingsProblem.MISSING: _("{path}: chưa thiết lập trung tâm, hãy chạy «desk init» hoặc chọn --data"),
        SettingsProblem.UNREADABLE: _("{path}: không đọc được thiết lập ({detail})"),
        SettingsProblem.NOT_TOML: _("{path}: thiết lập sai cú pháp TOML ({detail})"),
        SettingsProblem.UNKNOWN_KEY: _("{path}: không có thiết lập tên «{detail}», hãy kiểm tra chính tả"),
        SettingsProblem.WRONG_TYPE: _("{path}: thiết lập «{detail}» thiếu hoặc sai kiểu"),
        SettingsProblem.NOT_A_FOLDER: _("{path}: không phải là thư mục, hãy chọn nơi khác bằng --data"),
        SettingsProblem.NO_HOME: _("{path}: không biết thư mục riêng của người dùng này, hãy viết đường dẫn đầy đủ"),
        SettingsProblem.NO_SUCH_LANGUAGE: _("{path}: không có ngôn ngữ «{detail}», hãy chọn vi hoặc en"),
        SettingsProblem.KEYFILE_UNREADABLE: _("{path}: không đọc được tệp mật khẩu ({detail})"),
        SettingsProblem.KEYFILE_IN_DATA_FOLDER: _("{path}: tệp mật khẩu phải nằm ngoài thư mục dữ liệu"),
        SettingsProblem.KEYFILE_OPEN_TO_OTHERS: _("{path}: người khác đọc được tệp mật khẩu, hãy chmod 600"),
        SettingsProblem.KEYFILE_NOT_A_FILE: _("{path}: tệp mật khẩu phải là một tệp thường"),
        SettingsProblem.KEYFILE_EMPTY: _("{path}: tệp mật khẩu trống"),
        SettingsProblem.KEYFILE_NOT_TEXT: _("{path}: tệp mật khẩu không phải văn bản UTF-8"),
    }
    # What the operating system said comes in its own language.
    cause = error.__cause__
    detail = _cause(cause) if isinstance(cause, OSError) else error.detail
    return sentences[error.reason].format(path=error.path, detail=detail)
