"""HTML as a tree: whatever text goes in is escaped by the library that writes it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

Node = ET.Element | str | None


def el(tag: str, *children: Node, **attributes: str | None) -> ET.Element:
    """Return an element; in names of attributes `_` stands for `-`, one at the end keeps off Python's own words.

    A child or an attribute that is None is left out.
    """
    names = {name.rstrip("_").replace("_", "-"): text for name, text in attributes.items() if text is not None}
    found = ET.Element(tag, names)
    last: ET.Element | None = None
    for child in children:
        if isinstance(child, ET.Element):
            found.append(child)
            last = child
        elif child is not None and last is None:
            found.text = (found.text or "") + child
        elif child is not None and last is not None:
            last.tail = (last.tail or "") + child
    return found


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[Node]], *, numbers: int | None = None
) -> ET.Element:
    """Return a table whose first cell of a row names it; columns from `numbers` on are set to the right."""

    def style(place: int) -> str | None:
        return "number" if numbers is not None and place >= numbers else None

    lines = [
        el(
            "tr",
            *(
                el("td", cell, class_=style(place)) if place else el("th", cell, scope="row")
                for place, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    head = el("tr", *(el("th", text, scope="col", class_=style(place)) for place, text in enumerate(heads)))
    # A wide table scrolls in its own box, which the keyboard must be able to reach.
    return el(
        "div",
        el("table", el("caption", caption), el("thead", head), el("tbody", *lines)),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def document(root: ET.Element) -> bytes:
    """Return a whole page."""
    return ("<!doctype html>\n" + ET.tostring(root, encoding="unicode", method="html")).encode()
