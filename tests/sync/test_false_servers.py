"""What is not the province: each is named in a sentence of its own, and none of it confirms a file."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from desk.clock import system_clock
from desk.daily.receipt import seal_receipt
from desk.daily.sshsig import SigningKey
from desk.province.certificate import own_certificate
from desk.settings import CentreSettings, Paths, SettingsError, SettingsProblem, read_settings, write_settings
from desk.sync.configured import ways_of
from desk.sync.https import HttpsWay
from desk.sync.post import Post
from desk.sync.sentences import reason_sentence
from desk.sync.ways import Trouble, WayError
from tests.province.factory import UNIT, Centre, Clock
from tests.sync.link import Impostor
from tests.sync.sticks import PROVINCE, queue, receipt_for

HTML = b"<!doctype html><title>Wi-Fi</title><form action=/login>"


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


BOMB = zlib.compress(bytes(10_000_000), 9)
ANSWERS: dict[str, tuple[bytes, Trouble]] = {
    "html": (http(HTML, "200 OK", "Content-Type: text/html"), Trouble.NOT_PROVINCE),
    "created": (http(HTML, "201 Created"), Trouble.NOT_PROVINCE),
    "nothing": (http(b""), Trouble.NOT_PROVINCE),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", Trouble.NOT_PROVINCE),
    "redirect": (http(b"", "302 Found", "Location: http://login.example/"), Trouble.REDIRECTED),
    "moved": (http(HTML, "307 Temporary Redirect", "Location: /v1/files"), Trouble.REDIRECTED),
    "forbidden": (http(HTML, "403 Forbidden"), Trouble.NOT_PROVINCE),
    "proxy log-in": (http(HTML, "407 Proxy Authentication Required"), Trouble.NOT_PROVINCE),
    "bad gateway": (http(HTML, "502 Bad Gateway"), Trouble.BUSY),
    "busy": (http(b"motcua: busy\n", "503 Service Unavailable"), Trouble.BUSY),
    "not taken": (http(b"motcua: wrong_hash\n", "400 Bad Request"), Trouble.NOT_TAKEN),
    "unknown": (http(b"motcua: unknown_key\n", "403 Forbidden"), Trouble.UNKNOWN_THERE),
    "too long": (http(b"x" * 200_000), Trouble.ANSWER_TOO_LARGE),
    "endless": (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000, Trouble.ANSWER_TOO_LARGE),
    "bomb": (http(BOMB, "200 OK", "Content-Encoding: deflate"), Trouble.ANSWER_TOO_LARGE),
    "half deflated": (http(zlib.compress(HTML)[:-3], "200 OK", "Content-Encoding: deflate"), Trouble.NOT_PROVINCE),
    "not deflated": (http(HTML, "200 OK", "Content-Encoding: deflate"), Trouble.NOT_PROVINCE),
    "short": (http(HTML)[:-5], Trouble.LINE_BROKEN),
    "closed": (b"", Trouble.LINE_BROKEN),
    "no status": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Trouble.NOT_PROVINCE),
    "endless head": (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000, Trouble.NOT_PROVINCE),
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    found = own_certificate(tmp_path_factory.mktemp("tls"), ["127.0.0.1"], system_clock())
    return found.certificate, found.key, found.fingerprint


@pytest.fixture
def post(paths: Paths, clock: Clock, centre: Centre) -> Callable[[HttpsWay], Post]:
    """Return a function that makes the post of a commune with one file and the province's key."""
    paths.folder.mkdir()
    (paths.folder / "province.pub").write_text(PROVINCE.public.line() + "\n")
    queue(Post(paths, UNIT, False, "", clock), centre, 1)
    return lambda way: Post(paths, UNIT, False, "", clock, ways=(way,))


@pytest.mark.parametrize("case", ANSWERS)
def test_what_answers_for_the_province_is_not_believed(
    post: Callable[[HttpsWay], Post], certificate: tuple[Path, Path, str], case: str
) -> None:
    answer, trouble = ANSWERS[case]
    with Impostor(answer, certificate[:2]) as false:
        run = post(HttpsWay(false.address, UNIT, certificate[2])).run()
    assert [(item.state, item.reason, item.tries) for item in run] == [("sealed", trouble, 1)]
    assert reason_sentence(trouble) != trouble


@pytest.mark.parametrize("kind", ["another key", "another file", "another unit"])
def test_a_receipt_that_is_not_ours_confirms_nothing(
    post: Callable[[HttpsWay], Post], centre: Centre, certificate: tuple[Path, Path, str], kind: str
) -> None:
    receipt = receipt_for(centre.files[0])
    if kind == "another file":
        receipt = receipt_for(centre.files[0], receipt_for="ab" * 32)
    elif kind == "another unit":
        receipt = receipt_for(centre.files[0], unit="00004")
    key = SigningKey.generate() if kind == "another key" else PROVINCE
    with Impostor(http(seal_receipt(receipt, key)), certificate[:2]) as false:
        run = post(HttpsWay(false.address, UNIT, certificate[2])).run()
    assert [item.state for item in run] == ["sent"]
    assert len(run.problems) == 1


def test_the_same_receipt_rightly_signed_is_believed(
    post: Callable[[HttpsWay], Post], centre: Centre, certificate: tuple[Path, Path, str]
) -> None:
    with Impostor(http(seal_receipt(receipt_for(centre.files[0]), PROVINCE)), certificate[:2]) as server:
        run = post(HttpsWay(server.address, UNIT, certificate[2])).run()
    assert [item.state for item in run] == ["confirmed"]


def test_a_captive_portal_without_tls(post: Callable[[HttpsWay], Post], certificate: tuple[Path, Path, str]) -> None:
    with Impostor(http(HTML)) as portal:
        run = post(HttpsWay(portal.address, UNIT, certificate[2])).run()
        assert [item.reason for item in run] == ["not_province"]
        assert not any(b"/v1/" in heard for heard in portal.heard)


@pytest.mark.parametrize("trickle", [True, False])
def test_an_answer_that_trickles_or_never_comes_ends_with_the_attempt(
    post: Callable[[HttpsWay], Post], certificate: tuple[Path, Path, str], trickle: bool
) -> None:
    with Impostor(http(HTML * 100), certificate[:2], trickle=0.05 if trickle else 0, silent=not trickle) as slow:
        way = HttpsWay(slow.address, UNIT, certificate[2])
        way.seconds = 0.5
        assert [item.reason for item in post(way).run()] == ["too_slow"]


@pytest.mark.parametrize("pin", ["", "SHA256:" + "ab" * 32, "authority"])
def test_another_certificate_gets_no_byte_of_the_file(
    post: Callable[[HttpsWay], Post], certificate: tuple[Path, Path, str], tmp_path: Path, pin: str
) -> None:
    if pin == "authority":
        pin = str(Authority(tmp_path).file)
    with Impostor(http(HTML), certificate[:2]) as false:
        run = post(HttpsWay(false.address, UNIT, pin)).run()
    assert [item.reason for item in run] == ["untrusted_server"]
    assert not any(heard for heard in false.heard)


class Authority:
    """A CA in a folder, and certificates by it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")])
        made = self._made(self.name, self.key.public_key(), x509.BasicConstraints(ca=True, path_length=None))
        self.file = folder / "ca.pem"
        self.file.write_bytes(made.public_bytes(Encoding.PEM))

    def server(self, address: str) -> tuple[Path, Path]:
        """Return certificate and key of a server at an address."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        made = self._made(x509.Name([]), key.public_key(), name)
        paths = self.folder / "server.pem", self.folder / "server.key"
        paths[0].write_bytes(made.public_bytes(Encoding.PEM))
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return paths

    def _made(self, name: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self.name, name, key, x509.random_serial_number(), now, now + timedelta(1))
        return builder.add_extension(extension, critical=True).sign(self.key, hashes.SHA256())


@pytest.mark.parametrize(("address", "state"), [("127.0.0.1", "confirmed"), ("127.0.0.9", "sealed")])
def test_a_certificate_below_an_authority_is_held_against_the_name(
    post: Callable[[HttpsWay], Post], centre: Centre, tmp_path: Path, address: str, state: str
) -> None:
    authority = Authority(tmp_path)
    answer = http(seal_receipt(receipt_for(centre.files[0]), PROVINCE))
    with Impostor(answer, authority.server(address)) as server:
        run = post(HttpsWay(server.address, UNIT, "ca.pem", base=tmp_path)).run()
    assert [item.state for item in run] == [state]


def test_the_servers_own_file_pins_it_whatever_its_name_and_dates(
    post: Callable[[HttpsWay], Post], centre: Centre, tmp_path: Path
) -> None:
    old = own_certificate(tmp_path, ["elsewhere.example"], datetime(1990, 1, 1, tzinfo=UTC))
    answer = http(seal_receipt(receipt_for(centre.files[0]), PROVINCE))
    with Impostor(answer, (old.certificate, old.key)) as server:
        run = post(HttpsWay(server.address, UNIT, str(old.certificate))).run()
    assert [item.state for item in run] == ["confirmed"]


@pytest.mark.parametrize(
    ("address", "certificate_setting", "trouble"),
    [
        ("http://127.0.0.1:1", "", Trouble.BAD_ADDRESS),
        ("https://", "", Trouble.BAD_ADDRESS),
        ("https://a:b@127.0.0.1", "", Trouble.BAD_ADDRESS),
        ("https://127.0.0.1:port", "", Trouble.BAD_ADDRESS),
        ("https://127.0.0.1:1", "SHA256:12", Trouble.BAD_CERTIFICATE),
        ("https://127.0.0.1:1", "no-such.pem", Trouble.BAD_CERTIFICATE),
        ("https://127.0.0.1:1", "desk.toml", Trouble.BAD_CERTIFICATE),
    ],
)
def test_settings_that_cannot_be_used_say_so_and_send_nothing(
    tmp_path: Path, address: str, certificate_setting: str, trouble: Trouble
) -> None:
    (tmp_path / "desk.toml").write_text("unit = 1\n")
    way = HttpsWay(address, UNIT, certificate_setting, base=tmp_path)
    with pytest.raises(WayError) as caught:
        way.offer("x.daily", b"x")
    assert (caught.value.reason, caught.value.whole) == (trouble, True)


@pytest.fixture
def kept(paths: Paths) -> Paths:
    usual = CentreSettings(
        UNIT, "Xã", folder="/media/usb", ways=("https://tinh.example:8443", "/mnt/share", "ftp://x", "SFTP://tinh")
    )
    write_settings(paths, usual)
    assert read_settings(paths) == usual
    return paths


def test_several_ways_stand_in_their_order(kept: Paths) -> None:
    ways = ways_of(kept, read_settings(kept))
    assert [way.name for way in ways] == ["https", "folder", "ftp://x", "sftp", "folder"]
    with pytest.raises(WayError) as caught:
        ways[2].published()
    assert (caught.value.reason, caught.value.whole) == (Trouble.BAD_ADDRESS, True)


@pytest.mark.parametrize(
    "text", ['ways = "https://x"', "ways = [1]", 'ways = [["x"]]', "certificate = 1", "host_key = 1"]
)
def test_ways_of_another_type_are_refused(paths: Paths, text: str) -> None:
    paths.folder.mkdir()
    paths.settings.write_text(f'unit = "{UNIT}"\nname = "x"\n{text}\n')
    with pytest.raises(SettingsError) as caught:
        read_settings(paths)
    assert caught.value.reason is SettingsProblem.WRONG_TYPE
