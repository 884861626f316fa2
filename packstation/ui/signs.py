"""Signs: the drawn shapes of verdicts and line states, told apart without colour."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from math import cos, pi, sin

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from packstation.paths import resources
from packstation.ui import style
from packstation.ui.verdict_words import Kind


class Sign(Enum):
    """A drawn shape."""

    CHECK = "check"
    DOUBLE_CHECK = "double_check"
    PARCEL = "parcel"
    """A closed box with a check: the whole order, parcel or handover is done."""
    CROSS = "cross"
    PLUS = "plus"
    """A plus with a corner behind it: one too many."""
    QUESTION = "question"
    OCTAGON = "octagon"
    """The stop sign of the road, with an exclamation mark."""
    HOURGLASS = "hourglass"
    ARROW = "arrow"
    BACK = "back"
    PAUSE = "pause"
    PRINTER = "printer"
    BARCODE = "barcode"


class LineState(Enum):
    """How far one order line is."""

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"


def _pen(painter: QPainter, colour: QColor, width: float) -> None:
    painter.setPen(
        QPen(
            colour,
            width,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _lines(painter: QPainter, box: QRectF, *strokes: tuple[tuple[float, float], ...]) -> None:
    for stroke in strokes:
        painter.drawPolyline(
            QPolygonF(
                [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in stroke]
            )
        )


def _corners(box: QRectF) -> QPolygonF:
    radius, centre = box.width() / 2 / cos(pi / 8), box.center()
    return QPolygonF(
        [
            QPointF(centre.x() + radius * cos(a), centre.y() + radius * sin(a))
            for a in (pi / 8 + i * pi / 4 for i in range(8))
        ]
    )


def _check(painter: QPainter, box: QRectF) -> None:
    _lines(painter, box, ((0.12, 0.54), (0.40, 0.82), (0.90, 0.20)))


def _double_check(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.02, 0.52), (0.24, 0.78), (0.62, 0.22)),
        ((0.40, 0.66), (0.52, 0.80), (0.96, 0.22)),
    )


def _parcel(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.08, 0.28), (0.50, 0.06), (0.92, 0.28), (0.92, 0.74), (0.50, 0.96), (0.08, 0.74)),
        ((0.08, 0.74), (0.08, 0.28)),
        ((0.30, 0.50), (0.46, 0.66), (0.74, 0.36)),
    )


def _cross(painter: QPainter, box: QRectF) -> None:
    _lines(painter, box, ((0.17, 0.17), (0.83, 0.83)), ((0.83, 0.17), (0.17, 0.83)))


def _plus(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.38, 0.08), (0.38, 0.70)),
        ((0.07, 0.39), (0.69, 0.39)),
        ((0.55, 0.90), (0.93, 0.90), (0.93, 0.52)),
    )


def _question(painter: QPainter, box: QRectF) -> None:
    w, h, x, y = box.width(), box.height(), box.x(), box.y()
    path = QPainterPath(QPointF(x + 0.27 * w, y + 0.30 * h))
    path.cubicTo(
        QPointF(x + 0.27 * w, y - 0.04 * h),
        QPointF(x + 0.75 * w, y + 0.00 * h),
        QPointF(x + 0.73 * w, y + 0.31 * h),
    )
    path.cubicTo(
        QPointF(x + 0.72 * w, y + 0.50 * h),
        QPointF(x + 0.50 * w, y + 0.47 * h),
        QPointF(x + 0.50 * w, y + 0.67 * h),
    )
    painter.drawPath(path)
    painter.drawPoint(QPointF(x + 0.50 * w, y + 0.92 * h))


def _octagon(painter: QPainter, box: QRectF) -> None:
    painter.drawPolygon(_corners(box.adjusted(2, 2, -2, -2)))
    _lines(painter, box, ((0.50, 0.25), (0.50, 0.56)))
    painter.drawPoint(QPointF(box.center().x(), box.y() + 0.76 * box.height()))


def _hourglass(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.18, 0.06), (0.82, 0.06)),
        ((0.18, 0.94), (0.82, 0.94)),
        ((0.26, 0.06), (0.26, 0.26), (0.74, 0.74), (0.74, 0.94)),
        ((0.74, 0.06), (0.74, 0.26), (0.26, 0.74), (0.26, 0.94)),
    )


def _arrow(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.08, 0.50), (0.90, 0.50)),
        ((0.56, 0.16), (0.90, 0.50), (0.56, 0.84)),
    )


def _back(painter: QPainter, box: QRectF) -> None:
    w, h, x, y = box.width(), box.height(), box.x(), box.y()
    path = QPainterPath(QPointF(x + 0.10 * w, y + 0.36 * h))
    path.lineTo(QPointF(x + 0.60 * w, y + 0.36 * h))
    path.cubicTo(
        QPointF(x + 1.02 * w, y + 0.36 * h),
        QPointF(x + 1.02 * w, y + 0.88 * h),
        QPointF(x + 0.60 * w, y + 0.88 * h),
    )
    path.lineTo(QPointF(x + 0.30 * w, y + 0.88 * h))
    painter.drawPath(path)
    _lines(painter, box, ((0.34, 0.12), (0.10, 0.36), (0.34, 0.60)))


def _pause(painter: QPainter, box: QRectF) -> None:
    _lines(painter, box, ((0.32, 0.14), (0.32, 0.86)), ((0.68, 0.14), (0.68, 0.86)))


def _printer(painter: QPainter, box: QRectF) -> None:
    _lines(
        painter,
        box,
        ((0.26, 0.38), (0.26, 0.08), (0.74, 0.08), (0.74, 0.38)),
        ((0.26, 0.72), (0.08, 0.72), (0.08, 0.38), (0.92, 0.38), (0.92, 0.72), (0.74, 0.72)),
        ((0.26, 0.58), (0.74, 0.58), (0.74, 0.94), (0.26, 0.94), (0.26, 0.58)),
    )


def _barcode(painter: QPainter, box: QRectF) -> None:
    bars = ((0.06, 0.07), (0.19, 0.03), (0.28, 0.10), (0.45, 0.04), (0.55, 0.08), (0.69, 0.03))
    for x, wide in (*bars, (0.77, 0.09), (0.92, 0.03)):
        painter.fillRect(
            QRectF(
                box.x() + x * box.width(),
                box.y() + 0.14 * box.height(),
                wide * box.width(),
                0.72 * box.height(),
            ),
            painter.pen().color(),
        )


_SHAPES: dict[Sign, Callable[[QPainter, QRectF], None]] = {
    Sign.CHECK: _check,
    Sign.DOUBLE_CHECK: _double_check,
    Sign.PARCEL: _parcel,
    Sign.CROSS: _cross,
    Sign.PLUS: _plus,
    Sign.QUESTION: _question,
    Sign.OCTAGON: _octagon,
    Sign.HOURGLASS: _hourglass,
    Sign.ARROW: _arrow,
    Sign.BACK: _back,
    Sign.PAUSE: _pause,
    Sign.PRINTER: _printer,
    Sign.BARCODE: _barcode,
}
_FINE = frozenset({Sign.OCTAGON, Sign.HOURGLASS, Sign.PRINTER, Sign.PARCEL, Sign.DOUBLE_CHECK})
"""Signs of many strokes, drawn thinner."""

SIGNS: dict[Kind, Sign] = {
    Kind.OK: Sign.CHECK,
    Kind.LINE: Sign.DOUBLE_CHECK,
    Kind.COMPLETE: Sign.PARCEL,
    Kind.WRONG: Sign.CROSS,
    Kind.OVER: Sign.PLUS,
    Kind.UNKNOWN: Sign.QUESTION,
    Kind.WAIT: Sign.HOURGLASS,
    Kind.STOP: Sign.OCTAGON,
    Kind.INFO: Sign.ARROW,
}
"""Each kind of verdict has a shape of its own, so that no colour needs to be told apart."""


def draw_sign(painter: QPainter, sign: Sign, box: QRectF, colour: QColor) -> None:
    """Draw a sign into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _pen(painter, colour, box.width() * (0.09 if sign in _FINE else 0.15))
    _SHAPES[sign](painter, box)
    painter.restore()


def draw_line_state(painter: QPainter, state: LineState, box: QRectF) -> None:
    """Draw how far a line is: an empty ring, a half-filled ring, or a disc with a check."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    match state:
        case LineState.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.GREEN)
            painter.drawEllipse(box)
            inner = box.adjusted(*(box.width() * k for k in (0.22, 0.24, -0.22, -0.20)))
            _pen(painter, style.SURFACE, box.width() * 0.12)
            _check(painter, inner)
        case LineState.BEGUN:
            _pen(painter, style.BLUE, box.width() * 0.10)
            painter.drawEllipse(box)
            painter.setBrush(style.BLUE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPie(box, 90 * 16, -180 * 16)
        case LineState.WAITING:
            _pen(painter, style.FADED, box.width() * 0.10)
            painter.drawEllipse(box)
    painter.restore()


@lru_cache(maxsize=64)
def icon(name: str, size: int, colour: str) -> QPixmap:
    """Return a drawing of resources/icons in a colour and a size in pixels.

    Args:
        name: File name without its ending.
        size: Side of the square.
        colour: Stands for ``currentColor`` in the drawing.
    """
    data = (resources() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(data.replace(b"currentColor", colour.encode("ascii"))))
    made = QPixmap(QSize(size, size))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter)
    painter.end()
    return made
