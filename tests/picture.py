"""Draws a chat as a picture (SVG), from what a persona really said, pressed and saw."""

import unicodedata
from dataclasses import dataclass, field
from html import escape

WIDTH, MARGIN, SIZE, LINE, PAD = 440, 14, 15, 22, 12
BUBBLE_MAX = 340
HEAD, GAP, BUTTON = 54, 10, 34
NO_LINE_BEGINS_WITH = tuple("。，、！？；：”）")
FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
STYLE = f"""
    text {{ font: {SIZE}px {FONT}; fill: #17212b }} .small {{ font-size: 12px; fill: #6d7f8f }}
    .title {{ font-weight: 600 }} .paper {{ fill: #dfe8ef }} .head {{ fill: #ffffff }} .theirs {{ fill: #ffffff }}
    .mine {{ fill: #d8f3c4 }} .button {{ fill: #ffffff; fill-opacity: .72 }} .pressed {{ fill: #bfe0f7 }}
    .label {{ fill: #1c6ea4; text-anchor: middle }}
    @media (prefers-color-scheme: dark) {{
        text {{ fill: #f2f5f8 }} .small {{ fill: #93a4b3 }} .paper {{ fill: #0e1621 }} .head, .theirs {{ fill: #182533 }}
        .mine {{ fill: #2b5278 }} .button {{ fill: #22344a }} .pressed {{ fill: #34618a }} .label {{ fill: #8cc6f0 }}
    }}
"""


@dataclass
class Bubble:
    """One message: who said it, its lines, its buttons, and the one that was pressed."""

    text: str
    mine: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    pressed: str = ""


@dataclass
class Picture:
    """A chat under a title, growing downwards."""

    title: str
    subtitle: str
    bubbles: list[Bubble] = field(default_factory=list)

    def svg(self) -> str:
        parts, top = [], HEAD + GAP
        for bubble in self.bubbles:
            drawn, height = _bubble(bubble, top)
            parts.append(drawn)
            top += height + GAP
        head = (
            f'<rect class="head" width="{WIDTH}" height="{HEAD}"/>'
            f'<text class="title" x="{MARGIN}" y="24">{escape(self.title)}</text>'
            f'<text class="small" x="{MARGIN}" y="43">{escape(self.subtitle)}</text>'
        )
        spoken = escape("\n".join(bubble.text for bubble in self.bubbles))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" role="img">\n'
            f"<title>{escape(self.title)}</title>\n<desc>{spoken}</desc>\n<style>{STYLE}</style>\n"
            f'<rect class="paper" width="{WIDTH}" height="{top}" rx="12"/>{head}\n' + "\n".join(parts) + "\n</svg>\n"
        )


def width_of(text: str) -> float:
    """About how wide a text is drawn: Han characters are as wide as high, others about half."""
    return sum(SIZE if unicodedata.east_asian_width(c) in "WFA" else SIZE * 0.56 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """The text in lines no wider than `width`; Latin words stay whole."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and piece not in NO_LINE_BEGINS_WITH and width_of(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for c in text:
        narrow = unicodedata.east_asian_width(c) not in "WF"
        if narrow and pieces and pieces[-1] and not pieces[-1].endswith(" ") and ord(pieces[-1][-1]) < 0x2E80:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _bubble(bubble: Bubble, top: int) -> tuple[str, int]:
    lines = wrapped(bubble.text, BUBBLE_MAX - 2 * PAD)
    widest = max(width_of(line) for line in lines)
    buttons = max((sum(width_of(label) + 28 for label in row) for row in bubble.rows), default=0)
    width = min(BUBBLE_MAX, max(widest + 2 * PAD, buttons))
    left = WIDTH - MARGIN - width if bubble.mine else MARGIN
    height = len(lines) * LINE + 14
    drawn = [
        f'<rect class="{"mine" if bubble.mine else "theirs"}" x="{left:.0f}" y="{top}" width="{width:.0f}" '
        f'height="{height}" rx="11"/>'
    ]
    for number, line in enumerate(lines):
        drawn.append(f'<text x="{left + PAD:.0f}" y="{top + 23 + number * LINE}">{escape(line)}</text>')
    for number, row in enumerate(bubble.rows):
        drawn.append(_row(row, bubble.pressed, left, width, top + height + 5 + number * (BUTTON + 5)))
    return "".join(drawn), height + len(bubble.rows) * (BUTTON + 5)


def _row(labels: tuple[str, ...], pressed: str, left: float, width: float, top: float) -> str:
    each = (width - 5 * (len(labels) - 1)) / len(labels)
    drawn = []
    for place, label in enumerate(labels):
        x = left + place * (each + 5)
        look = "pressed" if label == pressed else "button"
        drawn.append(
            f'<rect class="{look}" x="{x:.0f}" y="{top}" width="{each:.0f}" height="{BUTTON}" rx="8"/>'
            f'<text class="label" x="{x + each / 2:.0f}" y="{top + 22}">{escape(label)}</text>'
        )
    return "".join(drawn)
