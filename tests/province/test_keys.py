"""The province's key, the units' keys, and what OpenSSH says of our signatures."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from desk.daily.sshsig import SigningKey
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.service import Province, open_province
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province

DAY = timedelta(days=1)
needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")


def fault(error: pytest.ExceptionInfo[ProvinceError]) -> ProvinceFault:
    return error.value.fault


def test_a_province_is_made_once(folder: Path, clock: Clock) -> None:
    province = open_province(folder, clock, create=True)
    found = province.init()
    assert not found.practice
    assert (folder / "province.pub").read_text() == found.public_key + "\n"
    assert (province.inbox / "province.pub").read_text() == found.public_key + "\n"
    with pytest.raises(ProvinceError) as again:
        province.init(practice=True)
    assert fault(again) is ProvinceFault.ALREADY
    assert province.identity() == found
    province.close()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.usefixtures("province")
def test_the_private_key_is_its_owners_alone(folder: Path) -> None:
    assert (folder / "province.key").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in (folder / "province.db").read_bytes()


def test_a_setup_cut_short_is_taken_up(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    province = open_province(folder, clock, create=True)
    with monkeypatch.context() as cut:
        cut.setattr("db.provinces.put_setting", lambda *_a: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            province.init()
    with pytest.raises(ProvinceError) as early:
        province.status()
    assert fault(early) is ProvinceFault.NOT_INIT
    key = (folder / "province.key").read_bytes()
    province.init()
    assert (folder / "province.key").read_bytes() == key
    province.close()


def test_nothing_is_made_where_there_is_no_province(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(ProvinceError) as error:
        open_province(tmp_path / "gone", clock)
    assert fault(error) is ProvinceFault.NOT_INIT
    assert not (tmp_path / "gone").exists()


def test_a_communes_folder_is_refused(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "desk.toml").write_text("")
    with pytest.raises(ProvinceError) as error:
        open_province(tmp_path, clock, create=True)
    assert fault(error) is ProvinceFault.DESK_FOLDER


def test_a_lost_or_foreign_private_key_is_said(folder: Path, clock: Clock, province: Province, centre: Centre) -> None:
    province.close()
    (folder / "province.key").write_bytes(SigningKey.from_seed(b"o" * 32).to_openssh())
    again = open_province(folder, clock)
    with pytest.raises(ProvinceError) as error:
        again.take(centre.close(MONDAY).data)
    assert fault(error) is ProvinceFault.KEY_OTHER
    (folder / "province.key").write_bytes(b"x")
    with pytest.raises(ProvinceError) as error:
        again.identity()
    assert fault(error) is ProvinceFault.KEY_MISSING
    (folder / "province.key").unlink()
    with pytest.raises(ProvinceError) as error:
        again.identity()
    assert fault(error) is ProvinceFault.KEY_MISSING
    again.close()


def test_enrolment_says_what_it_did(province: Province, centre: Centre) -> None:
    again = province.enrol(UNIT, centre.key_line)
    assert (again.again, again.others, again.fingerprint) == (True, (), centre.key.public.fingerprint)
    second = Centre(seed=2)
    added = province.enrol(UNIT, second.key_line)
    assert (added.again, added.others) == (False, (centre.key.public.fingerprint,))
    assert added.name == "Xã Đức Thọ"


@pytest.mark.parametrize(
    ("unit", "line", "wanted"),
    [
        ("99999", "good", ProvinceFault.UNKNOWN_UNIT),
        (UNIT, "", ProvinceFault.BAD_KEY),
        (UNIT, "ssh-rsa AAAAB3NzaC1yc2E=", ProvinceFault.BAD_KEY),
        (UNIT, "ssh-ed25519 !!!!", ProvinceFault.BAD_KEY),
        (UNIT, "two", ProvinceFault.BAD_KEY),
        (OTHER, "taken", ProvinceFault.KEY_ELSEWHERE),
        (OTHER, "province", ProvinceFault.KEY_ELSEWHERE),
    ],
)
def test_enrolment_refuses(province: Province, centre: Centre, unit: str, line: str, wanted: ProvinceFault) -> None:
    fresh = Centre(seed=7).key_line
    lines = {
        "good": fresh,
        "two": fresh + Centre(seed=8).key_line,
        "taken": centre.key_line,
        "province": province.identity().public_key,
    }
    before = (province.status().units, (province.inbox.parent / "allowed_signers").read_bytes())
    with pytest.raises(ProvinceError) as error:
        province.enrol(unit, lines.get(line, line))
    assert fault(error) is wanted
    assert (province.status().units, (province.inbox.parent / "allowed_signers").read_bytes()) == before


def test_go_live_moves_only_before_the_first_file(province: Province, centre: Centre) -> None:
    assert province.enrol(UNIT, centre.key_line, MONDAY).go_live == MONDAY
    assert province.enrol(UNIT, centre.key_line).go_live == MONDAY
    province.take(centre.close(MONDAY).data)
    assert province.enrol(UNIT, centre.key_line, MONDAY).go_live == MONDAY
    with pytest.raises(ProvinceError) as error:
        province.enrol(UNIT, centre.key_line, MONDAY + DAY)
    assert fault(error) is ProvinceFault.STARTED


def test_a_new_key_of_the_unit_goes_on_with_its_chain(province: Province, centre: Centre) -> None:
    province.take(centre.close(MONDAY).data)
    centre.key = SigningKey.from_seed(b"n" * 32)
    file = centre.close(MONDAY + DAY)
    assert province.take(file.data).reason == "unknown_key"
    province.enrol(UNIT, centre.key_line)
    assert province.take(file.data).reason is None


def openssh(signers: Path, who: str, namespace: str, data: bytes, place: Path) -> str:
    line, _newline, block = data.partition(b"\n")
    (place / "signature").write_bytes(block)
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", who, "-n", namespace, "-s", place / "signature"],
        input=line + b"\n",
        capture_output=True,
        check=False,
    )
    return (done.stdout + done.stderr).decode()


@needs_openssh
def test_openssh_believes_files_and_receipts(folder: Path, tmp_path: Path) -> None:
    live = made_province(folder, Clock(at(MONDAY)), centre := Centre(), Centre(OTHER))
    file = centre.close(MONDAY)
    live.take(file.data)
    receipt = live.latest(file.sha256)
    assert receipt is not None
    signers = folder / "allowed_signers"
    assert "Good" in openssh(signers, UNIT, "motcua-daily", file.data, tmp_path)
    assert "Good" in openssh(signers, "province", "motcua-receipt", receipt[0], tmp_path)
    assert "Good" not in openssh(signers, OTHER, "motcua-daily", file.data, tmp_path)
    assert "Good" not in openssh(signers, "province", "motcua-daily", receipt[0], tmp_path)
    live.close()


@needs_openssh
def test_openssh_makes_keys_that_are_taken(province: Province, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "quầy", "-f", tmp_path / "key"], check=True)
    province.enrol(OTHER, (tmp_path / "key.pub").read_text())
    centre = Centre(OTHER)
    centre.key = SigningKey.from_openssh((tmp_path / "key").read_bytes())
    assert province.take(centre.close(MONDAY).data).reason is None
