"""Signatures of the project's own signed files, whole, damaged and changed; nothing asks the network."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from signed import contents, flipped, signed, updated, write_root

from docparse.errors import DocparseError, SettingsError
from docparse.pipeline import parse_file
from docparse.read.signatures import Signatures, read_signatures
from docparse.record import Signature
from docparse.settings import Settings
from docparse.verify import is_whole

ZONE = dt.timezone(dt.timedelta(hours=7))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a test must not use the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def trusting(tmp_path: Path) -> Settings:
    return Settings(trust_roots=write_root(tmp_path / "root.pem"))


def read(data: bytes, settings: Settings | None = None) -> Signatures:
    return read_signatures(data, settings=settings or Settings())


def variant(name: str, settings: Settings) -> tuple[Signature, ...]:
    return read((CORPUS / "signed" / f"gm-ubnd-phuong.{name}.pdf").read_bytes(), settings).found


def test_who_signed_when_where_and_with_which_certificate() -> None:
    first, *_, seal = read(signed()).found
    assert first.model_dump(exclude={"box", "certificate"}) == {
        "signer": "Hồ Đắc Nguyên",
        "organization": "UBND PHƯỜNG AN KHÊ, ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG",
        "email": None,
        "signing_time": dt.datetime(2026, 5, 8, 15, 30, tzinfo=ZONE),
        "field": "Signature1",
        "page": 1,
        "covers_whole_file": False,
        "intact": True,
        "trusted": None,
        "role": None,
        "changed_after": "signatures",
        "timestamped": False,
        "digest": "sha256",
        "appearance": None,
        "problems": ("no_trust_roots",),
    }
    assert first.certificate
    assert (first.certificate.issuer, first.certificate.valid_from.year, first.certificate.valid_to.year) == ("CA thử nghiệm docparse", 2020, 2040)
    assert int(first.certificate.serial, 16) > 0
    assert (seal.signer, seal.covers_whole_file, seal.changed_after) == ("UBND PHƯỜNG AN KHÊ", True, "none")


def test_time_is_given_with_its_offset() -> None:
    assert [signature.model_dump(mode="json")["signing_time"] for signature in read(signed()).found[:2]] == [
        "2026-05-08T15:30:00+07:00",
        "2026-05-08T15:58:17+07:00",
    ]


def test_boxes_and_texts_of_the_stamps() -> None:
    """The number stands left, the day right, both near the top; what a stamp shows is its text."""
    _, number, day, seal = read(signed()).found
    assert (number.appearance, day.appearance, seal.appearance) == ("7 3", "0 8", None)
    assert number.box
    assert day.box
    assert number.box[2] < 595 / 2 < day.box[0]
    assert all(0 < box[1] < box[3] < 842 / 4 for box in (number.box, day.box))


def test_an_office_that_publishes_shows_who_it_is() -> None:
    last = read(signed("tb-ubnd-vinh-long")).found[-1]
    assert last.appearance == "TRUNG TÂM CÔNG BÁO\nVÀ TIN HỌC\ncongbao@vinhlong.example.vn\n21.11.2025 12:14:07\n+07:00"
    assert last.email == "congbao@vinhlong.example.vn"
    assert (last.digest, last.problems) == ("sha1", ("weak_digest", "no_trust_roots"))


def test_a_box_is_measured_on_the_page_as_it_is_shown() -> None:
    """Turned by 90° the page shows what was at the bottom left at the top left."""

    def turn(writer: object) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[attr-defined]
        page["/Rotate"] = generic.NumberObject(90)
        writer.update_container(page)  # type: ignore[attr-defined]

    upright, turned = (read(data).found[1].box for data in (signed(), updated(signed(), turn)))
    assert upright
    assert turned
    assert turned[2] - turned[0] == pytest.approx(upright[3] - upright[1], abs=0.1)
    assert turned[1] == pytest.approx(upright[0], abs=0.1)


def test_chain_to_a_root_of_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "readme.txt").write_text("no certificate", encoding="utf-8")
    write_root(folder / "root.cer", as_pem=False)
    for root in (folder, write_root(tmp_path / "root.pem")):
        found = read(signed(), Settings(trust_roots=root)).found
        assert [(signature.trusted, signature.problems) for signature in found] == [(True, ())] * 4


@pytest.mark.parametrize(("name", "problem"), [("broken-chain", "unknown_issuer"), ("forged-issuer", "invalid_chain")])
def test_a_chain_that_leads_to_no_root_is_not_trusted(name: str, problem: str, trusting: Settings) -> None:
    assert [(signature.intact, signature.trusted, signature.problems) for signature in variant(name, trusting)] == [(True, False, (problem,))] * 3


def test_chains_are_checked_inside_an_event_loop_too(trusting: Settings) -> None:
    async def notebook() -> Signatures:
        return read(signed(), trusting)

    assert [signature.trusted for signature in asyncio.run(notebook()).found] == [True] * 4


def test_roots_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"root\.pem: cannot be read as a certificate"):
        read(signed(), Settings(trust_roots=tmp_path / "root.pem"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=r"empty: holds no certificate"):
        read(signed(), Settings(trust_roots=tmp_path / "empty"))


def test_time_stamps_are_told(trusting: Settings) -> None:
    assert [signature.timestamped for signature in variant("timestamped", trusting)] == [True] * 3


def test_every_signature_of_the_real_documents_is_read(shared: Path) -> None:
    for path in sorted(shared.rglob("*.pdf")):
        data = path.read_bytes()
        expected = [signature.field_name for signature in PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures]
        found = read(data) if b"/ByteRange" in data else Signatures()
        assert ([signature.field for signature in found.found], found.problems) == (expected, ()), path.name


def test_a_byte_that_was_changed_breaks_every_signature_over_it() -> None:
    found = read(flipped(signed(), 3000))
    assert [signature.intact for signature in found.found] == [False] * 4
    assert [problem.code for problem in found.problems] == ["signature_broken"] * 4
    assert found.problems[0].message == "signature Signature1 of Hồ Đắc Nguyên does not fit the file: it was altered after signing"


def test_a_byte_in_a_later_update_breaks_only_the_signatures_over_it() -> None:
    data = signed()
    digit = data.rindex(b"20260508160251") + len("2026050816025")
    assert [signature.intact for signature in read(flipped(data, digit)).found] == [True, True, True, False]


def test_a_signature_of_other_bytes_does_not_fit() -> None:
    """The last signature in the place of the first: both are of the test authority, only the bytes differ."""
    data = signed()
    (start, end), (other_start, other_end) = contents(data, 0), contents(data, 3)
    first = read(data[:start] + data[other_start:other_end].ljust(end - start, b"0")[: end - start] + data[end:]).found[0]
    assert (first.signer, first.intact) == ("UBND PHƯỜNG AN KHÊ", False)


def test_content_changed_by_an_update_is_told() -> None:
    def blank(writer: object) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[attr-defined]
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))  # type: ignore[attr-defined]
        writer.update_container(page)  # type: ignore[attr-defined]

    found = read(updated(signed(), blank))
    assert [(signature.intact, signature.covers_whole_file, signature.changed_after) for signature in found.found] == [(True, False, "content")] * 4
    assert [problem.code for problem in found.problems] == ["signed_then_changed"] * 4


def test_an_empty_field_added_later_is_neither_signature_nor_change() -> None:
    found = read(updated(signed(), lambda writer: append_signature_field(writer, SigFieldSpec("VanThu", box=(10, 10, 60, 30)))))
    assert [signature.field for signature in found.found] == ["Signature1", "Signature2", "Signature3", "Signature4"]
    assert [signature.changed_after for signature in found.found] == ["signatures"] * 4
    assert found.problems == ()


def test_garbage_in_place_of_a_signature_leaves_its_place() -> None:
    data = signed()
    start, end = contents(data, 1)
    found = read(data[:start] + b"00" * ((end - start) // 2) + data[end:])
    damaged = next(signature for signature in found.found if signature.field == "Signature2")
    assert (damaged.signer, damaged.intact, damaged.page, damaged.appearance, damaged.problems) == (None, None, 1, "7 3", ("unreadable",))
    assert damaged.box
    assert [signature.intact for signature in found.found] == [True, False, False, None]
    assert found.problems[-1].message == "signature Signature2 cannot be verified (unreadable)"


def test_a_format_that_is_not_supported_is_told() -> None:
    data = signed()
    found = read(data.replace(b"/adbe.pkcs7.detached", b"/adbe.pkcs7.xetached", 1))
    assert (found.found[0].signer, found.found[0].intact) == ("Hồ Đắc Nguyên", None)
    assert "unsupported_format" in found.found[0].problems


def test_a_byte_range_that_leaves_bytes_out_is_told() -> None:
    data = signed()
    at = data.index(b"/ByteRange [0 ") + len(b"/ByteRange [0 ")
    first = read(data[:at] + b"8" + data[at + 1 :]).found[0]
    assert (first.intact, first.covers_whole_file, first.changed_after) == (False, False, None)
    assert "partial_coverage" in first.problems


def test_of_a_file_that_was_cut_the_signatures_before_the_cut_are_read() -> None:
    data = signed()
    found = read(data[: contents(data, 3)[0] + 2000])
    assert [(signature.field, signature.intact, signature.covers_whole_file, signature.changed_after) for signature in found.found] == [
        ("Signature1", True, False, None),
        ("Signature2", True, False, None),
        ("Signature3", True, False, None),
    ]
    assert {signature.problems[-1] for signature in found.found} == {"damaged_file"}
    assert [problem.code for problem in found.problems] == ["signatures_unreadable"]


def test_pyhanko_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("pyhanko").handlers.clear()
    read(signed()[:-4000])
    assert capfd.readouterr().err == ""


def test_an_unsigned_file_loads_no_signature_library() -> None:
    path = CORPUS / "documents" / "hd-btgdv-thanh-hoa.pdf"
    code = f"import sys, docparse; print(docparse.parse({str(path)!r}).signatures, 'pyhanko' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "() False\n"


def test_signatures_that_no_field_holds_are_told() -> None:
    found = read(signed().replace(b"/AcroForm", b"/AcroFarm"))
    assert found.found == ()
    assert [problem.code for problem in found.problems] == ["signatures_unreadable"]


@pytest.mark.parametrize("seed", range(8))
def test_random_damage_never_raises_and_never_passes(seed: int) -> None:
    """Bytes changed, taken out and put in, most of them where the structure of the file is."""
    source = random.Random(seed)
    data = signed()
    spots = [at for word in (b"/ByteRange", b"/Annots", b"/Kids", b"/Fields", b"xref", b"/Prev", b"/V ", b"obj") if (at := data.find(word)) > 0]
    for _ in range(6):
        broken = bytearray(data)
        for _ in range(source.choice([1, 2, 20])):
            at = source.choice([source.randrange(contents(data, 0)[0]), source.choice(spots) + source.randrange(12)])
            match source.randrange(4):
                case 0 | 1:
                    broken[at] = (broken[at] + 1 + source.randrange(255)) % 256
                case 2:
                    del broken[at : at + source.randrange(1, 60)]
                case 3:
                    broken[at:at] = source.randbytes(source.randrange(1, 20))
        found = read(bytes(broken))
        assert found.problems
        assert not any(is_whole(signature) for signature in found.found if signature.changed_after == "none")


@pytest.mark.parametrize("seed", range(4))
def test_random_damage_to_a_file_gives_a_record_with_a_problem_or_an_error_of_docparse(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)
    broken = bytearray(signed())
    for _ in range(30):
        broken[source.randrange(len(broken))] ^= 1 << source.randrange(8)
    path = tmp_path / "broken.pdf"
    path.write_bytes(broken)
    try:
        record = parse_file(path)
    except DocparseError:
        return
    assert {problem.code for problem in record.problems} & {"signature_broken", "signature_unverified", "signatures_unreadable"}
