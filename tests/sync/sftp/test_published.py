"""What comes down over SFTP from Debian's own sshd: in parts that resume, believed only when it verifies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desk.clock import system_clock
from desk.daily.container import sha256
from desk.daily.published import published_name, seal_published
from desk.daily.sshsig import SigningKey
from desk.province.service import Province
from desk.sync.descent import EVERY
from desk.sync.post import Post
from desk.sync.shelf import Shelf
from desk.sync.ways import Trouble
from tests.province.factory import Clock
from tests.sync.link import Line
from tests.sync.publications import brought_in_parts, fetched, large, notice
from tests.sync.servers import Commune
from tests.sync.sftp.ways import Made, before, through, way_of
from tests.sync.sshd import SftpServer
from tests.sync.sticks import snapshot


def spread(province: Province, sshd: SftpServer, commune: Commune) -> Path:
    """Let the province look at a commune's folder, and return where it writes."""
    province.ingest([sshd.box(commune.centre.unit)])
    return sshd.box(commune.centre.unit) / "out"


def content(province: Province, digest: str) -> bytes:
    found = province.publications.content(digest)
    assert found is not None
    return found


def test_what_is_for_all_and_for_the_unit_comes_once_over_one_connection(
    sshd: SftpServer, province: Province, made: Made
) -> None:
    commune, other = made(), made()
    general = province.publish(notice("Cho mọi xã."))
    province.publish(notice("Cho xã khác."), other.centre.unit)
    own = province.publish(notice("Riêng cho xã."), commune.centre.unit)
    spread(province, sshd, commune)
    with before(sshd) as line:
        way = way_of(sshd, commune, through(line))
        new, problems = fetched(commune.post(way))
        assert problems == []
        assert new[-2:] == [f"message{general.number}", f"message{own.number}"]
        assert line.counted.connections == 1
        assert fetched(commune.post(way)) == ([], [])
    kept = Shelf(commune.paths.published)
    assert kept.read(own.name) == content(province, own.sha256)
    seen = [path.name for path in commune.paths.published.iterdir() if not path.name.startswith(".lock")]
    assert sorted(seen) == sorted([*kept.names(), "asked.json"])


def test_a_line_is_asked_by_itself_once_an_hour(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made()
    spread(province, sshd, commune)
    clock = Clock(system_clock())
    with before(sshd) as line:
        post = Post(commune.paths, commune.centre.unit, False, "", clock, [way_of(sshd, commune, through(line))])
        asked = []
        for step in (EVERY * 0, EVERY / 2, EVERY / 2):
            clock.now += step
            connections = line.counted.connections
            post.descend(due=True)
            asked.append(line.counted.connections > connections)
    assert asked == [True, False, True]


def test_a_file_that_is_cut_again_and_again_comes_in_parts_and_no_block_twice(
    sshd: SftpServer, province: Province, made: Made
) -> None:
    commune = made()
    found = province.publish(large(), commune.centre.unit)
    spread(province, sshd, commune)
    plain = content(province, found.sha256)

    def attempt() -> tuple[list[str], list[tuple[str, str]], int]:
        with before(sshd, Line(cut_down=14_000)) as line:
            return *fetched(commune.post(way_of(sshd, commune, through(line)))), line.counted.down

    new, received, attempts = brought_in_parts(commune.paths.published, found.sha256, "sftp", attempt)
    assert new == [f"catalogue{found.number}"]
    assert Shelf(commune.paths.published).read(found.name) == plain
    # Beside the bytes of the file each attempt costs the log-in, a list and the block it was cut in.
    assert received < 50_000 + attempts * 10_000


@pytest.mark.parametrize("damage", ["a byte", "cut", "longer", "link", "folder", "large", "shut"])
def test_what_was_altered_is_refused_and_stops_nothing_behind_it(
    sshd: SftpServer, province: Province, made: Made, damage: str
) -> None:
    commune = made()
    found = province.publish(notice("Sắp bị đổi."), commune.centre.unit)
    behind = province.publish(notice("Không bị đổi."), commune.centre.unit)
    out = spread(province, sshd, commune)
    plain = content(province, found.sha256)
    path = out / found.name
    path.unlink()
    if damage == "link":
        (out / "elsewhere").write_bytes(plain)
        path.symlink_to(out / "elsewhere")
    elif damage == "folder":
        path.mkdir()
    else:
        other = {"a byte": plain.replace(b"S", b"s", 1), "cut": plain[:-9], "longer": plain + b"\n"}
        path.write_bytes({**other, "large": b"0" * (1 << 20) + b"0"}.get(damage, plain))
        path.chmod(0o600 if damage == "shut" else 0o644)
    beside = snapshot(commune.paths.folder)
    new, problems = fetched(commune.post(way_of(sshd, commune)))
    reason = Trouble.ANSWER_TOO_LARGE if damage == "large" else Trouble.DAMAGED_THERE
    assert problems == [(found.name, reason)]
    assert f"message{found.number}" not in new
    assert new[-1] == f"message{behind.number}"
    assert not list(commune.paths.published.glob("*.part"))
    written = {Path(name).parts[0] for name in set(snapshot(commune.paths.folder)) - set(beside)}
    assert written <= {"published", "outbox"}
    # Over a line only what is behind the last number is asked for: not behind a gap.
    path.rmdir() if damage == "folder" else path.unlink()
    spread(province, sshd, commune)
    assert fetched(commune.post(way_of(sshd, commune))) == ([f"message{found.number}"], [])


def test_a_file_of_another_key_is_not_believed(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made()
    out = spread(province, sshd, commune)
    data = seal_published(notice(), 900_000, "", SigningKey.generate())
    name = published_name(900_000, sha256(data))
    (out / name).write_bytes(data)
    assert fetched(commune.post(way_of(sshd, commune)))[1] == [(name, "unknown_key")]
    assert name not in Shelf(commune.paths.published).names()


def test_another_lines_part_is_left_to_it(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made()
    found = province.publish(large("2027.2"), commune.centre.unit)
    spread(province, sshd, commune)
    commune.paths.published.mkdir()
    deflated = commune.paths.published / f"{found.sha256}.d{'0' * 16}.part"
    deflated.write_bytes(b"x" * 20)
    with before(sshd, Line(cut_down=14_000)) as line:
        fetched(commune.post(way_of(sshd, commune, through(line))))
    assert deflated.read_bytes() == b"x" * 20
    assert (commune.paths.published / f"{found.sha256}.s.part").stat().st_size > 4096
    fetched(commune.post(way_of(sshd, commune)))
    assert Shelf(commune.paths.published).read(found.name) is not None
    assert not list(commune.paths.published.glob("*.part"))


@pytest.mark.parametrize("lost", ["folder", "file", "damaged"])
def test_a_lost_folder_is_filled_again_by_the_next_run(
    sshd: SftpServer, province: Province, made: Made, lost: str
) -> None:
    commune = made()
    found = province.publish(notice("Sẽ mất."), commune.centre.unit)
    province.publish(notice("Ở lại."), commune.centre.unit)
    spread(province, sshd, commune)
    post = commune.post(way_of(sshd, commune))
    fetched(post)
    whole = named(commune)
    path = commune.paths.published / found.name
    if lost == "folder":
        shutil.rmtree(commune.paths.published)
    elif lost == "file":
        path.unlink()
    else:
        path.write_bytes(b"?" * path.stat().st_size)
    new, problems = fetched(post, due=True)
    assert problems == []
    assert f"message{found.number}" in new
    assert named(commune) == whole
    assert fetched(post) == ([], [])


def named(commune: Commune) -> dict[str, bytes]:
    """Return what is on the shelf of a commune."""
    return {name: data for name, data in snapshot(commune.paths.published).items() if name.endswith(".published")}
