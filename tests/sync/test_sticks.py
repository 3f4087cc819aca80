"""Where a stick appears."""

from __future__ import annotations

from pathlib import Path

from desk.sync.sticks import mounted, sticks


def test_sticks_are_where_people_plug_them_in(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "proc /proc proc rw 0 0\n"
        "/dev/sdb1 /media/hoa/KINGSTON vfat rw 0 0\n"
        "/dev/sdb1 /media/hoa/KINGSTON vfat rw 0 0\n"
        "/dev/sdc1 /run/media/hoa/USB\\040XANH vfat rw 0 0\n"
        "broken\n"
        "/dev/sdd1 /mnt/usb vfat rw 0 0\n"
        "/dev/sde1 /media-of-old ext4 rw 0 0\n"
    )
    assert mounted(table) == ("/media/hoa/KINGSTON", "/run/media/hoa/USB XANH", "/mnt/usb")


def test_where_it_cannot_be_known_there_are_none(tmp_path: Path) -> None:
    assert mounted(tmp_path / "none") == ()
    assert all(isinstance(place, str) for place in sticks())
