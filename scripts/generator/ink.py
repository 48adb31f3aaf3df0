"""What is put on paper by hand or by rubber stamp: signatures, seals, the stamp of the receiving office, written numbers.

Everything is drawn on a reportlab canvas in points from the bottom left, so that signature appearances and scans share it.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise

from reportlab.pdfgen.canvas import Canvas

from generator.layout import HEIGHT, MM, WIDTH, Place
from generator.pdf import face

RED, BLUE = (0.82, 0.05, 0.08), (0.1, 0.2, 0.65)
SEAL_RADIUS = 17.5 * MM
DIGITS = {
    "0": [(0.6, 1.0), (0.1, 0.6), (0.4, 0.0), (0.9, 0.4), (0.6, 1.0)],
    "1": [(0.2, 0.7), (0.6, 1.0), (0.5, 0.0)],
    "2": [(0.1, 0.8), (0.6, 1.0), (0.8, 0.6), (0.1, 0.0), (0.9, 0.1)],
    "3": [(0.1, 0.9), (0.8, 0.9), (0.4, 0.5), (0.9, 0.3), (0.1, 0.0)],
    "4": [(0.6, 1.0), (0.1, 0.4), (0.9, 0.4), (0.7, 0.7), (0.6, 0.0)],
    "5": [(0.9, 1.0), (0.2, 1.0), (0.2, 0.6), (0.9, 0.4), (0.1, 0.0)],
    "6": [(0.8, 1.0), (0.2, 0.5), (0.3, 0.0), (0.9, 0.2), (0.2, 0.4)],
    "7": [(0.1, 1.0), (0.9, 1.0), (0.4, 0.0)],
    "8": [(0.8, 0.9), (0.2, 0.8), (0.9, 0.2), (0.2, 0.1), (0.8, 0.9)],
    "9": [(0.8, 0.7), (0.2, 0.7), (0.7, 1.0), (0.8, 0.6), (0.4, 0.0)],
}


def squiggle(canvas: Canvas, width: float, height: float, seed: str) -> None:
    """A signature in blue ink in the box from the origin."""
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(1.3)
    source = random.Random(seed)
    path = canvas.beginPath()
    path.moveTo(width * 0.12, height * 0.45)
    for step in range(1, 8):
        points = [width * (0.12 + 0.1 * step), height * source.uniform(0.15, 0.9)]
        path.curveTo(points[0] - 14, height * source.uniform(0, 1), points[0] - 4, height * source.uniform(0, 1), *points)
    canvas.drawPath(path)


def seal(canvas: Canvas, centre: tuple[float, float], radius: float) -> None:
    """Three red rings and a star."""
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    for ring in (radius, radius * 0.9, radius * 0.55):
        canvas.circle(*centre, ring)
    star = canvas.beginPath()
    for index in range(5):
        angle = math.pi / 2 + index * 4 * math.pi / 5
        point = (centre[0] + radius * 0.42 * math.cos(angle), centre[1] + radius * 0.42 * math.sin(angle))
        star.moveTo(*point) if index == 0 else star.lineTo(*point)
    star.close()
    canvas.drawPath(star, fill=1)


def rubber_seal(canvas: Canvas, centre: tuple[float, float], words: str) -> None:
    """A seal as it is on paper: with the office's name around, a little turned."""
    canvas.saveState()
    canvas.setLineWidth(1.6)
    seal(canvas, centre, SEAL_RADIUS)
    canvas.setFont(face("b"), 8)
    canvas.translate(*centre)
    step = min(13.0, 300.0 / len(words))
    canvas.rotate(step * (len(words) - 1) / 2 + 6)
    for letter in words:
        canvas.drawCentredString(0, SEAL_RADIUS * 0.66, letter)
        canvas.rotate(-step)
    canvas.restoreState()


def scribble(canvas: Canvas, box: tuple[float, float, float, float], text: str) -> None:
    """A number written so hastily that nobody can tell which it is: digits run together in one shaky stroke."""
    source = random.Random(text)
    x0, y0, x1, y1 = box
    width, height = (x1 - x0 - 4) / len(text), y1 - y0
    points = [
        (x0 + 2 + width * (index + x + source.gauss(0, 0.3)), y0 + height * (0.1 + 0.8 * y + source.gauss(0, 0.24)))
        for index, digit in enumerate(text)
        for x, y in DIGITS[digit]
    ]
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(1.2)
    canvas.setLineCap(1)
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for before, point in pairwise(points):
        bend = (before[0] + source.gauss(0, width / 4), before[1] + source.gauss(0, height / 5))
        path.curveTo(*bend, point[0] + source.gauss(0, width / 4), point[1] + source.gauss(0, height / 5), *point)
    canvas.drawPath(path)


def arrival(canvas: Canvas, office: str) -> None:
    """The box that the receiving office stamps under the letterhead, with its own number and day in it written by hand."""
    width, height = 40 * MM, 23 * MM
    canvas.saveState()
    canvas.translate(7 * MM, HEIGHT - 64 * MM)
    canvas.rotate(2.5)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    canvas.setLineWidth(1.4)
    canvas.rect(0, 0, width, height)
    canvas.line(0, height - 17, width, height - 17)
    canvas.setFont(face("b"), 8.5)
    canvas.drawCentredString(width / 2, height - 12, office)
    canvas.setFont(face("b"), 11)
    canvas.drawCentredString(width / 2, height - 30, "CÔNG VĂN ĐẾN")
    canvas.setFont(face(""), 10)
    for text, written, y in (("Số:", "1482", height - 44), ("Ngày:", "2604", height - 59)):
        canvas.setFillColorRGB(*RED)
        canvas.drawString(8, y, text + " " + "." * 22)
        scribble(canvas, (46, y - 1, 90, y + 9), written)
    canvas.restoreState()


def signature(canvas: Canvas, place: Place) -> None:
    """The leader's signature where it belongs."""
    x0, y0, x1, y1 = place.box
    canvas.saveState()
    canvas.translate(x0, y0)
    squiggle(canvas, x1 - x0, y1 - y0, place.text)
    canvas.restoreState()


def stamped(canvas: Canvas, index: int, places: list[Place], office: str) -> None:
    """Arrival stamp on the first page, signature and seal where the leader signs, on every page half a seal over the ends of the lines."""
    if index == 0:
        arrival(canvas, "VĂN PHÒNG SỞ")
    rubber_seal(canvas, (WIDTH - 7 * MM, HEIGHT * 0.56), office)
    for place in places:
        if place.role == "leader":
            signature(canvas, place)
            rubber_seal(canvas, (place.box[0] + 14, (place.box[1] + place.box[3]) / 2 + 8), office)


def handwritten(canvas: Canvas, index: int, places: list[Place], office: str) -> None:
    """Number and day written by hand, and the leader's signature."""
    for place in places:
        if place.role in ("number", "day"):
            scribble(canvas, place.box, place.text)
        elif place.role == "leader":
            signature(canvas, place)


INKS = {"stamped": stamped, "handwritten": handwritten}
