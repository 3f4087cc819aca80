"""The communes as a province has published them: the shipped table, and what each of its files changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desk import reference
from desk.daily.published import Published
from desk.daily.units import PublishedUnits
from desk.province.model import ProvinceError, ProvinceFault

Names = Mapping[str, tuple[str, str]]
"""Full name and province of each commune, by code."""


def known_communes(published: Iterable[Published]) -> Names:
    """Return the communes after everything that was published for all."""
    found = {unit.code: (unit.full_name, unit.province_name) for unit in reference.admin_units().values()}
    for each in published:
        if isinstance(each.content, PublishedUnits) and not each.unit:
            told = {row.code for row in each.content.units}
            for change in each.content.changes:
                if change.old_code not in told:
                    found.pop(change.old_code, None)
            found |= {row.code: (row.full_name, row.province_name) for row in each.content.units}
    return found


def require_known(content: PublishedUnits, known: Names) -> None:
    """Refuse a file that names an old commune that is not there, or another one; ProvinceError OTHER_COMMUNE."""
    for change in content.changes:
        if known.get(change.old_code) != (change.old_name, change.old_province):
            raise ProvinceError(
                ProvinceFault.OTHER_COMMUNE, f"{change.old_code} {change.old_name}, {change.old_province}"
            )


def reporting_name(unit: str, published: Iterable[Published]) -> str | None:
    """Return the name of who reports under a code: a shipped one, or one that was published since."""
    shipped = reference.reporting_unit(unit)
    if shipped is not None:
        return shipped
    found = known_communes(published).get(unit)
    return None if found is None else found[0]
