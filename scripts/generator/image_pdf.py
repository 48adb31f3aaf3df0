"""Write images of pages as a PDF in the way of office scanners: one image a page, at will with an invisible text under it."""

from __future__ import annotations

import datetime as dt
import io
import math
import random
from dataclasses import dataclass

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject, PdfFileWriter, copy_into_new_writer

from generator.fixed import fixed

TIFF_OFFSET, TIFF_LENGTH = 273, 279
BLACK_BELOW = 150
SCANNED = dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Word:
    """A line of the invisible text: its place in points from the bottom left, its size, its letters (Latin-1)."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True)
class ImagePage:
    """A page: the image, how it is stored (JPEG quality; None: 1 bit), its resolution, the /Rotate of the page, the text under it."""

    image: Image.Image
    quality: int | None
    resolution: int
    rotate: int = 0
    layer: tuple[Word, ...] = ()


def names(**entries: object) -> generic.DictionaryObject:
    """A PDF dictionary; strings become names."""
    return generic.DictionaryObject(
        {pdf_name(f"/{key}"): pdf_name(f"/{value}") if isinstance(value, str) else value for key, value in entries.items()}
    )


def image_object(page: ImagePage) -> generic.StreamObject:
    """The image as an XObject: JPEG, or CCITT group 4 for one bit."""
    width, height = (generic.NumberObject(length) for length in page.image.size)
    buffer = io.BytesIO()
    if page.quality is not None:
        page.image.save(buffer, "JPEG", quality=page.quality, optimize=True, dpi=(page.resolution,) * 2)
        data, space, bits, coding = buffer.getvalue(), {"L": "DeviceGray", "RGB": "DeviceRGB"}[page.image.mode], 8, names(Filter="DCTDecode")
    else:
        black = page.image.convert("L").point(lambda level: 255 * (level >= BLACK_BELOW)).convert("1", dither=Image.Dither.NONE)
        black.save(buffer, "TIFF", compression="group4", strip_size=math.ceil(width / 8) * height)
        with Image.open(buffer) as tiff:
            (start,), (length,) = (tiff.tag_v2[tag] for tag in (TIFF_OFFSET, TIFF_LENGTH))  # type: ignore[attr-defined]
        parameters = names(K=generic.NumberObject(-1), Columns=width, Rows=height, BlackIs1=generic.BooleanObject(True))
        data, space, bits = buffer.getvalue()[start : start + length], "DeviceGray", 1
        coding = names(Filter="CCITTFaxDecode", DecodeParms=parameters)
    entries = names(Type="XObject", Subtype="Image", Width=width, Height=height, ColorSpace=space, BitsPerComponent=generic.NumberObject(bits))
    return generic.StreamObject({**entries, **coding}, encoded_data=data)


def page_object(writer: BasePdfFileWriter, page: ImagePage) -> PageObject:
    """The page with its image and, below, its invisible text."""
    width, height = (length * 72 / page.resolution for length in page.image.size)
    words = "".join(
        f"BT 3 Tr /F1 {word.size:.1f} Tf {word.x:.1f} {word.y:.1f} Td <{word.text.encode('latin-1').hex()}> Tj ET\n" for word in page.layer
    )
    content = f"{words}q {width:.2f} 0 0 {height:.2f} 0 0 cm /Scan Do Q\n"
    resources = names(XObject=names(Scan=writer.add_object(image_object(page))))
    if page.layer:
        resources[pdf_name("/Font")] = names(F1=names(Type="Font", Subtype="Type1", BaseFont="Helvetica", Encoding="WinAnsiEncoding"))
    made = PageObject(writer.add_object(generic.StreamObject(stream_data=content.encode())), (0, 0, round(width, 2), round(height, 2)), resources)
    if page.rotate:
        made[pdf_name("/Rotate")] = generic.NumberObject(page.rotate)
    return made


def write_images(pages: list[ImagePage]) -> bytes:
    """A PDF of images alone."""
    with fixed(random.Random(len(pages)), SCANNED):
        writer = PdfFileWriter(stream_xrefs=False)
        for page in pages:
            writer.insert_page(page_object(writer, page))
        return written(writer)


def replace_pages(pdf: bytes, pages: dict[int, ImagePage]) -> bytes:
    """The PDF with images in place of some pages (index from 0)."""
    with fixed(random.Random(len(pdf)), SCANNED):
        writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
        for index, page in pages.items():
            target = writer.root["/Pages"]["/Kids"][index]
            for key, value in page_object(writer, page).items():
                target[key] = value
        return written(writer)


def written(writer: PdfFileWriter) -> bytes:
    """The finished file."""
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
