"""Figures in columns, as plain text."""

from collections.abc import Sequence


def shown(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column on the left, the others on the right."""
    widths = [max(len(line[place]) for line in (heads, *rows)) for place in range(len(heads))]
    lines = [_line(row, widths) for row in (heads, ["-" * width for width in widths], *rows)]
    return "\n".join(["", title, *lines])


def number(value: float | None) -> str:
    """Three digits at least, none of them idle."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(value: float, best: float) -> str:
    return f"{value / best:.2f}x" if best else "-"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
