"""Signed files with something wrong or unusual about the signatures, from the documents of the corpus, for corpus/signed."""

from __future__ import annotations

import datetime as dt
import functools
import io
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdfium2
from asn1crypto import pem
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.stamp import StaticStampStyle
from reportlab.pdfgen.canvas import Canvas

from generator import CORPUS
from generator.fixed import fixed
from generator.layout import Place
from generator.pdf import draw, face
from generator.sign import FLUSH, ISSUER, SEED, ZONE, certificate, sign, subject
from generator.source import Document, load, parse_paragraph

INTERMEDIATE = subject(C="VN", O="Docparse thử nghiệm", CN="CA trung gian thử nghiệm docparse")
FORGER = subject(C="VN", O="Docparse thử nghiệm", CN="Kẻ giả mạo thử nghiệm docparse")
UPDATED = dt.datetime(2026, 5, 20, 8, 0, tzinfo=ZONE)
Drawn = tuple[Document, bytes, list[Place]]


def source(name: str, **stamps: Any) -> Document:
    """A document of the corpus, with other settings for its stamps."""
    document = load(CORPUS / "sources" / f"{name}.toml")
    return replace(document, data=document.data | {"stamps": document.data["stamps"] | stamps})


def drawn(document: Document, *roles: str) -> Drawn:
    """The document with the places of some roles."""
    pdf, places = draw(document, signed=True)
    return document, pdf, [place for place in places if place.role in roles]


def invitation(**stamps: Any) -> Drawn:
    """The one-page invitation with places for leader, number and day."""
    return drawn(source("gm-ubnd-phuong", **stamps), "leader", "number", "day")


def signed(parts: Drawn, **options: Any) -> bytes:
    """Drawn parts, signed."""
    document, pdf, places = parts
    return sign(pdf, document, places, **options)


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an incremental update."""
    buffer = io.BytesIO()
    with fixed(random.Random(f"{SEED}: {len(pdf)}"), UPDATED):
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        change(writer)
        writer.write(buffer)
    return buffer.getvalue()


def altered() -> bytes:
    """After the last signature an update pastes another number of households over the printed one."""
    pdf = signed(invitation())
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        start, count = page.search("40 hộ").get_next()
        boxes = [page.get_charbox(index) for index in range(start, start + count - len(" hộ"))]
    left, bottom, right, top = boxes[0][0] - 0.5, boxes[0][1] - 1.5, boxes[-1][2] + 0.5, boxes[0][3] + 1.5
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(right - left, top - bottom), invariant=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, right - left, top - bottom, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setFont(face(""), 14)
    canvas.drawString(0.5, 1.5, "90")
    canvas.save()

    def paste(writer: IncrementalPdfFileWriter) -> None:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as patch:
            patch.write(buffer.getvalue())
            patch.flush()
            style = StaticStampStyle.from_pdf_file(patch.name, border_width=0, background_layout=FLUSH, background_opacity=1)
            style.create_stamp(writer, BoxConstraints(right - left, top - bottom), {}).apply(0, left, bottom)

    return updated(pdf, paste)


def tampered() -> bytes:
    """One digit of the first signature's declared time is another: 9 May for 8 May."""
    pdf = signed(invitation())
    first = pdf.index(b"20260508", pdf.index(b"/M (D"))
    return pdf[:first] + b"20260509" + pdf[first + 8 :]


def truncated() -> bytes:
    """The file ends in the middle of the last signature."""
    pdf = signed(invitation())
    return pdf[: pdf.rindex(b"/Contents <") + 2000]


def empty_field() -> bytes:
    """The leader has signed; the field for the clerk's number is still empty, number and day are blank."""
    document, pdf, places = drawn(source("gm-ubnd-phuong"), "leader", "number")
    leader, number = sorted(places, key=lambda place: place.role)
    spec = SigFieldSpec("VanThu", on_page=number.page, box=tuple(round(value) for value in number.box))
    return sign(updated(pdf, lambda writer: append_signature_field(writer, spec)), document, [leader])


def mismatch_number() -> bytes:
    """The stamped number is 73, the page's last sentence says 78."""
    document = source("gm-ubnd-phuong")
    sentence = parse_paragraph("Khi đến dự, đề nghị mang theo Giấy mời số 78/GM-UBND ngày 08/5/2026.")
    document.blocks.insert(len(document.blocks) - 1, sentence)
    return signed(drawn(document, "leader", "number", "day"))


def mismatch_name() -> bytes:
    """The page names one leader, the certificate of the signature above the name another."""
    document, pdf, places = invitation()
    others = [replace(place, text="Nguyễn Hữu Phước") if place.role == "leader" else place for place in places]
    return sign(pdf, document, others)


def signed_scan() -> bytes:
    """A scan with number and day in the image, signed at the top right by the office that publishes it."""
    lines = ["CỔNG THÔNG TIN ĐIỆN TỬ", "TỈNH ĐẮK LẮK"]
    document = source("bc-stp-dak-lak", office_lines=lines, office_email="cttdt@daklak.example.vn")
    _, places = draw(replace(document, data=document.data | {"layout": {"office_stamp": True}}), signed=True)
    scan = (CORPUS / "scans" / "bc-stp-dak-lak.bitonal.pdf").read_bytes()
    return sign(scan, document, [place for place in places if place.role == "office"])


def root() -> bytes:
    """The certificate of the test authority as PEM."""
    return pem.armor("CERTIFICATE", certificate(ISSUER).dump())


MAKERS: dict[str, Callable[[], bytes]] = {
    "test-root.pem": root,
    "bc-stp-dak-lak.signed-scan.pdf": signed_scan,
    "gm-ubnd-phuong.altered.pdf": altered,
    "gm-ubnd-phuong.broken-chain.pdf": lambda: signed(invitation(), issue=functools.partial(certificate, issuer=INTERMEDIATE)),
    "gm-ubnd-phuong.empty-field.pdf": empty_field,
    "gm-ubnd-phuong.forged-issuer.pdf": lambda: signed(invitation(), issue=functools.partial(certificate, forger=FORGER)),
    "gm-ubnd-phuong.mismatch-name.pdf": mismatch_name,
    "gm-ubnd-phuong.mismatch-number.pdf": mismatch_number,
    "gm-ubnd-phuong.sha1.pdf": lambda: signed(invitation(digest="sha1")),
    "gm-ubnd-phuong.tampered.pdf": tampered,
    "gm-ubnd-phuong.timestamped.pdf": lambda: signed(invitation(), timestamped=True),
    "gm-ubnd-phuong.truncated.pdf": truncated,
}
