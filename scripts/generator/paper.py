"""What paper, scanner and time do to the image of a page. An effect takes the image and the page's facts and gives the new image."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from generator.ink import INKS
from generator.layout import HEIGHT, WIDTH, Place

WHITE = {"L": 255, "RGB": (255, 255, 255)}


@dataclass(frozen=True)
class Sheet:
    """The facts of a page: index from 0, dots per inch, what is signed where, the office of the seal, a source of chance."""

    index: int
    resolution: int
    places: list[Place]
    office: str
    chance: np.random.Generator

    def dots(self, millimetres: float) -> int:
        """A length in dots."""
        return round(millimetres * self.resolution / 25.4)


def render_page(pdf: bytes, index: int, resolution: int, mode: str) -> Image.Image:
    """A page of a PDF as an image of mode L or RGB."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[index].render(scale=resolution / 72).to_pil().convert(mode)


def blur(image: Image.Image, sheet: Sheet, radius: float) -> Image.Image:
    """The optics of the scanner."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def skew(image: Image.Image, sheet: Sheet, degrees: list[float]) -> Image.Image:
    """A page fed askew, each by the next angle."""
    return image.rotate(degrees[sheet.index % len(degrees)], Image.Resampling.BICUBIC, fillcolor=WHITE[image.mode])


def turn(image: Image.Image, sheet: Sheet, quarters: list[int]) -> Image.Image:
    """A page laid on its side or upside down: quarter turns clockwise, each page by the next number."""
    turns = (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    return image.transpose(turns[quarters[sheet.index % len(quarters)] - 1])


def grain(image: Image.Image, sheet: Sheet, sigma: float) -> Image.Image:
    """The noise of the sensor, in levels of grey."""
    levels = np.asarray(image, dtype=np.float32)
    noise = sheet.chance.normal(0, sigma, levels.shape[:2])
    return Image.fromarray(np.clip(levels + (noise if levels.ndim == 2 else noise[..., None]), 0, 255).astype(np.uint8))


def specks(image: Image.Image, sheet: Sheet, black: int, white: int = 0) -> Image.Image:
    """Dirt on the glass and gaps in the toner: dots of one to three pixels."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for shade, number in ((30, black), (255, white)):
        colour = shade if image.mode == "L" else (shade,) * 3
        for x, y, size in zip(*(sheet.chance.integers(0, limit, number).tolist() for limit in (*image.size, 3)), strict=True):
            draw.rectangle((x, y, x + size, y + size // 2), fill=colour)
    return image


def fade(image: Image.Image, sheet: Sheet, ink: list[int], paper: list[int]) -> Image.Image:
    """Pale ink on yellowed paper, both given as red, green, blue."""
    share = np.asarray(image.convert("L"), dtype=np.float32)[..., None] / 255
    return Image.fromarray((np.array(ink) + share * (np.array(paper) - np.array(ink))).astype(np.uint8))


def shade(image: Image.Image, sheet: Sheet, corner: float, fold: float) -> Image.Image:
    """Light that falls off to the lower right corner, and a shadow along the fold across the middle; both as a share of light lost."""
    width, height = image.size
    x, y = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]
    light = (1 - corner * ((x + y) / 2) ** 2) * (1 - fold * np.exp(-(((y - 0.5) / 0.012) ** 2)))
    return Image.fromarray((np.asarray(image) * (light if image.mode == "L" else light[..., None])).astype(np.uint8))


def border(image: Image.Image, sheet: Sheet, edges: list[float], wedge: float, hole: float) -> Image.Image:
    """The black lid around the page (left, top, right, bottom), a black wedge where it lay askew, two punch holes; in millimetres."""
    image = image.copy()
    width, height = image.size
    left, top, right, bottom = (sheet.dots(edge) for edge in edges)
    draw = ImageDraw.Draw(image)
    for box in ((0, 0, left, height), (0, 0, width, top), (width - right, 0, width, height), (0, height - bottom, width, height)):
        draw.rectangle(box, fill=0)
    draw.polygon([(width - right, height * 0.45), (width - right, height), (width - right - sheet.dots(wedge), height)], fill=0)
    for y in (height / 2 - sheet.dots(40), height / 2 + sheet.dots(40)):
        x, radius = left + sheet.dots(9), sheet.dots(hole) / 2
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return image


def ink(image: Image.Image, sheet: Sheet, kind: str) -> Image.Image:
    """What is written and stamped on the printed page; ink darkens what is below."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    INKS[kind](canvas, sheet.index, sheet.places, sheet.office)
    canvas.save()
    return ImageChops.multiply(image, render_page(buffer.getvalue(), 0, sheet.resolution, image.mode))


EFFECTS: dict[str, Callable[..., Image.Image]] = {
    "blur": blur,
    "border": border,
    "fade": fade,
    "grain": grain,
    "ink": ink,
    "shade": shade,
    "skew": skew,
    "specks": specks,
    "turn": turn,
}
