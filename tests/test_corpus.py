"""The project's own documents: made from their sources, gold true to the text, and the parser no worse on them than the committed figures."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT

from docparse.evaluate import change_lines, compare, evaluate, load_baseline
from docparse.gold import load_gold

sys.path.insert(0, str(ROOT / "scripts"))
import generator
from generator import source

SOURCES = sorted((CORPUS / "sources").glob("*.toml"))
DOCUMENTS = {path.stem: source.load(path) for path in SOURCES}
FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
BASELINE = CORPUS / "reports" / "baseline.json"

each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
needs_font = pytest.mark.skipif(not FONT.exists(), reason="the font is missing: apt-get install fonts-liberation2")


def squeezed(text: str) -> str:
    """Comparable text: NFC, Đ for its look-alike, plain quotes and dashes, lower case, no white space."""
    text = unicodedata.normalize("NFC", text).replace("Ð", "Đ").translate(str.maketrans("“”–", '""-')).casefold()
    return re.sub(r"\s+", "", text)


def stands_in(words: str, text: str) -> bool:
    """Whether the words stand in the text, whole or in two parts (a footnote at the end of a page comes between)."""
    if words in text:
        return True
    cut = max(length for length in range(len(words)) if words[:length] in text)
    return cut > 10 and words[cut:] in text[text.index(words[:cut]) + cut :]


def texts_of(name: str) -> str:
    """What docparse reads in a document of the corpus."""
    from docparse.read import read_bytes
    from docparse.settings import Settings

    return read_bytes((CORPUS / "documents" / name).read_bytes(), filename=name, settings=Settings()).content


def test_the_folders_hold_what_the_sources_make_and_nothing_else() -> None:
    made = {name for document in DOCUMENTS.values() for name in document.files()}
    assert {path.name for path in (CORPUS / "documents").iterdir()} == made
    assert {path.stem for path in (CORPUS / "gold").iterdir()} == set(DOCUMENTS)


def test_the_documents_stay_small() -> None:
    assert sum(path.stat().st_size for path in (CORPUS / "documents").iterdir()) < 6_000_000


@each_document
def test_gold_is_made_from_the_source(document: source.Document) -> None:
    path = CORPUS / "gold" / f"{document.id}.json"
    assert path.read_text(encoding="utf-8") == generator.gold_text(document)
    assert load_gold(path).input == next(iter(document.files()))


@each_document
def test_texts_and_word_files_are_made_from_the_source(document: source.Document) -> None:
    for name, output in document.files().items():
        if output.endswith("pdf") or output == "dump.txt":
            continue  # set with a font: the tests below
        assert generator.render(document, output) == (CORPUS / "documents" / name).read_bytes(), name


@needs_font
@pytest.mark.parametrize("name", ["nq-hdnd-dong-thap.pdf", "cv-snnmt-gia-lai.pdf", "bc-ubnd-huyen-2024.txt", "qd-bxd-ke-hoach.dump.txt"])
def test_set_files_are_made_from_the_source(name: str) -> None:
    document = DOCUMENTS[name.split(".", maxsplit=1)[0]]
    assert generator.render(document, document.files()[name]) == (CORPUS / "documents" / name).read_bytes()


@needs_font
def test_a_signed_file_is_made_from_the_source() -> None:
    assert generator.render(DOCUMENTS["gm-ubnd-phuong"], "signed.pdf") == (CORPUS / "documents" / "gm-ubnd-phuong.pdf").read_bytes()


@each_document
def test_gold_stands_in_the_document(document: source.Document) -> None:
    gold = load_gold(CORPUS / "gold" / f"{document.id}.json")
    text = squeezed(texts_of(gold.input))
    stated = [row.text for row in (*gold.citations, *gold.dates)] + [row.action for row in gold.tasks] + [row.head for row in gold.sections]
    assert [words for words in stated if not stands_in(squeezed(words), text)] == []


@pytest.mark.parametrize("document", [item for item in DOCUMENTS.values() if "signed.pdf" in item.data["outputs"]], ids=lambda item: item.id)
def test_number_and_day_are_stamped_and_missing_from_the_page(document: source.Document) -> None:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(CORPUS / "documents" / f"{document.id}.pdf")
    page = unicodedata.normalize("NFC", pdf[0].get_textpage().get_text_range())
    number = load_gold(CORPUS / "gold" / f"{document.id}.json").header.number or ""
    assert number.split("/", 1)[0] not in page[:400]
    assert re.search(r"Số:\s+/" + re.escape(number.split("/", 1)[1]), page)


@pytest.mark.parametrize(
    ("name", "fields", "digest"),
    [
        ("gm-ubnd-phuong", 4, "sha256"),  # leader, number, day, seal
        ("kh-syt-phu-tho", 6, "sha256"),  # number and day once more on the annex
        ("tb-ubnd-vinh-long", 5, "sha1"),  # and the publishing office; SHA-1 is still met
        ("qd-bxd-ke-hoach", 8, "sha256"),  # number, day and month twice
    ],
)
def test_signatures_are_intact_and_the_last_covers_the_file(name: str, fields: int, digest: str) -> None:
    reader = pytest.importorskip("pyhanko.pdf_utils.reader", reason="needs the extra [generate]")
    from generator.sign import ISSUER, certificate
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signatures = reader.PdfFileReader(io.BytesIO((CORPUS / "documents" / f"{name}.pdf").read_bytes())).embedded_signatures
    trust = ValidationContext(trust_roots=[certificate(ISSUER)], allow_fetching=False)
    found = [validate_pdf_signature(signature, trust, skip_diff=True) for signature in signatures]
    assert [(status.intact, status.md_algorithm) for status in found] == [(True, digest)] * fields
    assert all(status.trusted for status in found) == (digest == "sha256")  # a weak digest is never trusted
    assert [status.coverage.name for status in found] == ["ENTIRE_REVISION"] * (fields - 1) + ["ENTIRE_FILE"]


def test_old_encodings_are_the_published_ones() -> None:
    from generator.plain import tcvn3, vni

    assert tcvn3("Độc lập - Tự do") == b"\xa7\xe9c l\xcbp - T\xf9 do"
    assert vni("Độc lập - Tự do") == "Ñoäc laäp - Töï do".encode("latin-1")


def test_the_parser_is_no_worse_than_the_committed_figures() -> None:
    evaluation = evaluate(CORPUS / "gold")
    losses = [change for change in compare(evaluation, load_baseline(BASELINE)) if change.is_loss and not change.document]
    assert not losses, "\n".join(["If this is meant, run scripts/evaluate --save-baseline", *change_lines(losses)])
