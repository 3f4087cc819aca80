"""The e-mail way against a real mail server: what counts as sent, each failure by its name, how seldom it is used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from desk.__main__ import main
from desk.clock import system_clock
from desk.daily.model import Status
from desk.province.certificate import ServerCertificate, own_certificate
from desk.province.service import Province
from desk.settings import CentreSettings, Paths, write_settings
from desk.sync.courier import deliver
from desk.sync.mail import PASSWORD_FILE, PASSWORD_VARIABLE, MailWay
from desk.sync.model import Run
from desk.sync.post import Post
from desk.sync.sentences import reason_sentence
from desk.sync.ways import FolderWay, Trouble
from tests.province.factory import MONDAY, UNIT, Centre, Clock
from tests.sync import test_patience
from tests.sync.link import Line, Proxy
from tests.sync.mailbox import OFFICE, PASSWORD, USER, MailServer, Rules, Says, address
from tests.sync.sticks import answer, queue, receipt_for

Made = Callable[..., MailWay]
ALWAYS = 50


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ServerCertificate:
    return own_certificate(tmp_path_factory.mktemp("tls"), ["127.0.0.1"], system_clock())


@pytest.fixture
def server(certificate: ServerCertificate) -> Iterator[MailServer]:
    with MailServer(certificate) as found:
        yield found


@pytest.fixture
def way(paths: Paths, certificate: ServerCertificate) -> Made:
    """Return a function that makes the way to an address, with the certificate pinned and the password at hand."""

    def made(where: str, pinned: str = certificate.fingerprint, password: str = PASSWORD) -> MailWay:
        found = MailWay(where, UNIT, pinned, base=paths.folder, environment={PASSWORD_VARIABLE: password})
        found.seconds = 20.0
        return found

    return made


@pytest.fixture
def by(paths: Paths, clock: Clock) -> Callable[..., Post]:
    """Return a function that makes the post with some ways."""
    return lambda *ways: Post(paths, UNIT, False, "", clock, ways=ways)


def brief(run: Run) -> list[tuple[str, str, int, str]]:
    return [(item.state.value, item.reason, item.tries, item.way) for item in run]


def sent_and_refused(found: MailWay, post: Callable[..., Post], centre: Centre) -> Trouble:
    """Queue a file, go a way that fails, and return why."""
    queue(post(), centre, 1)
    run = post(found).run()
    ((state, reason, tries, _way),) = brief(run)
    assert (state, tries) == ("sealed", 1)
    assert reason in [problem.reason for problem in run.problems]
    return Trouble(reason)


@pytest.mark.parametrize("starttls", [False, True])
def test_each_file_is_one_message_that_says_nothing_else(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre, starttls: bool
) -> None:
    with MailServer(certificate, starttls=starttls) as server:
        files = queue(by(), centre, 2)
        run = by(way(server.address)).run()
    assert brief(run) == [("sent", "", 1, "mail")] * 2
    assert not run.problems
    assert server.logins == [(USER.encode(), PASSWORD.encode())]
    for kept, file in zip(server.kept, files, strict=True):
        message = message_from_bytes(kept, policy=default)
        (attached,) = message.iter_attachments()
        assert attached.get_content() == file.data
        assert attached.get_filename() == file.name
        assert message["Message-ID"] == f"<{UNIT}.{file.sha256}@motcua.invalid>"
        assert (message["From"], message["To"], message["Subject"]) == (USER, OFFICE, "motcua.daily/1")
        assert PASSWORD.encode() not in kept
        assert os.uname().nodename.encode() not in kept.replace(file.data, b"")


def test_a_repeat_has_the_same_message_id(way: Made, server: MailServer, centre: Centre) -> None:
    file = centre.close(MONDAY)
    found = way(server.address)
    for _again in range(2):
        assert found.offer(file.name, file.data)
        found.close()
    first, second = (message_from_bytes(kept)["Message-ID"] for kept in server.kept)
    assert first == second


def test_what_went_is_left_alone_for_two_hours_whoever_asks(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre, clock: Clock
) -> None:
    queue(by(), centre, 2)
    post = by(test_patience.Line(), way(server.address))
    deliver(post, pause=lambda _seconds: None)
    post.run(due=True)
    clock.now += timedelta(hours=1, minutes=59)
    post.run()
    assert len(server.kept) == 2
    clock.now += timedelta(minutes=2)
    post.run(due=True)
    post.run()
    assert len(server.kept) == 4


def test_what_the_province_has_or_another_line_took_is_not_sent(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre, stick: Path, clock: Clock
) -> None:
    files = queue(by(), centre, 2)
    answer(stick, receipt_for(files[0], status=Status.HELD, reason="gap"))
    by(FolderWay(stick, UNIT)).run()
    by(test_patience.Line(fails=0), way(server.address)).run()
    assert server.kept == []
    clock.now += timedelta(hours=2)
    assert [each.state.value for each in by().states()] == ["held", "sent"]
    by(way(server.address)).run()
    assert len(server.kept) == 1


def test_what_the_province_has_said_by_phone_that_it_has_is_not_sent(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre
) -> None:
    first, second = queue(by(), centre, 2)
    post = by(way(server.address))
    post.note_heard(first.sha256, Status.HELD.value)
    post.run()
    assert [item.state.value for item in post.states()] == ["sealed", "sent"]
    assert len(server.kept) == 1
    assert second.name.encode() in server.kept[0]


def test_the_next_try_is_that_of_another_line_else_two_hours_after_the_message(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre, clock: Clock
) -> None:
    (file,) = queue(by(), centre, 1)
    by(way(server.address)).run()
    assert by(way(server.address)).next_tries() == {file.sha256: clock.now + timedelta(hours=2)}
    assert by(test_patience.Line(), way(server.address)).next_tries() == {file.sha256: None}


def test_a_stick_is_no_reason_to_wait(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre, stick: Path
) -> None:
    queue(by(), centre, 1)
    assert brief(by(FolderWay(stick, UNIT), way(server.address)).run()) == [("sent", "", 2, "mail")]
    assert len(server.kept) == 1


def test_a_dry_run_does_not_connect(way: Made, by: Callable[..., Post], server: MailServer, centre: Centre) -> None:
    queue(by(), centre, 1)
    by(way(server.address)).run(dry_run=True)
    assert server.logins == []


@pytest.mark.parametrize(
    ("rules", "trouble"),
    [
        (Rules(mail=["451 greylisted"]), Trouble.MAIL_LATER),
        (Rules(rcpt=["451 greylisted, come back"]), Trouble.MAIL_LATER),
        (Rules(data=["452 full"]), Trouble.MAIL_LATER),
        (Rules(mail=["553 not yours"]), Trouble.MAIL_SENDER),
        (Rules(rcpt=["550 no such user"]), Trouble.MAIL_RECIPIENT),
        (Rules(data=["554 spam"]), Trouble.MAIL_REFUSED),
    ],
)
def test_what_the_server_refuses_is_named_and_sent_when_it_no_longer_does(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre, rules: Rules, trouble: Trouble
) -> None:
    with MailServer(certificate, rules=rules) as server:
        found = way(server.address)
        assert sent_and_refused(found, by, centre) is trouble
        assert server.kept == []
        assert brief(by(found).run()) == [("sent", "", 2, "mail")]
    assert len(server.kept) == 1


def test_a_message_refused_for_itself_does_not_hold_the_next(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre
) -> None:
    with MailServer(certificate, rules=Rules(data=["554 spam"])) as server:
        queue(by(), centre, 2)
        assert brief(by(way(server.address)).run()) == [("sealed", "mail_refused", 1, "mail"), ("sent", "", 1, "mail")]


def test_greylisting_is_not_hammered(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre
) -> None:
    rules = Rules(rcpt=["451 greylisted"] * ALWAYS)
    with MailServer(certificate, rules=rules) as server:
        queue(by(), centre, 1)
        deliver(by(way(server.address)), pause=lambda _seconds: None)
    assert len(rules.rcpt) == ALWAYS - 1


def test_a_refused_log_in(way: Made, by: Callable[..., Post], server: MailServer, centre: Centre) -> None:
    assert sent_and_refused(way(server.address, password="wrong"), by, centre) is Trouble.MAIL_LOGIN
    assert server.kept == []


@pytest.mark.parametrize("starttls", [False, True])
@pytest.mark.parametrize("pinned", ["", "SHA256:" + "0" * 64])
def test_no_password_goes_to_a_server_that_is_not_believed(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre, starttls: bool, pinned: str
) -> None:
    with MailServer(certificate, starttls=starttls) as server:
        assert sent_and_refused(way(server.address, pinned), by, centre) is Trouble.MAIL_UNTRUSTED
    assert server.logins == []


def test_a_pinned_file_will_do(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], server: MailServer, centre: Centre
) -> None:
    queue(by(), centre, 1)
    assert brief(by(way(server.address, str(certificate.certificate))).run()) == [("sent", "", 1, "mail")]


@pytest.mark.parametrize(
    ("up", "down"), [(0, None), (300, None), (700, None), (1200, None), (2500, None), (None, 0), (None, 700)]
)
def test_a_cut_in_the_middle(
    way: Made, by: Callable[..., Post], server: MailServer, centre: Centre, up: int | None, down: int | None
) -> None:
    with Proxy(f"127.0.0.1:{server.port}", Line(cut_up=up, cut_down=down)) as line:
        found = way(server.at(int(line.address.rpartition(":")[2])))
        assert sent_and_refused(found, by, centre) is Trouble.LINE_BROKEN
    assert brief(by(way(server.address)).run()) == [("sent", "", 2, "mail")]


def test_no_server_at_all(way: Made, by: Callable[..., Post], centre: Centre) -> None:
    with Says(b"") as gone:
        pass
    assert sent_and_refused(way(address(gone.port)), by, centre) is Trouble.MAIL_NO_LINE


HOSTILE: dict[str, tuple[bytes, Trouble]] = {
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", Trouble.MAIL_STRANGE),
    "html": (b"HTTP/1.1 200 OK\r\n\r\n<html>", Trouble.MAIL_STRANGE),
    "an endless greeting": (b"220-hello\r\n" * 200_000, Trouble.MAIL_STRANGE),
    "an endless line": (b"220 " + b"x" * 200_000, Trouble.MAIL_STRANGE),
    "control characters": (b"220\x1b[2J\x00\r\n" + b"250 \xff\xfe\r\n" * 2, Trouble.MAIL_LOGIN),
    "no service": (b"554 go away\r\n", Trouble.MAIL_REFUSED),
    "shutting down": (b"421 later\r\n", Trouble.MAIL_LATER),
    "a challenge that is none": (b"220 x\r\n250-x\r\n250 AUTH CRAM-MD5\r\n334 A\r\n", Trouble.MAIL_STRANGE),
    "challenges without end": (b"220 x\r\n250-x\r\n250 AUTH LOGIN\r\n" + b"334 AA==\r\n" * 99, Trouble.MAIL_STRANGE),
    "farewell": (b"220 x\r\n", Trouble.LINE_BROKEN),
    "silence": (b"", Trouble.LINE_BROKEN),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_server_is_named_and_gets_nothing(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre, case: str
) -> None:
    said, trouble = HOSTILE[case]
    with Says(said, certificate) as server:
        assert sent_and_refused(way(address(server.port)), by, centre) is trouble
    assert b"motcua.daily" not in server.heard


def test_what_is_not_under_tls_hears_no_password(way: Made, by: Callable[..., Post], centre: Centre) -> None:
    plain = b"220 x\r\n250-x\r\n250 AUTH PLAIN LOGIN\r\n" + b"235 welcome\r\n250 ok\r\n" * 5
    with Says(plain) as server:
        assert sent_and_refused(way(address(server.port, starttls=True)), by, centre) is Trouble.MAIL_NO_TLS
    assert b"AUTH" not in server.heard


@pytest.mark.parametrize("starttls", [False, True])
def test_a_server_that_trickles_is_left(
    certificate: ServerCertificate, way: Made, by: Callable[..., Post], centre: Centre, starttls: bool
) -> None:
    with Says(b"220-" + b"x" * 5000, None if starttls else certificate, trickle=0.05) as server:
        found = way(address(server.port, starttls=starttls))
        found.seconds = 0.8
        assert sent_and_refused(found, by, centre) is Trouble.TOO_SLOW


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_password_is_read_from_a_file_of_the_owners_alone(
    paths: Paths, certificate: ServerCertificate, by: Callable[..., Post], server: MailServer, centre: Centre
) -> None:
    queue(by(), centre, 1)
    found = MailWay(server.address, UNIT, certificate.fingerprint, base=paths.folder, environment={})
    kept = paths.folder / PASSWORD_FILE
    said = []
    for content, mode in (
        (None, 0),
        (PASSWORD, 0o644),
        ("", 0o600),
        ("mật", 0o600),
        ("a\nb", 0o600),
        (PASSWORD + "\n", 0o600),
    ):
        if content is not None:
            kept.write_text(content)
            kept.chmod(mode)
        said.append(by(found).run()[0].reason)
    assert said == ["mail_password", "mail_password_open", "mail_password", "mail_password", "mail_password", ""]
    assert len(server.kept) == 1
    assert reason_sentence("mail_password_open") != reason_sentence("mail_password")


@pytest.mark.parametrize("maildir", [False, True])
def test_by_mail_to_the_province_and_the_receipt_back_by_the_folder(
    way: Made,
    by: Callable[..., Post],
    server: MailServer,
    centre: Centre,
    province: Province,
    tmp_path: Path,
    maildir: bool,
) -> None:
    files = queue(by(), centre, 2)
    by(way(server.address)).run()
    inbox = tmp_path / "inbox"
    for name in ("cur", "new", "tmp"):
        (inbox / "Mail" / name).mkdir(parents=True)
    for number, kept in enumerate(server.kept):
        name = f"Mail/new/17{number}.M1P2.máy:2,S" if maildir else f"Tệp ngày ({number}).eml"
        (inbox / name).write_bytes(kept)
    answers = province.ingest([inbox])
    assert [(each.status.value, each.sha256) for each in answers] == [("merged", file.sha256) for file in files]
    run = by(FolderWay(inbox, UNIT)).run()
    assert [item.state.value for item in run] == ["confirmed"] * 2
    assert not run.problems
    assert {path.name for path in (inbox / "Mail" / "new").iterdir()} == (
        {f"17{n}.M1P2.máy:2,S" for n in range(2)} if maildir else set()
    )
    assert [each.repeated for each in province.ingest([inbox]) if each.file.endswith((".eml", ",S"))] == [True] * 2


@pytest.mark.parametrize(("answers", "status"), [([], 0), (["451 later"], 3), (["550 nobody"], 1)])
def test_desk_sync_goes_by_mail_and_says_how_it_ended(
    certificate: ServerCertificate,
    paths: Paths,
    by: Callable[..., Post],
    centre: Centre,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answers: list[str],
    status: int,
) -> None:
    queue(by(), centre, 1)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with MailServer(certificate, rules=Rules(rcpt=answers)) as server:
        usual = CentreSettings(UNIT, "x", ways=(server.address,), mail_certificate=certificate.fingerprint)
        write_settings(paths, usual)
        assert main(["sync", "--data", str(paths.folder)]) == status
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    assert len(server.kept) == (status == 0)
