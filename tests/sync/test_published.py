"""What comes down: by the stick and over a real server, in parts that resume, believed only when it verifies."""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.clock import system_clock
from desk.daily.container import sha256
from desk.daily.published import published_name, seal_published
from desk.daily.sshsig import SigningKey
from desk.province.model import ProvinceError
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.descent import EVERY
from desk.sync.post import Post
from desk.sync.shelf import Shelf
from desk.sync.ways import Trouble
from tests.province.factory import OTHER, UNIT, Centre, Clock
from tests.sync.link import Line, Proxy
from tests.sync.publications import brought_in_parts, calendar, fetched, large, notice
from tests.sync.servers import Commune, Server, fresh_province, running, units


@pytest.fixture
def met(post: Post, province: Province, paths: Paths) -> Post:
    """A post that has met the province on its stick."""
    paths.folder.mkdir()
    (paths.folder / "province.pub").write_text(province.identity().public_key + "\n")
    return post


def test_a_stick_brings_what_is_for_all_and_for_the_unit_once(met: Post, province: Province, stick: Path) -> None:
    province.enrol(OTHER, Centre(OTHER).key_line)
    province.publish(calendar())
    province.publish(notice("Cho xã khác."), OTHER)
    province.publish(notice(), UNIT)
    province.ingest([stick])
    assert len(list(stick.glob("p000001-*.published"))) == 1
    assert len(list((stick / UNIT).glob("p000003-*.published"))) == 1
    assert fetched(met) == (["calendar1", "message3"], [])
    assert fetched(met) == ([], [])


def test_a_units_own_folder_gets_both_kinds_flat(met: Post, province: Province, tmp_path: Path) -> None:
    province.publish(calendar())
    province.publish(notice(), UNIT)
    own = tmp_path / "sftp" / UNIT
    own.mkdir(parents=True)
    province.ingest([own])
    assert sorted(path.name[:8] for path in own.glob("*.published")) == ["p000001-", "p000002-"]
    assert fetched(met.through(str(own.parent))) == (["calendar1", "message2"], [])


def test_nothing_is_fetched_before_the_province_is_known(post: Post, province: Province, stick: Path) -> None:
    province.publish(calendar())
    province.ingest([stick])
    assert fetched(post) == ([], [])


@pytest.mark.parametrize(
    ("reason", "unit", "own_key"),
    [("unknown_key", "", False), ("wrong_unit", OTHER, True)],
)
def test_what_is_badly_signed_or_for_another_is_set_aside_with_its_reason(
    met: Post, province: Province, stick: Path, paths: Paths, reason: str, unit: str, own_key: bool
) -> None:
    pem = (province.folder / "province.key").read_bytes()
    key = SigningKey.from_openssh(pem) if own_key else SigningKey.generate()
    data = seal_published(notice(), 1, unit, key)
    name = published_name(1, sha256(data))
    (stick / name).write_bytes(data)
    assert fetched(met) == ([], [(name, reason)])
    shelf = Shelf(paths.published)
    assert dict(shelf.refused(province.identity().fingerprint)) == {name: reason}
    assert shelf.names() == []
    # It is known as bad and not looked at again, until the province has another key.
    assert fetched(met) == ([], [])
    assert dict(shelf.refused("SHA256:another")) == {}
    assert (stick / name).read_bytes() == data


def test_a_number_that_was_not_signed_is_not_believed(met: Post, province: Province, stick: Path) -> None:
    found = province.publish(notice())
    data = province.publications.content(found.sha256)
    assert data is not None
    name = published_name(10**9, found.sha256)
    (stick / name).write_bytes(data)
    assert fetched(met) == ([], [(name, "bad_schema")])


@pytest.mark.parametrize("damage", ["cut", "link", "large", "folder"])
def test_what_lies_badly_on_a_stick_is_named_and_taken_when_it_is_whole(
    met: Post, province: Province, stick: Path, tmp_path: Path, damage: str
) -> None:
    found = province.publish(notice())
    data = province.publications.content(found.sha256)
    assert data is not None
    path = stick / found.name
    if damage == "cut":
        path.write_bytes(data[:-1])
    elif damage == "link":
        (tmp_path / "elsewhere").write_bytes(data)
        path.symlink_to(tmp_path / "elsewhere")
    elif damage == "large":
        path.write_bytes(b"0" * (1024 * 1024 + 1))
    else:
        path.mkdir()
    wrong = Trouble.DAMAGED_THERE if damage == "cut" else Trouble.NOT_READABLE
    assert fetched(met) == ([], [(found.name, wrong)])
    if damage == "folder":
        path.rmdir()
    else:
        path.unlink()
    path.write_bytes(data)
    assert fetched(met) == (["message1"], [])


def test_a_version_not_newer_is_not_published(province: Province) -> None:
    province.publish(calendar("2027.2"))
    for version in ("2027.2", "2027.1", "2027"):
        with pytest.raises(ProvinceError, match=r"not_newer: 2027\.2"):
            province.publish(calendar(version))
    assert [each.version for each in province.published()] == ["2027.2"]
    assert province.publish(calendar("2027.10")).number == 2


def test_an_unknown_unit_gets_nothing(province: Province) -> None:
    with pytest.raises(ProvinceError, match="not_enrolled"):
        province.publish(notice(), OTHER)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Province, Server, Path]]:
    folder = tmp_path_factory.mktemp("published")
    province = fresh_province(folder / "p")
    with running(folder / "p") as server:
        yield province, server, folder
    province.close()


@pytest.fixture
def commune(served: tuple[Province, Server, Path]) -> Commune:
    province, _server, folder = served
    unit = next(code for code in units() if not (folder / code).exists())
    return Commune(folder, unit, province, files=0)


def test_a_server_gives_the_list_and_the_files_once(served: tuple[Province, Server, Path], commune: Commune) -> None:
    province, server, _folder = served
    province.publish(notice("Riêng cho xã."), commune.centre.unit)
    new, problems = fetched(commune.post(commune.https(server)))
    assert problems == []
    assert new[-1].startswith("message")
    with Proxy(server.address) as line:
        post = commune.post(commune.https(server, line.address))
        assert fetched(post) == ([], [])
        assert 0 < line.counted.down < 2500  # the list alone, empty behind the last number
        connections = line.counted.connections
        assert fetched(post, due=True) == ([], [])
        assert line.counted.connections == connections  # asked within the hour


def test_an_hour_later_it_is_asked_by_itself(served: tuple[Province, Server, Path], commune: Commune) -> None:
    _province, server, _folder = served
    clock = Clock(system_clock())
    with Proxy(server.address) as line:
        way = commune.https(server, line.address)
        post = Post(commune.paths, commune.centre.unit, False, "", clock, [way])
        asked = []
        for step in (timedelta(), EVERY / 2, EVERY / 2):
            clock.now += step
            before = line.counted.connections
            post.descend(due=True)
            asked.append(line.counted.connections > before)
        assert asked == [True, False, True]


def test_a_file_that_is_cut_again_and_again_comes_in_parts_and_no_byte_twice(
    served: tuple[Province, Server, Path], commune: Commune
) -> None:
    province, server, _folder = served
    found = province.publish(large(), commune.centre.unit)
    whole = commune.post(commune.https(server))
    plain = province.publications.content(found.sha256)
    assert plain is not None

    def attempt() -> tuple[list[str], list[tuple[str, str]], int]:
        with Proxy(server.address, Line(cut_down=12_000)) as line:
            return *fetched(commune.post(commune.https(server, line.address))), line.counted.down

    new, received, attempts = brought_in_parts(commune.paths.published, found.sha256, "https", attempt)
    assert any(name.startswith("catalogue") for name in new)
    assert Shelf(commune.paths.published).read(found.name) == plain
    # Beside the bytes of the file each attempt costs a handshake, a list and two heads.
    assert received < 50_000 + attempts * 3_500
    assert fetched(whole) == ([], [])


def test_a_part_of_another_form_is_begun_anew(served: tuple[Province, Server, Path], commune: Commune) -> None:
    province, server, _folder = served
    found = province.publish(notice("Một tin nữa. " * 40), commune.centre.unit)
    commune.paths.published.mkdir()
    (commune.paths.published / f"{found.sha256}.d{'0' * 16}.part").write_bytes(b"x" * 20)
    new, problems = fetched(commune.post(commune.https(server)))
    assert (new[-1], problems) == (f"message{found.number}", [])
    assert not list(commune.paths.published.glob("*.part"))


def test_a_part_that_is_whole_already_is_finished_without_a_byte(
    served: tuple[Province, Server, Path], commune: Commune
) -> None:
    province, server, _folder = served
    found = province.publish(notice("Tin đã đến đủ. " * 40), commune.centre.unit)
    plain = province.publications.content(found.sha256)
    assert plain is not None
    body = zlib.compress(plain, 9)
    commune.paths.published.mkdir()
    tag = f"d{hashlib.sha256(body).hexdigest()[:16]}"
    (commune.paths.published / f"{found.sha256}.{tag}.part").write_bytes(body)
    new, problems = fetched(commune.post(commune.https(server)))
    assert (new[-1], problems) == (f"message{found.number}", [])


def test_a_part_with_other_bytes_is_thrown_away_and_fetched_again(
    served: tuple[Province, Server, Path], commune: Commune
) -> None:
    province, server, _folder = served
    found = province.publish(notice("Tin bị hỏng một phần. " * 40), commune.centre.unit)
    plain = province.publications.content(found.sha256)
    assert plain is not None
    body = zlib.compress(plain, 9)
    commune.paths.published.mkdir()
    tag = f"d{hashlib.sha256(body).hexdigest()[:16]}"
    (commune.paths.published / f"{found.sha256}.{tag}.part").write_bytes(b"?" * 30)
    post = commune.post(commune.https(server))
    assert fetched(post)[1] == [(found.name, Trouble.DAMAGED_THERE)]
    assert fetched(post)[0][-1] == f"message{found.number}"


@pytest.mark.parametrize("lost", ["folder", "file", "damaged"])
def test_a_lost_folder_is_filled_again_by_the_next_run(
    served: tuple[Province, Server, Path], commune: Commune, lost: str
) -> None:
    province, server, _folder = served
    found = province.publish(notice("Sẽ mất."), commune.centre.unit)
    last = province.publish(notice("Ở lại."), commune.centre.unit)
    post = commune.post(commune.https(server))
    assert fetched(post)[0][-2:] == [f"message{found.number}", f"message{last.number}"]
    path = commune.paths.published / found.name
    if lost == "folder":
        shutil.rmtree(commune.paths.published)
    elif lost == "file":
        path.unlink()
    else:
        path.write_bytes(b"?" * path.stat().st_size)
    # At once, though the server was asked a moment ago.
    new, problems = fetched(post, due=True)
    assert problems == []
    assert (f"message{last.number}" in new) is (lost == "folder")
    assert Shelf(commune.paths.published).read(found.name) == province.publications.content(found.sha256)
    assert fetched(post) == ([], [])


def test_what_is_there_in_vain_is_asked_for_again_though_more_came_behind_it(
    served: tuple[Province, Server, Path], commune: Commune
) -> None:
    province, server, _folder = served
    bad = province.publish(notice("Hỏng một lần."), commune.centre.unit)
    behind = province.publish(notice("Nằm sau."), commune.centre.unit)
    way = commune.https(server)
    whole = way.take
    with pytest.MonkeyPatch.context() as once:
        once.setattr(way, "take", lambda name, folder: b"?" if name == bad.name else whole(name, folder))
        new, problems = fetched(commune.post(way))
    assert (new[-1], problems) == (f"message{behind.number}", [(bad.name, Trouble.DAMAGED_THERE)])
    assert fetched(commune.post(way)) == ([f"message{bad.number}"], [])


def test_the_names_of_published_files_are_safe(province: Province) -> None:
    found = province.publish(notice())
    assert re.fullmatch(r"[a-z0-9_.-]{1,128}", found.name)
