"""The province of a data folder, opened for a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desk.cli.centre import drivers, told_of_upgrades
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status
from desk.cli.values import instant_of
from desk.settings import data_folder
from desk.words import _

if TYPE_CHECKING:
    from desk.province.service import Province


@contextmanager
def opened_province(
    data: Path | None, now: str | None, *, as_json: bool, create: bool = False, url: str = ""
) -> Iterator[Province]:
    """Open the province of a data folder; its refusals become sentences, with the reason in JSON."""
    from desk.bootstrap import fixed_clock
    from desk.clock import system_clock
    from desk.province.model import ProvinceError, ProvinceFault
    from desk.province.sentences import province_sentence
    from desk.province.service import open_province

    clock = system_clock if now is None else fixed_clock(instant_of(now))
    try:
        with drivers(), told_of_upgrades():
            province = open_province(province_folder(data), clock, create=create, url=url)
        try:
            if now is not None and not create and not province.practice:
                raise CommandError(Status.USAGE, _("chỉ nơi vận hành thử mới đặt được giờ (--now)"))
            yield province
        finally:
            province.close()
    except ProvinceError as error:
        sentence = province_sentence(error)
        if as_json:
            print_json({"error": sentence, "reason": error.fault.value})
        refused = {ProvinceFault.ALREADY, ProvinceFault.OTHER_DATABASE, ProvinceFault.DATABASE_TAKEN}
        refused |= {ProvinceFault.KEY_ELSEWHERE, ProvinceFault.STARTED, ProvinceFault.NOT_NEWER, ProvinceFault.NO_RESET}
        refused |= {ProvinceFault.KEY_AT_WORK, ProvinceFault.BEFORE_GO_LIVE, ProvinceFault.REPORTED_AFTER}
        refused |= {ProvinceFault.OTHER_COMMUNE, ProvinceFault.KEY_WAITS, ProvinceFault.BAD_KEY_DAYS}
        broken = {ProvinceFault.KEY_MISSING, ProvinceFault.KEY_OTHER}
        answer = Status.NO if error.fault in refused else Status.USAGE
        raise CommandError(Status.ENVIRONMENT if error.fault in broken else answer, sentence) from error


def province_folder(data: Path | None) -> Path:
    """Return the province's data folder: never the one a desk would take by itself."""
    if data is None and not os.environ.get("DESK_DATA"):
        from platformdirs import user_data_path

        return user_data_path("motcua-province", appauthor=False)
    return data_folder(data, os.environ)
