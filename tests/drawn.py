"""Pages drawn for tests of the scan path: lines of words, ruled tables, seals; black on white paper at 200 dots an inch."""

from __future__ import annotations

import io

import cv2
import numpy as np
from cv2.typing import MatLike
from PIL import Image

DPI = 200
BLACK, WHITE = 0, 255
WIDTH, HEIGHT = 1200, 1600  # pixels
LINES = (
    "Thuc hien Chuong trinh cong tac nam cua Uy ban",
    "nhan dan tinh, So Noi vu bao cao ket qua thuc hien",
    "nhiem vu trong quy va phuong huong thoi gian toi",
    "nhu sau: cac co quan, don vi da trien khai day du",
)


def paper(width: int = WIDTH, height: int = HEIGHT) -> MatLike:
    """A white grey page."""
    return np.full((height, width), WHITE, np.uint8)


def coloured(grey: MatLike) -> MatLike:
    """The page as blue, green and red."""
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def write(page: MatLike, text: str, x: int, baseline: int, ink: int | tuple[int, int, int] = BLACK) -> None:
    """Write letters as high as print of 11 points."""
    cv2.putText(page, text, (x, baseline), cv2.FONT_HERSHEY_DUPLEX, 0.95, ink, 2, cv2.LINE_AA)


def written(lines: int = 24, *, x: int = 150, ink: int = BLACK) -> MatLike:
    """A page of running text, its lines 40 pixels apart from y = 200 on."""
    page = paper()
    for line in range(lines):
        write(page, LINES[line % len(LINES)], x, 200 + 40 * line, ink)
    return page


def ruled(columns: tuple[int, ...] = (150, 400, 750, 1050), rows: tuple[int, ...] = (200, 300, 400, 500)) -> MatLike:
    """A table: vertical lines at `columns`, horizontal ones at `rows`, 3 pixels wide, a word in each cell."""
    page = paper()
    for x in columns:
        cv2.line(page, (x, rows[0]), (x, rows[-1]), BLACK, 3)
    for y in rows:
        cv2.line(page, (columns[0], y), (columns[-1], y), BLACK, 3)
    for number, y in enumerate(rows[:-1]):
        for x in columns[:-1]:
            write(page, f"o {number}", x + 40, y + 65)
    return page


def turned(page: MatLike, degrees: float) -> MatLike:
    """The page turned clockwise about its middle, in the same size."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=WHITE)


def scanned(*pages: MatLike) -> bytes:
    """A PDF whose pages are these pictures, without a text layer."""
    first, *others = map(Image.fromarray, pages)
    file = io.BytesIO()
    first.save(file, "PDF", resolution=DPI, save_all=True, append_images=others)
    return file.getvalue()
