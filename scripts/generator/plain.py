"""Write a document as plain text in the forms that circulate: one paragraph a line, a converter's dump, a web page's text; old encodings."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from generator.source import Document, Mark, Paragraph, Table, parse_paragraph

TCVN3 = dict(
    zip(
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        bytes.fromhex(
            "B5B8B6B7B9A8BBBEBCBDC6A9C7CAC8C9CBAECCD0CECFD1AAD2D5D3D4D6D7DDD8DCDEDFE3E1E2E4ABE5E8E6E7E9ACEAEDEBECEE"
            "EFF3F1F2F4ADF5F8F6F7F9FAFDFBFCFEA1A2A7A3A4A5A6"
        ),
        strict=True,
    )
)  # Source: TCVN 5712:1993
VNI_MARKS = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
VNI_HAT = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
VNI_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
VNI_SINGLE = {"đ": "ñ", "ỵ": "î", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò"}


def tcvn3(text: str) -> bytes:
    """TCVN3 bytes; capitals with a tone mark have no code there and become small letters, as conversion tools do."""
    out = bytearray()
    for letter in text:
        for form in (letter, letter.lower()):
            if form in TCVN3 or ord(form) < 128:
                out.append(TCVN3.get(form, ord(form) & 0xFF))
                break
        else:
            out += {"–": b"-", "“": b'"', "”": b'"', "…": b"..."}[letter]
    return bytes(out)


def vni(text: str) -> bytes:
    """VNI-Windows bytes: the base letter, then one byte for hat or breve with tone; `ơ`, `ư`, `đ` and i with tone are one byte."""
    out = []
    for letter in text.replace("–", "-").replace("“", '"').replace("”", '"').replace("…", "..."):
        small = letter.lower()
        if small in VNI_SINGLE:
            made = VNI_SINGLE[small]
        else:
            base, *marks = unicodedata.normalize("NFD", small)
            tone = next((mark for mark in marks if mark in VNI_MARKS), "")
            if "\u031b" in marks:
                made = {"o": "ô", "u": "ö"}[base] + VNI_MARKS.get(tone, "")
            elif "\u0302" in marks:
                made = base + VNI_HAT[tone]
            elif "\u0306" in marks:
                made = base + VNI_BREVE[tone]
            else:
                made = base + VNI_MARKS.get(tone, "")
        out.append(made.upper() if letter != small else made)
    return "".join(out).encode("latin-1")


def head_paragraphs(document: Document) -> list[Paragraph]:
    """The letterhead and title, the left column first."""
    lines = [*document.left]
    lines += [line for key in ("number", "subject") if (line := document.head(key))]
    lines += [parse_paragraph(line) for line in document.right]
    lines += [line for line in [document.head("place_date")] if line]
    lines += [parse_paragraph(document.data["letterhead"]["urgency"])] if "urgency" in document.data["letterhead"] else []
    return lines + ([parse_paragraph(document.type)] if document.type else []) + document.title


def closing_paragraphs(document: Document) -> list[Paragraph]:
    """Recipients, then the signature."""
    closing = document.data["closing"]
    recipients = ["Nơi nhận:", *closing["recipients"]] if closing["recipients"] else []
    return [parse_paragraph(line) for line in [*recipients, *closing["authority"], f"<n>{closing['name']}</n>"]]


def paragraph_lines(document: Document) -> list[Paragraph]:
    """The whole document without footnotes, one paragraph or table cell a line."""
    lines = head_paragraphs(document)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(block)
        elif isinstance(block, Table):
            lines += [cell for row in block.rows for cell in row]
        elif block.kind == "sign":
            lines += [parse_paragraph(""), *closing_paragraphs(document), parse_paragraph("")]
    return lines


def head_lines(document: Document) -> list[str]:
    """The letterhead and title as text."""
    return [paragraph.text for paragraph in head_paragraphs(document)]


def closing_lines(document: Document) -> list[str]:
    """Recipients and signature as text."""
    return [paragraph.text for paragraph in closing_paragraphs(document)]


def body_lines(document: Document) -> list[str]:
    """The body, one paragraph or table cell a line; footnotes at the end as [n]."""
    lines: list[str] = []
    notes: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph | Table):
            for paragraph in [block] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]:
                notes += paragraph.notes
                text = "".join(f"[{run.text}]" if "n" in run.style else run.text for run in paragraph.runs)
                lines += [part.strip() for part in text.split("¶") if part.strip()]
        elif isinstance(block, Mark) and block.kind == "sign":
            lines += ["", *closing_lines(document), ""]
    return lines + [f"[{note}] {document.notes[note].text}" for note in notes]


def wrap(text: str, width: int) -> list[str]:
    """Cut a line at spaces."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def web_text(document: Document) -> str:
    """The text of a page of a legal web site: dashes under the letterhead, title in capitals, hard line breaks."""
    head = document.data["letterhead"]
    lines = [part for paragraph in document.left for part in wrap(paragraph.text, 18)] + ["-------", ""]
    lines += [*wrap(document.right[0], 16), *document.right[1:], "---------------", "", ""]
    for key in ("number", "place_date"):
        if line := document.head(key):
            lines += [*wrap(line.text, 24), ""]
    if subject := document.head("subject"):
        lines += [*wrap(subject.text, 24), ""]
    lines += [head["urgency"], ""] if "urgency" in head else []
    if document.type:
        lines += [document.type, *wrap(" ".join(line.text for line in document.title).upper(), 78), ""]
    for text in body_lines(document):
        lines += wrap(text, 78)
    return "\n".join(lines) + "\n"


def dump_text(document: Document) -> str:
    """What a converter makes of the PDF: each set line, an empty line after it, a page break before each page but the first."""
    from generator.layout import number_line
    from generator.pdf import set_document

    setter = set_document(document)
    pages = []
    for page in setter.pages:
        number = number_line(page, setter.layout)
        top = [number[0]] if number and number[1] < 100 else []
        bottom = [number[0]] if number and number[1] >= 100 else []
        lines = [line.text for line in page.lines]
        pages.append("".join(f"{line} \n\n" for line in [*top, *lines, *bottom]))
    stamps = document.data.get("stamps", {})
    tail = "".join(f"\t\t{mail}\n\n\t{when}\n\n" for mail, when in pairwise(stamps.get("trace", [])) if "@" in mail)
    return "\f".join(pages) + tail


def write_text(document: Document, output: str) -> bytes:
    """One text form: txt, web.txt, dump.txt, bom.txt, utf16.txt, tcvn3.txt, vni.txt."""
    if output == "web.txt":
        return web_text(document).encode()
    if output == "dump.txt":
        return dump_text(document).encode()
    lines = [*head_lines(document), *body_lines(document)]
    text = "\n".join(lines) + "\n"
    windows = text.replace("\n", "\r\n")
    encode: dict[str, Callable[[], bytes]] = {
        "txt": text.encode,
        "nfd.txt": unicodedata.normalize("NFD", text).encode,
        "bom.txt": partial(windows.encode, "utf-8-sig"),
        "utf16.txt": partial(windows.encode, "utf-16"),
        "tcvn3.txt": partial(tcvn3, windows),
        "vni.txt": partial(vni, windows),
    }
    return encode[output]()
