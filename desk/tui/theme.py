"""Our themes and the proof that they can be read.

Backgrounds are chosen so that sixteen-colour terminals show them as one of the eight plain colours: a framebuffer
console has no bright backgrounds. No colour says anything that is not also said in words.
"""

from __future__ import annotations

from msgspec import Struct
from textual.color import Color
from textual.theme import Theme


class Colours(Struct, frozen=True):
    """The colours of one theme by what they are for."""

    background: str
    text: str
    muted: str
    late: str
    soon: str
    good: str
    key: str
    top_background: str
    top_text: str
    practice_background: str
    practice_text: str
    cursor_background: str
    cursor_text: str
    field_background: str
    active_field_background: str
    active_field_text: str = ""


class Styles(Struct, frozen=True):
    """What is bold, underlined or reversed."""

    top: str = "none"
    practice: str = "bold"
    late: str = "bold"
    soon: str = "none"
    good: str = "none"
    key: str = "bold"
    cursor: str = "bold"
    text_cursor: str = "none"
    field: str = "none"
    active_field: str = "none"
    active_choice: str = "bold"


def _theme(name: str, colours: Colours, styles: Styles = Styles()) -> Theme:  # noqa: B008 - frozen
    return Theme(
        name=name,
        primary=colours.key,
        secondary=colours.key,
        accent=colours.key,
        warning=colours.soon,
        error=colours.late,
        success=colours.good,
        foreground=colours.text,
        background=colours.background,
        surface=colours.background,
        panel=colours.background,
        dark=True,
        variables={
            "text": colours.text,
            "text-muted": colours.muted,
            "text-disabled": colours.muted,
            "desk-muted": colours.muted,
            "desk-late": colours.late,
            "desk-soon": colours.soon,
            "desk-good": colours.good,
            "desk-key": colours.key,
            "desk-top-background": colours.top_background,
            "desk-top-text": colours.top_text,
            "desk-practice-background": colours.practice_background,
            "desk-practice-text": colours.practice_text,
            "desk-field-background": colours.field_background,
            "desk-active-field-background": colours.active_field_background,
            "desk-active-field-text": colours.active_field_text or colours.text,
            "desk-top-style": styles.top,
            "desk-practice-style": styles.practice,
            "desk-late-style": styles.late,
            "desk-soon-style": styles.soon,
            "desk-good-style": styles.good,
            "desk-key-style": styles.key,
            "desk-field-style": styles.field,
            "desk-active-field-style": styles.active_field,
            "desk-active-choice-style": styles.active_choice,
            "block-cursor-background": colours.cursor_background,
            "block-cursor-foreground": colours.cursor_text,
            "block-cursor-text-style": styles.cursor,
            "block-cursor-blurred-background": colours.background,
            "block-cursor-blurred-foreground": colours.text,
            "input-cursor-background": colours.cursor_background,
            "input-cursor-foreground": colours.cursor_text,
            "input-cursor-text-style": styles.text_cursor,
            "input-selection-background": colours.cursor_background,
            "input-selection-foreground": colours.cursor_text,
            "footer-background": colours.background,
            "footer-foreground": colours.text,
            "footer-key-foreground": colours.key,
        },
    )


NORMAL = _theme(
    "motcua",
    Colours(
        background="#0c1116",
        text="#e6e6e6",
        muted="#9aa5b1",
        late="#ff7b72",
        soon="#ffd166",
        good="#7ee787",
        key="#66ccff",
        top_background="#0b3d91",
        top_text="#ffffff",
        practice_background="#d7af00",
        practice_text="#000000",
        cursor_background="#c8c8c8",
        cursor_text="#000000",
        field_background="#1b2530",
        active_field_background="#06307a",
    ),
)

CONTRAST = _theme(
    "motcua-contrast",
    Colours(
        background="#000000",
        text="#ffffff",
        muted="#c8c8c8",
        late="#ff8a80",
        soon="#ffe08a",
        good="#7ee787",
        key="#66ccff",
        top_background="#c8c8c8",
        top_text="#000000",
        practice_background="#d7af00",
        practice_text="#000000",
        cursor_background="#d7af00",
        cursor_text="#000000",
        field_background="#000000",
        active_field_background="#00008b",
    ),
)

CONSOLE = _theme(
    # Colours of the console's own palette only. Bright ones are bold as well: some kernels show them by that alone;
    # black text is not, or it would turn grey.
    "motcua-console",
    Colours(
        background="#000000",
        text="#aaaaaa",
        muted="#00aaaa",
        late="#ff55ff",
        soon="#ffff55",
        good="#55ff55",
        key="#55ffff",
        top_background="#0000aa",
        top_text="#ffffff",
        practice_background="#00aaaa",
        practice_text="#000000",
        cursor_background="#aaaaaa",
        cursor_text="#000000",
        field_background="#000000",
        active_field_background="#0000aa",
        active_field_text="#ffffff",
    ),
    Styles(practice="none", soon="bold", good="bold", cursor="none"),
)

MONO = _theme(
    # No colour reaches the terminal; these two only fill in the variables.
    "motcua-mono",
    Colours(
        background="#000000",
        **dict.fromkeys(("text", "muted", "late", "soon", "good", "key"), "#ffffff"),
        **dict.fromkeys(("top_background", "practice_background", "cursor_background"), "#c8c8c8"),
        **dict.fromkeys(("top_text", "practice_text", "cursor_text"), "#000000"),
        field_background="#000000",
        active_field_background="#000000",
    ),
    Styles(
        top="reverse",
        practice="reverse bold",
        late="bold underline",
        soon="underline",
        cursor="reverse",
        text_cursor="reverse",
        field="underline",
        active_field="bold underline",
        active_choice="reverse",
    ),
)

BY_NAME = {"normal": NORMAL, "contrast": CONTRAST, "console": CONSOLE, "mono": MONO}
"""The themes by what the settings call them."""

THEMES = tuple(BY_NAME.values())

CONSOLE_PALETTE = (
    *("#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa"),
    *("#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff"),
)
"""The sixteen colours of a Linux console: eight plain ones, which alone may be backgrounds, then the bright ones."""

TEXT_PAIRS = (
    ("foreground", "background"),
    ("text", "background"),
    ("foreground", "desk-field-background"),
    ("desk-active-field-text", "desk-active-field-background"),
    ("desk-late", "background"),
    ("desk-soon", "background"),
    ("desk-good", "background"),
    ("desk-top-text", "desk-top-background"),
    ("desk-practice-text", "desk-practice-background"),
)
"""Theme variables that are read as text on one another: foreground first."""

OTHER_PAIRS = (
    ("desk-muted", "background"),
    ("desk-muted", "desk-field-background"),
    ("desk-muted", "desk-active-field-background"),
    ("desk-late", "desk-field-background"),
    ("desk-late", "desk-active-field-background"),
    ("desk-key", "background"),
    ("desk-key", "desk-field-background"),
    ("desk-key", "desk-active-field-background"),
    ("text-muted", "background"),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("input-selection-foreground", "input-selection-background"),
    ("footer-foreground", "footer-background"),
    ("footer-key-foreground", "footer-background"),
)
"""Muted text, cursors and the key bar."""


def contrast(foreground: str, background: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(foreground), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value / 255) for value in Color.parse(colour).rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
