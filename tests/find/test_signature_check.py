"""Roles of signatures and what they say against the page: a made-up letter of a department, and what can disagree with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from docparse.find.closing import find_closing
from docparse.find.header import find_header
from docparse.find.signature_check import check_signatures
from docparse.find.signature_roles import Stamp, find_roles, is_person, read_stamp, same_organisation
from docparse.record import Certificate, Header, Problem, Signature, Signer
from docparse.text import Box, Line, Page, Text

ZONE = dt.timezone(dt.timedelta(hours=7))
SIGNED = dt.datetime(2026, 3, 12, 9, 0, tzinfo=ZONE)
Placed = tuple[str, float, float]

LETTER: list[Placed] = [
    ("UBND TỈNH LÀO CAI", 80, 60),
    ("SỞ XÂY DỰNG", 90, 76),
    ("Số: 15 /SXD-QLN", 80, 95),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 60),
    ("Độc lập - Tự do - Hạnh phúc", 330, 76),
    ("Lào Cai, ngày 12 tháng 3 năm 2026", 330, 95),
    ("V/v rà soát nhà ở xã hội", 80, 112),
    ("Kính gửi: UBND các xã, phường.", 150, 140),
    ("Sở Xây dựng đề nghị các xã, phường rà soát nhu cầu nhà ở xã hội trong năm.", 80, 170),
    ("Nơi nhận:", 80, 300),
    ("- Như trên;", 80, 315),
    ("- Lưu: VT, QLN.", 80, 330),
    ("KT. GIÁM ĐỐC", 350, 300),
    ("PHÓ GIÁM ĐỐC", 350, 315),
    ("Vàng Thị Mai", 350, 400),
]
BLANK = [(text.replace("15 /", "     /").replace("ngày 12", "ngày     "), x, top) for text, x, top in LETTER]


def page(lines: list[Placed]) -> Text:
    """One A4 page with these lines, each six points a letter wide and twelve high."""
    made, offset = [], 0
    for text, x, top in lines:
        made.append(Line(start=offset, end=offset + len(text), box=Box(x, top, x + 6 * len(text), top + 12)))
        offset += len(text) + 1
    content = "\n".join(text for text, _, _ in lines)
    return Text(content, (Page(1, 0, len(content), 595, 842, tuple(made)),), "text_layer")


def signature(signer: str | None, box: tuple[float, float, float, float] | None = None, **values: Any) -> Signature:
    known = {"organization": None, "email": None, "signing_time": SIGNED, "field": "F1", "page": 1 if box else None, "certificate": None}
    return Signature(**known | {"signer": signer, "box": box, "covers_whole_file": True, "intact": True, "trusted": None} | values)


LEADER = signature("Vàng Thị Mai", (350, 330, 450, 395), organization="SỞ XÂY DỰNG, ỦY BAN NHÂN DÂN TỈNH LÀO CAI")
SEAL = signature("SỞ XÂY DỰNG", (300, 320, 400, 420))
NUMBER = signature("SỞ XÂY DỰNG", (98, 90, 125, 110), appearance="1 5")
DAY = signature("SỞ XÂY DỰNG", (410, 90, 425, 110), appearance="12")
OFFICE = signature("TRUNG TÂM CÔNG BÁO", (300, 5, 450, 45), appearance="TRUNG TÂM CÔNG BÁO\n13.03.2026 08:00:00 +07:00")


def read(text: Text) -> tuple[Header, tuple[Signer, ...]]:
    closing = find_closing(text)
    return find_header(text, closing=closing), closing.signers


def roles(*signatures: Signature, lines: list[Placed] = LETTER) -> list[str | None]:
    text = page(lines)
    header, signers = read(text)
    return [found.role for found in find_roles(text, signatures, header=header, signers=signers)]


def check(*signatures: Signature, lines: list[Placed] = LETTER) -> tuple[Header, tuple[Problem, ...]]:
    text = page(lines)
    header, signers = read(text)
    return check_signatures(text, header=header, signers=signers, signatures=find_roles(text, signatures, header=header, signers=signers))


def messages(*signatures: Signature, lines: list[Placed] = LETTER) -> list[str]:
    found = check(*signatures, lines=lines)[1]
    assert {problem.code for problem in found} <= {"signature_mismatch"}
    return [problem.message for problem in found]


def test_the_usual_five() -> None:
    assert roles(LEADER, NUMBER, DAY, SEAL, OFFICE) == ["leader", "number", "date", "agency", "publisher"]
    assert messages(LEADER, NUMBER, DAY, SEAL, OFFICE) == []


def test_number_and_day_on_one_line_are_told_by_the_word_before_them() -> None:
    lines = [*LETTER, ("(Kèm theo Công văn số 15 /SXD-QLN ngày 15 tháng 3 năm 2026)", 80, 500)]
    number, day = (signature("SỞ XÂY DỰNG", (x, 495, x + 20, 515), appearance="15") for x in (210, 315))
    assert [read_stamp(page(lines), stamp) for stamp in (number, day)] == [Stamp("number", "15"), Stamp("day", "15")]


def test_month_and_leading_zero() -> None:
    month = signature("SỞ XÂY DỰNG", (468, 90, 480, 110), appearance="03")
    lines = [(text.replace("tháng 3", "tháng 03"), x, top) for text, x, top in LETTER]
    assert read_stamp(page(lines), month) == Stamp("month", "03")
    assert messages(month, lines=lines) == []


def test_on_a_page_without_text_the_number_stands_left_and_the_day_right() -> None:
    blank = Text("", (Page(1, 0, 0, 595, 842, ()),), "text_layer")
    assert [read_stamp(blank, stamp) for stamp in (NUMBER, DAY)] == [Stamp("number", "15"), Stamp("day", "12")]
    assert read_stamp(blank, signature("SỞ XÂY DỰNG", (98, 600, 125, 620), appearance="15")) is None


def test_a_deputy_of_another_name_initials_or_signs() -> None:
    """Over the block he is taken for the leader, elsewhere for somebody who initials the draft."""
    assert roles(signature("Giàng A Phúc Lâm", (350, 310, 450, 390))) == ["leader"]
    assert roles(signature("Nguyễn Văn Lâm", (80, 180, 120, 200))) == [None]
    assert messages(signature("Nguyễn Văn Lâm", (80, 180, 120, 200))) == []


def test_the_leader_puts_the_seal_with_the_same_certificate() -> None:
    certificate = Certificate(serial="1f", issuer="CA", valid_from=SIGNED, valid_to=SIGNED)
    signed = LEADER.model_copy(update={"certificate": certificate})
    seal = signed.model_copy(update={"box": (300, 320, 400, 420), "field": "F2"})
    assert roles(signed, seal) == ["leader", "agency"]
    assert messages(signed, seal) == []


def test_above_the_letterhead_of_an_unknown_issuer_the_first_issues_and_a_later_one_publishes() -> None:
    agency = signature("ỦY BAN NHÂN DÂN TỈNH LÀO CAI", (370, 1, 590, 44))
    picture: list[Placed] = [("x", 80, 700)]
    assert roles(agency, OFFICE, lines=picture) == ["agency", "publisher"]
    assert roles(OFFICE, lines=picture) == [None]
    assert roles(signature("VĂN PHÒNG", (1, 1, 90, 30), appearance="Cơ quan phát hành: VĂN PHÒNG"), lines=picture) == ["publisher"]


def test_invisible_and_unreadable_signatures() -> None:
    assert roles(signature("Vàng Thị Mai"), signature("SỞ XÂY DỰNG"), signature("Trung tâm Công báo"), signature(None, (1, 1, 9, 9))) == [
        "leader",
        "agency",
        None,
        None,
    ]


def test_a_time_stamp_of_the_document_keeps_its_role() -> None:
    assert roles(signature("TSA thử nghiệm", role="timestamp")) == ["timestamp"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Đoàn Thị Hoa", True),  # a family name that is the first word of an organisation
        ("Lò Văn Pâng", True),
        ("HOÀNG MINH ĐỨC", True),
        ("ĐOÀN THANH NIÊN", False),
        ("Văn Phòng Chính Phủ", False),
        ("CỔNG THÔNG TIN ĐIỆN TỬ", False),
        ("Chủ tịch UBND tỉnh", False),
    ],
)
def test_persons_and_organisations(name: str, person: bool) -> None:
    assert is_person(name) is person


def test_organisations_of_other_spelling() -> None:
    assert same_organisation("Uỷ ban nhân dân tỉnh Hoà Bình", "UBND tỉnh Hòa Bình")
    assert not same_organisation("Sở Y tế", "Sở Xây dựng")


def test_another_number_or_day_than_the_page_has() -> None:
    number = NUMBER.model_copy(update={"appearance": "16"})
    printed = [("Số: 16 15/SXD-QLN" if text.startswith("Số") else text, x, top) for text, x, top in LETTER]
    text = page(printed)
    header = Header(number="15/SXD-QLN", date=dt.date(2026, 3, 12))
    day = DAY.model_copy(update={"role": "date", "appearance": "13"})
    blank = Text("", (Page(1, 0, 0, 595, 842, ()),), "text_layer")
    found = check_signatures(text, header=header, signers=(), signatures=[number.model_copy(update={"role": "number"})])[1]
    assert [problem.message for problem in found] == ["F1: the stamped number is 16, the page has 15/SXD-QLN"]
    found = check_signatures(blank, header=header, signers=(), signatures=[day])[1]
    assert [problem.message for problem in found] == ["F1: the stamped day is 13, the page is dated 2026-03-12"]


def test_the_page_names_another_number_of_the_same_day() -> None:
    caption = "(Kèm theo Công văn số 17/SXD-QLN ngày 12 tháng 3 năm 2026)"
    found = check(NUMBER, lines=[*LETTER, (caption, 80, 500)])[1]
    assert [problem.message for problem in found] == ["F1: the stamped number is 15/SXD-QLN, the page also says 17/SXD-QLN of the same day"]
    text = page([*LETTER, (caption, 80, 500)])
    assert text.content[found[0].start : found[0].end] == "17/SXD-QLN"
    assert messages(NUMBER, lines=[*LETTER, (caption.replace("ngày 12", "ngày 11"), 80, 500)]) == []
    assert messages(NUMBER, lines=[*LETTER, (caption.replace("17", "015"), 80, 500)]) == []


def test_another_person_than_the_page_names() -> None:
    assert messages(signature("Giàng A Phúc Lâm", (350, 310, 450, 390))) == [
        "F1: the certificate names Giàng A Phúc Lâm, the page is signed by Vàng Thị Mai"
    ]
    assert messages(signature("VÀNG THỊ MAI", (350, 310, 450, 390))) == []


def test_another_agency_than_the_page_names() -> None:
    assert messages(SEAL.model_copy(update={"signer": "SỞ Y TẾ"})) == ["F1: the certificate names SỞ Y TẾ, the page is issued by Sở Xây dựng"]
    assert messages(SEAL.model_copy(update={"signer": "Ủy ban nhân dân tỉnh Lào Cai"})) == []
    assert messages(LEADER.model_copy(update={"organization": "SỞ Y TẾ"}), SEAL.model_copy(update={"signer": "SỞ Y TẾ"})) == []


@pytest.mark.parametrize(
    ("days", "box", "appearance", "expected"),
    [
        (14, SEAL.box, None, []),
        (15, SEAL.box, None, ["F1: signed on 2026-03-27, the page is dated 2026-03-12"]),
        (-15, SEAL.box, None, ["F1: signed on 2026-02-25, the page is dated 2026-03-12"]),
        (400, (300, 5, 450, 45), "Ký bởi: Sở Xây dựng", []),  # the seal of an electronic copy, which is made at any later time
        (-15, (300, 5, 450, 45), "Ký bởi: Sở Xây dựng", ["F1: signed on 2026-02-25, the page is dated 2026-03-12"]),
    ],
)
def test_signing_far_from_the_day_of_issue(days: int, box: tuple[float, float, float, float], appearance: str | None, expected: list[str]) -> None:
    assert messages(signature("SỞ XÂY DỰNG", box, appearance=appearance, signing_time=SIGNED + dt.timedelta(days=days))) == expected


def test_the_appearance_against_its_own_certificate() -> None:
    shown = "Ký bởi: Sở Xây\ndựng\nCơ quan: UBND tỉnh Lào Cai\nThời gian ký: 12/03/2026\n09:00:05"
    assert messages(signature("SỞ XÂY DỰNG", (300, 5, 450, 45), appearance=shown)) == []
    assert messages(signature("SỞ XÂY DỰNG", (300, 5, 450, 45), appearance=shown.replace("Sở Xây\ndựng", "Sở Y tế").replace("12/03", "02/03"))) == [
        "F1: the appearance names Sở Y tế, the certificate SỞ XÂY DỰNG",
        "F1: the appearance says signed on 2026-03-02, the signature on 2026-03-12",
    ]


def test_blank_number_and_day_are_filled_from_the_stamps() -> None:
    """Where stamps stand beside the page's text, not in it, the printed rest is the mark."""
    text = page(BLANK)
    header, signers = read(text)
    assert (header.number, header.date) == (None, None)
    signatures = [NUMBER.model_copy(update={"role": "number"}), DAY.model_copy(update={"role": "date"})]
    filled, found = check_signatures(text, header=header, signers=signers, signatures=signatures)
    assert (filled.number, filled.date, found) == ("15/SXD-QLN", dt.date(2026, 3, 12), ())
    assert {filled.marks[field].rule for field in ("number", "date")} == {"signature.appearance"}
    assert text.content[filled.marks["number"].start : filled.marks["number"].end] == "/SXD-QLN"
    assert "tháng 3 năm 2026" in text.content[filled.marks["date"].start : filled.marks["date"].end]


def test_what_no_stamp_shows_is_not_filled() -> None:
    header, _ = check_signatures(page(LETTER), header=Header(), signers=(), signatures=[SEAL.model_copy(update={"role": "agency"})])
    assert header == Header()


def test_a_number_that_only_the_appearance_shows_has_an_empty_mark() -> None:
    annex = signature("SỞ XÂY DỰNG", (400, 5, 590, 45), appearance="Số: 15/SXD-QLN\n2026-03-12T09:00:00+07:00", role="agency")
    header, _ = check_signatures(page([("PHỤ LỤC", 80, 60)]), header=Header(), signers=(), signatures=[annex])
    assert (header.number, header.marks["number"].model_dump()) == ("15/SXD-QLN", {"start": 0, "end": 0, "rule": "signature.appearance"})
    _, found = check_signatures(page([("PHỤ LỤC", 80, 60)]), header=Header(number="16/SXD-QLN"), signers=(), signatures=[annex])
    assert [problem.message for problem in found] == ["F1: the signature shows the number 15/SXD-QLN, the page has 16/SXD-QLN"]


def test_names_that_ocr_misread_are_no_mismatch() -> None:
    printed = page(LETTER)
    scanned = Text(printed.content, printed.pages, "ocr")
    header, signers = Header(issuer="Sở Xây dưmg"), (read(printed)[1][0].model_copy(update={"name": "Vàng Thị Mạj"}),)
    for text, roles_found, count in ((scanned, ["leader", "agency"], 0), (printed, ["leader", "agency"], 2)):
        found = find_roles(text, [LEADER.model_copy(update={"organization": None}), SEAL], header=header, signers=signers)
        assert [signature.role for signature in found] == roles_found
        assert len(check_signatures(text, header=header, signers=signers, signatures=found)[1]) == count


def test_a_document_without_signatures_stays_as_it_is() -> None:
    header, found = check()
    assert (header, found) == (read(page(LETTER))[0], ())
