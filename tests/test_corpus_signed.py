"""The signed files of the corpus: what is right and what is wrong with each signature."""

from __future__ import annotations

import io
import logging
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import CORPUS, ROOT

pytest.importorskip("pyhanko", reason="needs the extra [generate]")
from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

sys.path.insert(0, str(ROOT / "scripts"))
from generator.sign import ISSUER, certificate
from generator.signed import MAKERS

SIGNED = CORPUS / "signed"
FONT = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
LEADER, CLERK = "Hồ Đắc Nguyên", "UBND PHƯỜNG AN KHÊ"
THREE = ["ENTIRE_REVISION", "ENTIRE_REVISION", "ENTIRE_FILE"]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """PyHanko logs a traceback for a chain that it cannot build; here that is what is wanted."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def content(name: str) -> bytes:
    return (SIGNED / f"{name}.pdf").read_bytes()


def root() -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor((SIGNED / "test-root.pem").read_bytes())[2])


def statuses(data: bytes) -> list[PdfSignatureStatus]:
    """What pyHanko finds in each signature, with the test authority trusted."""
    contexts = [ValidationContext(trust_roots=[root()], allow_fetching=False) for _ in range(2)]
    return [validate_pdf_signature(item, *contexts) for item in PdfFileReader(io.BytesIO(data)).embedded_signatures]


def readable() -> list[Path]:
    """The files that pyHanko can read."""
    return [path for path in sorted(SIGNED.glob("*.pdf")) if path.stem != "gm-ubnd-phuong.truncated"]


def stamped_text(name: str) -> str:
    """The text of the first page with the appearances of its signatures."""
    document = pypdfium2.PdfDocument(SIGNED / f"{name}.pdf")
    document.init_forms()
    document[0].flatten()
    return unicodedata.normalize("NFC", document[0].get_textpage().get_text_range())


def test_the_folder_holds_what_the_generator_makes_and_nothing_else() -> None:
    assert {path.name for path in SIGNED.iterdir()} == set(MAKERS)
    assert sum(path.stat().st_size for path in SIGNED.iterdir()) < 2_000_000


def test_the_root_is_the_certificate_of_the_test_authority() -> None:
    assert root().dump() == certificate(ISSUER).dump()
    assert root().self_signed == "maybe"  # the issuer's name is its own


@pytest.mark.skipif(not FONT.exists(), reason="the font is missing: apt-get install fonts-liberation2")
@pytest.mark.parametrize("name", ["gm-ubnd-phuong.altered.pdf", "gm-ubnd-phuong.empty-field.pdf", "gm-ubnd-phuong.timestamped.pdf"])
def test_a_signed_file_has_the_same_bytes_on_every_run(name: str) -> None:
    assert MAKERS[name]() == (SIGNED / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "intact", "trusted", "digest", "coverage"),
    [
        ("bc-stp-dak-lak.signed-scan", True, True, "sha256", ["ENTIRE_FILE"]),
        ("gm-ubnd-phuong.altered", True, True, "sha256", ["ENTIRE_REVISION"] * 3),  # the update at the end is not signed
        ("gm-ubnd-phuong.broken-chain", True, False, "sha256", THREE),
        ("gm-ubnd-phuong.empty-field", True, True, "sha256", ["ENTIRE_FILE"]),
        ("gm-ubnd-phuong.forged-issuer", True, False, "sha256", THREE),
        ("gm-ubnd-phuong.mismatch-name", True, True, "sha256", THREE),
        ("gm-ubnd-phuong.mismatch-number", True, True, "sha256", THREE),
        ("gm-ubnd-phuong.sha1", True, False, "sha1", THREE),
        ("gm-ubnd-phuong.tampered", False, False, "sha256", THREE),
        ("gm-ubnd-phuong.timestamped", True, True, "sha256", THREE),
    ],
)
def test_signatures(name: str, intact: bool, trusted: bool, digest: str, coverage: list[str]) -> None:
    found = statuses(content(name))
    assert [status.coverage.name for status in found] == coverage
    assert {(status.intact, status.trusted, status.md_algorithm) for status in found} == {(intact, trusted, digest)}
    assert all(status.valid for status in found)


def test_signers() -> None:
    names = {path.stem: [status.signing_cert.subject.native["common_name"] for status in statuses(path.read_bytes())] for path in readable()}
    assert names.pop("bc-stp-dak-lak.signed-scan") == ["CỔNG THÔNG TIN ĐIỆN TỬ TỈNH ĐẮK LẮK"]
    assert names.pop("gm-ubnd-phuong.empty-field") == [LEADER]
    assert names.pop("gm-ubnd-phuong.mismatch-name") == ["Nguyễn Hữu Phước", CLERK, CLERK]
    assert {tuple(found) for found in names.values()} == {(LEADER, CLERK, CLERK)}


def test_the_altered_page_shows_another_number() -> None:
    assert [status.modification_level.name for status in statuses(content("gm-ubnd-phuong.altered"))] == ["OTHER"] * 3
    text = stamped_text("gm-ubnd-phuong.altered")
    assert "đại diện 40 hộ" in text  # below the patch
    assert "90" in text


def test_broken_and_forged_chains_differ_in_the_issuer() -> None:
    issuers = {
        name: statuses(content(f"gm-ubnd-phuong.{name}"))[0].signing_cert.issuer.native["common_name"] for name in ("broken-chain", "forged-issuer")
    }
    assert issuers == {"broken-chain": "CA trung gian thử nghiệm docparse", "forged-issuer": "CA thử nghiệm docparse"}


def test_an_empty_field_stays_beside_the_signature() -> None:
    fields = enumerate_sig_fields(PdfFileReader(io.BytesIO(content("gm-ubnd-phuong.empty-field"))))
    assert [(name, value is not None) for name, value, _ in fields] == [("VanThu", False), ("Signature1", True)]
    assert "7 3" not in stamped_text("gm-ubnd-phuong.empty-field")


def test_the_number_of_the_stamp_is_not_that_of_the_page() -> None:
    text = stamped_text("gm-ubnd-phuong.mismatch-number")
    assert "7 3" in text
    assert "Giấy mời số 78/GM-UBND" in text


def test_the_page_of_a_mismatched_name_shows_the_leader() -> None:
    text = stamped_text("gm-ubnd-phuong.mismatch-name")
    assert LEADER in text
    assert "Nguyễn Hữu Phước" not in text


def test_time_stamps_are_those_of_the_signing_time() -> None:
    found = statuses(content("gm-ubnd-phuong.timestamped"))
    assert [status.timestamp_validity.trusted for status in found] == [True] * 3
    assert [status.timestamp_validity.timestamp.isoformat() for status in found] == [
        "2026-05-08T08:30:00+00:00",
        "2026-05-08T08:58:17+00:00",
        "2026-05-08T09:00:34+00:00",
    ]


def test_a_truncated_file_has_two_whole_signatures_before_the_cut() -> None:
    data = content("gm-ubnd-phuong.truncated")
    with pytest.raises(PdfReadError):
        PdfFileReader(io.BytesIO(data))
    whole = data[: data.rindex(b"%%EOF") + len(b"%%EOF\n")]
    assert [(status.intact, status.coverage.name) for status in statuses(whole)] == [(True, "ENTIRE_REVISION"), (True, "ENTIRE_FILE")]
    assert re.search(rb"/Contents <[0-9a-fA-F]+$", data)


def test_a_signed_scan_has_its_only_text_in_the_appearance() -> None:
    name = "bc-stp-dak-lak.signed-scan"
    bare = pypdfium2.PdfDocument(SIGNED / f"{name}.pdf")
    assert [page.get_textpage().count_chars() for page in bare] == [0, 0]
    assert stamped_text(name).split("\r\n") == ["CỔNG THÔNG TIN ĐIỆN TỬ", "TỈNH ĐẮK LẮK", "cttdt@daklak.example.vn", "31.03.2026 13:09:43", "+07:00"]
    ((_, _, field),) = enumerate_sig_fields(PdfFileReader(io.BytesIO(content(name))))
    left, bottom, _, _ = (int(value) for value in field.get_object()["/Rect"])
    assert left > 595 / 2
    assert bottom > 842 - 60
