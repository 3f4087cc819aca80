"""Users of the page, their sessions, and who guesses too often."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from desk.province.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions, Throttle
from desk.province.users import FILE, User, UserError, UserFault, Users, matches

PASSWORD = "mười hai con giáp"


class Ticks:
    """Seconds that a test lets pass."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_user_is_kept_as_a_hash_that_only_the_owner_reads(tmp_path: Path) -> None:
    Users(tmp_path).add("van.phong", PASSWORD)
    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text(encoding="utf-8")
    kept = Users(tmp_path).all()["van.phong"]
    assert kept.kept.startswith("$argon2id$")
    assert matches(kept, PASSWORD)
    assert not matches(kept, PASSWORD + "!")
    assert not matches(None, PASSWORD)
    assert not matches(kept, "x" * 1000)


def test_a_password_is_the_same_however_its_tones_are_written(tmp_path: Path) -> None:
    import unicodedata

    users = Users(tmp_path)
    users.add("van.phong", unicodedata.normalize("NFD", PASSWORD))
    assert matches(users.all()["van.phong"], unicodedata.normalize("NFC", PASSWORD))


@pytest.mark.parametrize(
    ("name", "password", "fault"),
    [
        ("A", PASSWORD, UserFault.BAD_NAME),
        ("a", PASSWORD, UserFault.BAD_NAME),
        ("../x", PASSWORD, UserFault.BAD_NAME),
        ("x" * 33, PASSWORD, UserFault.BAD_NAME),
        ("lan", "", UserFault.SHORT),
        ("lan", "ngắn quá", UserFault.SHORT),
        ("lan", "x" * 129, UserFault.SHORT),
        ("lan", "aaaaaaaaaaab", UserFault.WEAK),
        ("phuong", "PhuongPhuong12", UserFault.WEAK),
    ],
)
def test_what_is_not_fit_is_not_written(tmp_path: Path, name: str, password: str, fault: UserFault) -> None:
    with pytest.raises(UserError) as caught:
        Users(tmp_path).add(name, password)
    assert caught.value.fault is fault
    assert not (tmp_path / FILE).exists()


def test_users_come_and_go_and_the_reader_sees_it(tmp_path: Path) -> None:
    reader, writer = Users(tmp_path), Users(tmp_path)
    assert reader.all() == {}
    writer.add("lan", PASSWORD)
    writer.add("minh", PASSWORD)
    first = reader.all()["lan"]
    with pytest.raises(UserError, match="taken"):
        writer.add("lan", PASSWORD)
    writer.reset("lan", PASSWORD)
    assert reader.all()["lan"] != first
    writer.remove("lan")
    assert sorted(reader.all()) == ["minh"]
    with pytest.raises(UserError, match="unknown"):
        writer.remove("lan")
    with pytest.raises(UserError, match="unknown"):
        writer.reset("lan", PASSWORD)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"users": [1]}', '{"users": [{"name": "x"}]}', "\x00"])
def test_a_damaged_list_lets_nobody_in(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(UserError) as caught:
        Users(tmp_path).all()
    assert caught.value.fault is UserFault.DAMAGED


def test_a_hash_that_is_none_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"users": [{"name": "lan", "password": "plain"}]}))
    assert not matches(Users(tmp_path).all()["lan"], "plain")


def test_a_session_ends_when_it_is_idle_and_at_the_end_of_the_day() -> None:
    clock, user = Ticks(), User("lan", "x")
    sessions = Sessions(clock)
    idle, busy = sessions.begin(user), sessions.begin(user)
    assert idle != busy
    began = clock.now
    while clock.now + IDLE_SECONDS - 1 < began + LONGEST_SECONDS:
        clock.now += IDLE_SECONDS - 1
        assert sessions.user(busy) == user
    assert sessions.user(idle) is None
    clock.now = began + LONGEST_SECONDS
    assert sessions.user(busy) is None
    clock.now = began
    assert sessions.user(busy) is None, "what has ended does not come back"


def test_a_session_is_ended_and_another_token_is_none() -> None:
    sessions = Sessions(Ticks())
    token = sessions.begin(User("lan", "x"))
    assert sessions.user("") is None
    assert sessions.user(token + "x") is None
    sessions.end(token)
    assert sessions.user(token) is None


def test_too_many_sessions_end_the_one_that_was_idle_longest() -> None:
    clock = Ticks()
    sessions, user = Sessions(clock), User("lan", "x")
    tokens = []
    for _each in range(501):
        clock.now += 0.1
        tokens.append(sessions.begin(user))
    assert sessions.user(tokens[0]) is None
    assert sessions.user(tokens[1]) == user
    assert sessions.user(tokens[-1]) == user


def test_each_wrong_try_after_the_free_ones_costs_twice_the_wait() -> None:
    clock = Ticks()
    throttle = Throttle(clock, free=3, longest=60)
    assert [throttle.begin("a") for _each in range(3)] == [0, 0, 0]
    assert throttle.begin("a") == 1
    assert throttle.begin("b") == 0
    waits = []
    for _each in range(8):
        wait = throttle.begin("a")
        waits.append(wait)
        clock.now += wait
        assert throttle.begin("a") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    clock.now += 121
    assert [throttle.begin("a") for _each in range(3)] == [0, 0, 0]


def test_the_right_password_forgets_the_wrong_ones() -> None:
    throttle = Throttle(Ticks(), free=2, longest=60)
    throttle.begin("a")
    throttle.right("a")
    assert [throttle.begin("a") for _each in range(2)] == [0, 0]
    assert throttle.begin("a") > 0


def test_asking_while_one_has_to_wait_does_not_lengthen_the_wait() -> None:
    clock = Ticks()
    throttle = Throttle(clock, free=1, longest=60)
    throttle.begin("a")
    for _each in range(50):
        assert throttle.begin("a") == 1
    clock.now += 1
    assert throttle.begin("a") == 0
