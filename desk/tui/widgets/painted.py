"""Widgets drawn line by line, of which only the lines that changed are drawn again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from desk.tui.widgets.text import FULL, PLAIN, Glyphs, cut, one_line, width_of

Part = tuple[str, str]
"""A piece of text and the name of its style; the empty name is the widget's own style."""


class Painted(Widget):
    """A widget that knows what it last painted.

    A subclass draws one line in `draw_line` and calls `repaint` after any change: lines that look the same as before
    are left alone. Which cells of a line are sent is decided in `frames` alone.
    """

    STYLE_PREFIX = ""
    """Component classes are `<prefix>--<style name>`."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painted: dict[int, Strip] = {}
        self._keys: dict[int, object] = {}
        # Working out a style walks up the tree: once for each repaint is enough.
        self._styles_found: dict[str, Style] = {}

    @property
    def glyphs(self) -> Glyphs:
        """The signs this terminal can show: plain ones where the App has the class `-console`."""
        return PLAIN if self.app.has_class("-console") else FULL

    def draw_line(self, y: int) -> Strip:
        """Return line `y` of the content, as wide as the widget."""
        raise NotImplementedError

    def line_key(self, y: int) -> object:  # noqa: ARG002 - for subclasses
        """Return what line `y` is drawn from: where it is equal to before, nothing is drawn. None is never equal."""
        return None

    def render_line(self, y: int) -> Strip:
        """Return line `y` as it stands now, and remember it."""
        key = self.line_key(y)
        if key is not None and key == self._keys.get(y) and y in self._painted:
            return self._painted[y]
        self._keys[y] = key
        strip = self._painted[y] = self.draw_line(y)
        return strip

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Have it drawn anew; without regions whatever looks the same to `line_key` too."""
        if not regions:
            self._keys.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def repaint(self) -> None:
        """Draw again, and have the lines shown that differ from what is on screen."""
        self._styles_found.clear()
        if not self._painted:
            self.refresh()
            return
        height = self.size.height
        for y in [y for y in self._painted if y >= height]:
            del self._painted[y]
        for y, old in self._painted.items():
            key = self.line_key(y)
            if key is not None and key == self._keys.get(y):
                continue
            self._keys[y] = key
            new = self.draw_line(y)
            if new != old:
                self._painted[y] = new
                self.refresh(Region(0, y, self.size.width, 1))

    def notify_style_update(self) -> None:
        """Forget the styles: a theme, a class or the focus changed."""
        super().notify_style_update()
        self._styles_found.clear()
        self._keys.clear()

    def _on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self._focus_is(True, events.DescendantFocus(self))

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self._focus_is(False, events.DescendantBlur(self))

    def _focus_is(self, has_focus: bool, news: events.Event) -> None:
        # The framework would send the whole widget again; only the line under the cursor looks different.
        self.has_focus = has_focus
        self.repaint()
        if self.parent is not None:
            self.parent.post_message(news)

    def style_of(self, name: str) -> Style:
        """Return the style called `name`, over the widget's own."""
        style = self._styles_found.get(name)
        if style is None:
            style = self.get_component_rich_style(f"{self.STYLE_PREFIX}--{name}") if name else self.rich_style
            self._styles_found[name] = style
        return style

    def strip_of(self, parts: Iterable[Part], width: int) -> Strip:
        """Return one line of exactly `width` cells; what does not fit is cut with an ellipsis."""
        segments: list[Segment] = []
        room = width
        for text, style in parts:
            safe = one_line(text)
            if room <= 0 or not safe:
                continue
            if width_of(safe) > room:
                safe = cut(safe, room, self.glyphs.ellipsis)
            segments.append(Segment(safe, self.style_of(style)))
            room -= width_of(safe)
        if room > 0:
            segments.append(Segment(" " * room, self.style_of("")))
        return Strip(segments, width)
