"""Addresses of the e-mail way, and its place among the ways."""

from __future__ import annotations

import pytest

from desk.settings import CentreSettings, Paths
from desk.sync.configured import ways_of
from desk.sync.mail import PASSWORD_VARIABLE, MailAddress, MailWay
from desk.sync.ways import BlindWay, Trouble, Way, WayError
from tests.province.factory import UNIT
from tests.sync.mailbox import address


@pytest.mark.parametrize(
    "text",
    [
        "smtps://x.gov.vn/a@b",
        "smtps://me@x.gov.vn/",
        "smtps://me@x.gov.vn/a@b/c",
        "smtps://me:secret@x.gov.vn/a@b",
        "smtps://me@x.gov.vn/a@b%0d%0aBcc:%20x@y",
        "smtps://me%0d@x.gov.vn/a@b",
        "smtps://me@x.gov.vn:99999/a@b",
        "smtps://me@x.gov.vn/a@b?x=1",
        "smtp://me@x.gov.vn/a@b",
        "smtps://me@[::1/a@b",
        "smtps://mẹ@x.gov.vn/a@b",
    ],
)
def test_an_address_that_is_none(paths: Paths, text: str) -> None:
    with pytest.raises(WayError) as found:
        MailWay(text, UNIT, base=paths.folder, environment={PASSWORD_VARIABLE: "x"}).offer("x", b"x")
    assert found.value.reason is Trouble.BAD_ADDRESS
    way = MailWay(text, UNIT)
    assert "secret" not in way.where + way.name


def test_addresses() -> None:
    assert MailAddress.parse("smtps://xa@mail.x.gov.vn/a@b.vn") == MailAddress(
        "smtps", "xa", "mail.x.gov.vn", 465, "a@b.vn"
    )
    found = MailAddress.parse("smtp+starttls://xa%40x.vn@mail.x.vn/a@b.vn")
    assert (found.port, found.user, found.sender) == (587, "xa@x.vn", "xa@x.vn")
    assert MailAddress.parse("smtps://xa@mail.x.vn:2465/a@b.vn").sender == "xa@mail.x.vn"


def test_mail_comes_last_whatever_the_order_of_the_settings(paths: Paths) -> None:
    settings = CentreSettings(UNIT, "x", folder="/f", ways=(address(1), "https://p", address(2, starttls=True), "/usb"))
    ways: tuple[Way, ...] = ways_of(paths, settings)
    assert [each.name for each in ways] == ["https", "folder", "folder", "mail", "mail"]
    assert [isinstance(each, BlindWay) for each in ways] == [False, False, False, True, True]
    assert ways[3].where != ways[4].where  # type: ignore[attr-defined]
