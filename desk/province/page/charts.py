"""Charts as SVG: one measure each, so that none needs a colour to be understood; no script, no other host."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from desk.province.measures import marks

SVG = "http://www.w3.org/2000/svg"
_LABELS = 12


def line(title: str, days: Sequence[str], values: Sequence[float | int | None], *, share: bool = False) -> bytes:
    """Return a chart of one measure over days; a share is drawn from 0 to 100 per cent."""
    import pygal
    from pygal.style import Style

    style = Style(
        background="white",
        plot_background="white",
        foreground="#1a1a1a",
        foreground_strong="#000000",
        foreground_subtle="#555555",
        colors=("#0b4f8a",),
        font_family="sans-serif",
        label_font_size=13,
        major_label_font_size=13,
        no_data_font_size=20,
        stroke_width=2,
    )
    every = max(1, -(-len(days) // _LABELS))
    edges = [0, 20, 40, 60, 80, 100] if share else marks(max((each for each in values if each is not None), default=0))
    chart = pygal.Line(
        style=style,
        js=[],
        width=900,
        height=260,
        show_legend=False,
        margin=8,
        range=(0, edges[-1]),
        y_labels=edges,
        allow_interruptions=True,
        include_x_axis=True,
        show_minor_x_labels=False,
        x_labels_major_every=every,
        truncate_label=-1,
        dots_size=2.5,
        value_formatter=(lambda value: f"{value:.0f} %") if share else (lambda value: f"{value:.0f}"),
        no_data_text="–",
        disable_xml_declaration=True,
    )
    chart.x_labels = list(days)
    chart.add(title, [None if each is None else each * 100 if share else each for each in values])
    return _plain(chart.render(is_unicode=True))


def _plain(text: str) -> bytes:
    """Return a chart without its script and the remarks of the library."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(text)  # noqa: S314 - drawn in this process a moment ago
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}script":
                parent.remove(child)
    data: bytes = ET.tostring(root, encoding="utf-8")
    return data
