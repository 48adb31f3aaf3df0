import io
import shutil

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from docparse.errors import DamagedFile, MissingTool, UnsupportedFile
from docparse.read.word import read_docx, to_docx
from docparse.settings import Settings
from docparse.text import Text

NUMBERED = f"""<w:numbering {nsdecls("w")}>
  <w:abstractNum w:abstractNumId="7">
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
    <w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>
  </w:abstractNum>
  <w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
</w:numbering>"""


def read(document: "docx.document.Document") -> Text:
    data = io.BytesIO()
    document.save(data)
    return read_docx(data.getvalue(), filename="a.docx")


def test_borderless_tables_are_read_column_by_column() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("UBND TỈNH K", "CỘNG HÒA"), ("Số: 5/BC", "K, ngày 2"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    text = read(document)
    assert text.content == "UBND TỈNH K\nSố: 5/BC\nCỘNG HÒA\nK, ngày 2"
    assert text.tables == ()


def test_ruled_tables_are_tables() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2, style="Table Grid")
    for row, cells in enumerate((("TT", "Nhiệm vụ"), ("1", "Rà soát"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    text = read(document)
    assert [[text.content[cell.start : cell.end] for cell in row] for row in text.tables[0].rows] == [["TT", "Nhiệm vụ"], ["1", "Rà soát"]]


def test_automatic_numbers_are_part_of_the_text() -> None:
    document = docx.Document()
    document.part.numbering_part._element = parse_xml(NUMBERED)
    for level, words in ((0, "Đánh giá"), (1, "Kết quả"), (1, "Hạn chế"), (2, "Tiến độ"), (0, "Nhiệm vụ"), (1, "Rà soát")):
        paragraph = document.add_paragraph(words)
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'))
    assert read(document).content.split("\n") == ["I. Đánh giá", "I.1 Kết quả", "I.2 Hạn chế", "- Tiến độ", "II. Nhiệm vụ", "II.1 Rà soát"]


def test_deleted_text_is_left_out_and_text_boxes_are_read_once() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("còn lại")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>bỏ</w:delText><w:t>bỏ</w:t></w:r></w:del>"))
    box = "<w:txbxContent><w:p><w:r><w:t>HỎA TỐC</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        f'<w:r {nsdecls("w")}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    paragraph._p.append(parse_xml(alternate))
    assert read(document).content == "HỎA TỐC\ncòn lại"


def test_legacy_fonts_become_unicode() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("ViÖt Nam")
    run.font.name = ".VnTime"
    assert read(document).content == "Việt Nam"


@pytest.mark.parametrize(("data", "error"), [(b"PK\x03\x04 cut off", DamagedFile)])
def test_damaged_files_are_named(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^a\.docx: is damaged"):
        read_docx(data, filename="a.docx")


def test_another_zip_file_is_no_document() -> None:
    import zipfile

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("hello.txt", "x")
    with pytest.raises(UnsupportedFile):
        read_docx(data.getvalue(), filename="a.zip")


def test_doc_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingTool, match=r"a\.doc: needs LibreOffice, which is not installed. Install LibreOffice"):
        to_docx(b"", filename="a.doc", suffix=".doc", settings=Settings())
