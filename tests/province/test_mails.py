"""Saved messages: what is taken out of them, and what a stranger's message can not do."""

from __future__ import annotations

import base64
import random
import tracemalloc
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from desk.province import inbox
from desk.province.mails import FILES, MAIL_LIMIT, MailFault, files_of
from desk.province.sentences import reason_sentence
from desk.province.service import Province
from tests.province.factory import MONDAY, UNIT, Centre, tables

Attach = Callable[[EmailMessage, bytes], None]


def message(*files: bytes, name: str = "x.daily", kind: str = "application/octet-stream") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "any@where.test", "office@x.test", "any"
    made.set_content("Kính gửi tỉnh")
    for data in files:
        made.add_attachment(data, *kind.split("/"), filename=name)
    return made


def nested(depth: int, kind: str) -> bytes:
    if kind == "message":
        return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"x"
    heads = b"".join(b'Content-Type: multipart/digest; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return heads + b"\r\nx"


def head(value: bytes) -> bytes:
    return b"Content-Type: multipart/mixed; " + value + b"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"


HOSTILE: dict[str, tuple[bytes, MailFault]] = {
    "nothing": (b"", MailFault.NO_FILE),
    "noise": (random.Random(1).randbytes(5000), MailFault.NO_FILE),
    "too large": (b"x" * (MAIL_LIMIT + 1), MailFault.TOO_LARGE),
    "messages in messages": (nested(20_000, "message"), MailFault.TANGLED),
    "digests in digests": (nested(5000, "digest"), MailFault.TANGLED),
    "some digests": (nested(16, "digest"), MailFault.NO_FILE),
    "line upon line": (b"\n" * 500_000, MailFault.TANGLED),
    "parts without end": (head(b"boundary=b") + b"--b\r\n\r\nx\r\n" * 5000, MailFault.NO_FILE),
    "many parts": (b"Content-Type: multipart/mixed; boundary=b\r\n" + b"\r\n--b\r\n\r\nx" * 500, MailFault.TANGLED),
    "parameters without end": (head(b";" * 900_000 + b"boundary=b"), MailFault.NO_FILE),
    "quotes without end": (head(b'x="' + b';"' * 400_000 + b"boundary=b"), MailFault.NO_FILE),
    "continuations": (head(b"".join(b"boundary*%d=b;" % n for n in range(15))), MailFault.NO_FILE),
    "headers without end": (b"a: b\r\n" * 9_000, MailFault.NO_FILE),
    "a header not of text": (b"Content-Type: \xff\xfe; name=\xff\r\n\r\nx", MailFault.NO_FILE),
    "no such character set": (b"Content-Type: text/plain; charset=rot13\r\n\r\nx", MailFault.NO_FILE),
    "not base64": (b"Content-Transfer-Encoding: base64\r\n\r\n====\r\nA\r\n", MailFault.NO_FILE),
    "uuencoded": (b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 /etc/passwd\r\n", MailFault.NO_FILE),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_message_is_named_within_bounds(case: str) -> None:
    data, fault = HOSTILE[case]
    tracemalloc.start()
    try:
        assert files_of(data) is fault
        assert tracemalloc.get_traced_memory()[1] < 24 * MAIL_LIMIT
    finally:
        tracemalloc.stop()
    assert reason_sentence(fault) not in {"", fault.value}


def test_files_are_told_by_their_bytes_or_their_name(centre: Centre) -> None:
    file = centre.close(MONDAY).data
    assert files_of(message(file, name="anything.bin").as_bytes()) == [file]
    assert files_of(message(file[:90], name="X.DAILY").as_bytes()) == [file[:90]]
    assert files_of(message(file[:90], name="x.message").as_bytes()) == [file[:90]]
    assert files_of(message(b"\x89PNG", name="logo.png").as_bytes()) is MailFault.NO_FILE
    assert files_of(message(file, b"x", b"x" * 99_999, name="x.bin").as_bytes()) == [file]
    (large,) = files_of(message(b"x" * 99_999).as_bytes())
    assert len(large) == 65_537


def test_a_forwarded_message_and_one_as_text(centre: Centre) -> None:
    file = centre.close(MONDAY).data
    outer = message()
    outer.add_attachment(message(file))
    assert files_of(outer.as_bytes()) == [file]
    wrapped = "\r\n".join(base64.b64encode(file).decode()[n : n + 76] for n in range(0, 2 * len(file), 76))
    assert files_of(b"Content-Transfer-Encoding: BASE64\n\n" + wrapped.encode()) == [file]
    text = b'Content-Disposition: attachment; filename="../../x.daily"\r\n\r\n' + file.replace(b"\n", b"\r\n")
    assert files_of(text) == [file]


def test_more_files_than_one_message_may_bring() -> None:
    some = [b"%d" % n for n in range(FILES + 1)]
    assert files_of(message(*some[:-1]).as_bytes()) == some[:-1]
    assert files_of(message(*some).as_bytes()) is MailFault.TANGLED


def test_whatever_is_broken_in_a_message_it_is_answered(centre: Centre) -> None:
    rng = random.Random(7)
    good = message(centre.close(MONDAY).data, b"other").as_bytes()
    for _each in range(400):
        broken = bytearray(good)
        for _change in range(rng.randrange(1, 9)):
            start = rng.randrange(len(broken))
            broken[start : start + rng.randrange(3)] = rng.choice((b"", b"\r\n", b"--", rng.randbytes(2), broken[:80]))
        found = files_of(bytes(broken))
        assert isinstance(found, MailFault) or all(isinstance(data, bytes) for data in found)


def saved(folder: Path, name: str, made: EmailMessage) -> None:
    (folder / name).write_bytes(made.as_bytes())


def test_messages_of_an_inbox_are_taken_in_and_nothing_else_is_written(
    province: Province, centre: Centre, tmp_path: Path, folder: Path
) -> None:
    stick, outside = tmp_path / "stick", tmp_path / "outside"
    (stick / UNIT).mkdir(parents=True)
    outside.mkdir()
    files = [centre.close(MONDAY).data for _n in range(3)]
    saved(stick, "Fwd_ tệp ngày.EML", message(files[1], files[0], b"{}", name="../../../outside/x.daily"))
    saved(stick / UNIT, "b.eml", message(files[2]))
    saved(outside, "c.eml", message(files[0]))
    (stick / "d.eml").symlink_to(outside / "c.eml")
    (stick / "e.eml").mkdir()
    (stick / "f.eml").write_bytes(b"x" * (MAIL_LIMIT + 1))
    saved(stick, "g.eml", message())
    answers = province.ingest([stick])
    assert [(Path(each.file).name, each.status.value, each.reason) for each in answers] == [
        ("b.eml", "merged", None),
        ("Fwd_ tệp ngày.EML", "merged", None),
        ("Fwd_ tệp ngày.EML", "merged", None),
        ("Fwd_ tệp ngày.EML", "refused", "truncated"),
        ("d.eml", "refused", "symlink"),
        ("e.eml", "refused", "not_a_file"),
        ("f.eml", "refused", "mail_too_large"),
        ("g.eml", "refused", "mail_no_file"),
    ]
    receipts = {f"{file.sha256}.receipt" for file in centre.files}
    assert {path.name for path in (stick / UNIT).iterdir()} == {"b.eml", *receipts}
    assert [path.name for path in outside.iterdir()] == ["c.eml"]
    assert {path.name for path in stick.iterdir() if path.suffix.lower() != ".eml"} == {UNIT, "province.pub"}
    assert {row[4] for row in tables(folder).files} == {"merged"}


def test_a_receipt_by_mail_is_not_written_through_a_link(province: Province, centre: Centre, tmp_path: Path) -> None:
    stick, outside = tmp_path / "stick", tmp_path / "outside"
    stick.mkdir()
    outside.mkdir()
    (stick / UNIT).symlink_to(outside, target_is_directory=True)
    saved(stick, "a.eml", message(centre.close(MONDAY).data))
    link, answer = sorted(province.ingest([stick]), key=lambda each: each.status != "refused")
    assert (link.reason, answer.status.value) == ("symlink", "merged")
    assert isinstance(answer.unwritten, OSError)
    assert list(outside.iterdir()) == []


def test_one_message_by_its_path_and_a_maildir_by_its_own(province: Province, centre: Centre, tmp_path: Path) -> None:
    first, second = (centre.close(MONDAY) for _n in range(2))
    saved(tmp_path, "one.eml", message(first.data))
    assert [each.status.value for each in province.ingest([tmp_path / "one.eml"])] == ["merged"]
    assert (tmp_path / UNIT / f"{first.sha256}.receipt").exists()
    maildir = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    saved(maildir / "new", "1.x:2,", message(second.data))
    saved(maildir / "tmp", "2.x:2,", message(first.data))
    assert [each.status.value for each in province.ingest([maildir])] == ["merged"]
    assert (maildir / UNIT / f"{second.sha256}.receipt").exists()
    assert [path.name for path in (maildir / "new").iterdir()] == ["1.x:2,"]


def test_a_message_is_opened_again_until_all_that_it_holds_is_settled(
    province: Province, centre: Centre, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    first, second, third = (centre.close(MONDAY).data for _n in range(3))
    saved(stick, "a.eml", message(first, third))
    seen: inbox.Seen = {}
    assert [each.status.value for each in province.ingest([stick], seen)] == ["merged", "held"]
    saved(stick, "b.eml", message(second))
    assert [each.status.value for each in province.ingest([stick], seen)] == ["merged"] * 3
    assert province.ingest([stick], seen) == ()


def test_mail_lies_beside_what_came_over_sftp_and_never_in_it(
    province: Province, centre: Centre, tmp_path: Path
) -> None:
    place, box = tmp_path / "inbox", tmp_path / "inbox" / f"mc{UNIT}"
    for name in ("in", "out"):
        (box / name).mkdir(parents=True)
    first, second, third = (centre.close(MONDAY) for _n in range(3))
    (box / "in" / first.name).write_bytes(first.data)
    saved(box / "in", "x.eml", message(third.data))
    saved(place, "y.eml", message(second.data))
    assert {Path(each.file).name: each.status.value for each in province.ingest([place])} == {
        first.name: "merged",
        "y.eml": "merged",
    }
    assert (box / "out" / f"{first.sha256}.receipt").exists()
    assert [path.name for path in (place / UNIT).iterdir()] == [f"{second.sha256}.receipt"]
    assert [path.name for path in (box / "in").iterdir()] == ["x.eml"]
