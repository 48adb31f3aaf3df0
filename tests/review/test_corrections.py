"""What corrections do to a record: each kind, what follows elsewhere, and findings that moved or went."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_cases import added, applied, correction

from docparse.pipeline import parse_bytes
from docparse.record import Deadline, Record
from docparse.review.corrections import ADDED, FIELDS, Correction, apply
from docparse.review.values import choices
from docparse.settings import Settings

ORDER = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 31/KH-UBND
Sơn La, ngày 5 tháng 3 năm 2026
KẾ HOẠCH
Phòng, chống cháy rừng năm 2026
Căn cứ Quyết định số 17/2025/QĐ-UBND ngày 2/6/2025 của UBND tỉnh;
Thực hiện Công văn số 204/TCLN-BV ngày 9/2/2026 của Cục Lâm nghiệp.
I. NHIỆM VỤ
1. Giao Sở Nông nghiệp và Môi trường trực phòng cháy theo Công văn số 204/TCLN-BV, báo cáo trước ngày 20/3/2026.
2. Yêu cầu Công an tỉnh tuần tra rừng theo Kế hoạch số 8/KH-BVR trước ngày 1/4/2026.
a) Danh sách hộ sống gần rừng.
b) Biển báo ở bìa rừng.
3. Đề nghị Báo Sơn La đưa tin hằng tuần.
II. TỔ CHỨC THỰC HIỆN
Bản tin dự báo cháy ra vào thứ hai.
"""


def parsed(text: str = ORDER) -> Record:
    return parse_bytes(text.encode(), location="kh.txt", filename="kh.txt", settings=Settings())


RECORD = parsed()
FIRST, SECOND, _ = RECORD.tasks


def test_the_text_of_these_tests() -> None:
    assert [(task.id, task.leads, task.citations) for task in RECORD.tasks] == [
        ("I.1/1", ("Sở Nông nghiệp và Môi trường",), (2,)),
        ("I.2/1", ("Công an tỉnh",), (3,)),
        ("I.3/1", ("Báo Sơn La",), ()),
    ]
    assert [citation.number for citation in RECORD.citations] == ["17/2025/QĐ-UBND", "204/TCLN-BV", "204/TCLN-BV", "8/KH-BVR"]
    assert [section.id for section in RECORD.sections] == ["I", "I.1", "I.2", "I.2.a", "I.2.b", "I.3", "II"]


def test_no_correction_is_the_record_itself() -> None:
    assert apply(RECORD, [])[0] is RECORD
    withdrawn = replace(correction(RECORD, "header", "set", None, "number", "9/KH-UBND"), withdrawn="2026-01-02T00:00:00+00:00")
    assert apply(RECORD, [withdrawn])[0] is RECORD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doc_type", "quyết định"),
        ("number", "13/KH-UBND"),
        ("issuer", "Ủy ban nhân dân tỉnh Lai Châu"),
        ("parent_issuer", "Chính phủ"),
        ("place", "Mai Sơn"),
        ("title", None),
        ("addressees", ["Các xã", "Các sở"]),
        ("urgency", "khẩn"),
        ("secrecy", "mật"),
    ],
)
def test_header(field: str, value: object) -> None:
    header = applied(RECORD, correction(RECORD, "header", "set", None, field, value)).header
    assert header.model_dump(mode="json")[field] == value
    assert (field in header.marks, header.marks[field].rule if field in header.marks else "review") == (value is not None, "review")
    others = set(FIELDS["header"]) - {field}
    assert header.model_dump(include=others) == RECORD.header.model_dump(include=others)


def test_the_mark_of_a_header_field_is_where_its_value_stands() -> None:
    header = applied(
        RECORD,
        correction(RECORD, "header", "set", None, "parent_issuer", "Công an tỉnh"),
        correction(RECORD, "header", "set", None, "date", "2026-03-06"),
        correction(RECORD, "header", "set", None, "urgency", "khẩn"),
    ).header
    mark = header.marks["parent_issuer"]
    assert RECORD.text[mark.start : mark.end] == "Công an tỉnh"
    assert header.date == dt.date(2026, 3, 6)
    assert (header.marks["date"].start, header.marks["date"].rule) == (RECORD.header.marks["date"].start, "review")
    assert (header.marks["urgency"].start, header.marks["urgency"].end) == (0, 0)


def test_a_field_that_a_person_gives_is_unreadable_no_more() -> None:
    from docparse.record import Problem

    told = [Problem(code=f"{field}_unreadable", message="m", page=1) for field in ("number", "date")]
    record = RECORD.model_copy(update={"problems": tuple(told)})
    assert applied(record, correction(record, "header", "set", None, "number", "7/KH")).problems == (told[1],)


def test_the_issuer_follows_in_keys_and_tasks() -> None:
    assert RECORD.citations[0].resolved == "quyết định:17/2025/QĐ-UBND:ubnd tỉnh sơn la"
    made = applied(RECORD, correction(RECORD, "header", "set", None, "issuer", "Ủy ban nhân dân tỉnh Lai Châu"))
    assert made.citations[0].resolved == "quyết định:17/2025/QĐ-UBND:ubnd tỉnh lai châu"
    assert {task.assigner for task in made.tasks} == {"Ủy ban nhân dân tỉnh Lai Châu"}
    assert [citation.rule for citation in made.citations] == [citation.rule for citation in RECORD.citations]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("leads", ["Chi cục Kiểm lâm"]),
        ("supports", ["Sở Tài chính", "Công an tỉnh"]),
        ("deadline", None),
        ("deadline", {"text": "tháng 4", "first_day": "2026-04-01", "last_day": "2026-04-30", "recurrence": None}),
        ("action", "trực phòng cháy"),
        ("status", "planned"),
    ],
)
def test_task(field: str, value: object) -> None:
    made = applied(RECORD, correction(RECORD, "task", "set", FIRST, field, value))
    task = made.tasks[0]
    assert task.model_dump(mode="json")[field] == value
    assert (task.id, task.rule, task.assigner) == ("I.1/1", "review", None if field == "status" else FIRST.assigner)
    assert made.tasks[1:] == RECORD.tasks[1:]
    assert made.model_dump(exclude={"tasks"}) == RECORD.model_dump(exclude={"tasks"})


def test_the_newest_correction_of_a_field_holds() -> None:
    older = correction(RECORD, "task", "set", FIRST, "leads", ["A"])
    newer = correction(RECORD, "task", "set", FIRST, "leads", ["B"])
    assert applied(RECORD, newer, older).tasks[0].leads == ("B",)
    assert applied(RECORD, older, replace(newer, withdrawn="2026-01-02T00:00:00+00:00")).tasks[0].leads == ("A",)


def test_ids_of_tasks_stay_when_one_is_removed_or_added() -> None:
    new = added(RECORD, "task", "Bản tin dự báo cháy ra vào thứ hai.", leads=["Trung tâm Dự báo"], status="planned")
    made = applied(RECORD, correction(RECORD, "task", "remove", FIRST), new)
    assert [task.id for task in made.tasks if task.rule != "review"] == [task.id for task in RECORD.tasks if task.id != "I.1/1"]
    task = next(task for task in made.tasks if task.rule == "review")
    assert (task.id, task.section, task.leads, task.status, task.assigner) == (f"II/r{new.id}", ("II",), ("Trung tâm Dự báo",), "planned", None)
    assert (task.action, task.text) == ("Bản tin dự báo cháy ra vào thứ hai.",) * 2
    assert made.tasks[-1] == task


def test_citation_gets_its_key_anew() -> None:
    last = RECORD.citations[3]
    assert last.resolved == "kế hoạch:8/KH-BVR"
    changes = {
        "number": "9/KH-UBND",
        "date": "2026-02-01",
        "issuer": "UBND tỉnh",
        "relation": "basis",
        "provisions": [{"Mục": "2"}],
        "title": "về rừng",
    }
    made = applied(RECORD, *(correction(RECORD, "citation", "set", last, field, value) for field, value in changes.items()))
    citation = made.citations[3]
    assert citation.model_dump(mode="json", include=set(changes)) == changes
    assert (citation.resolved, citation.rule, citation.text) == ("kế hoạch:9/KH-UBND:2026:ubnd tỉnh sơn la", "review", last.text)
    law = applied(RECORD, *(correction(RECORD, "citation", "set", last, *change) for change in (("doc_type", "luật"), ("number", "31/2024/QH15"))))
    assert law.citations[3].resolved == "luật:31/2024/QH15"


def test_short_mentions_take_the_corrected_year_of_the_full_one() -> None:
    assert [citation.resolved for citation in RECORD.citations[1:3]] == ["công văn:204/TCLN-BV:2026"] * 2
    made = applied(RECORD, correction(RECORD, "citation", "set", RECORD.citations[1], "date", "2025-02-09"))
    assert [citation.resolved for citation in made.citations[1:3]] == ["công văn:204/TCLN-BV:2025"] * 2


def test_citations_of_tasks_follow_removed_and_added_ones() -> None:
    removed = correction(RECORD, "citation", "remove", RECORD.citations[1])
    assert [task.citations for task in applied(RECORD, removed).tasks[:3]] == [(1,), (2,), ()]
    false = correction(RECORD, "citation", "remove", RECORD.citations[2])
    new = added(RECORD, "citation", "đưa tin", doc_type="luật", title="Đất đai", date="2024")
    made = applied(RECORD, removed, false, new)
    assert [task.citations for task in made.tasks[:3]] == [(), (1,), (2,)]
    citation = made.citations[2]
    assert (citation.resolved, citation.section, citation.page, citation.rule) == ("luật:31/2024/QH15", "I.3", 1, "review")
    task = added(RECORD, "task", "trực phòng cháy theo Công văn số 204/TCLN-BV")
    assert applied(RECORD, task).tasks[1].citations == (2,)


def test_dates() -> None:
    found = next(date for date in RECORD.dates if date.text == "ngày 1/4/2026")
    made = applied(
        RECORD, correction(RECORD, "date", "set", found, "last_day", "2026-04-30"), added(RECORD, "date", "thứ hai", first_day="2026-03-09")
    )
    changed = made.dates[RECORD.dates.index(found)]
    assert (changed.first_day, changed.last_day, changed.rule) == (dt.date(2026, 4, 1), dt.date(2026, 4, 30), "review")
    assert (made.dates[-1].text, made.dates[-1].first_day, made.dates[-1].section) == ("thứ hai", dt.date(2026, 3, 9), "II")
    assert applied(RECORD, correction(RECORD, "date", "remove", found)).dates == tuple(date for date in RECORD.dates if date != found)


def test_agencies_get_the_id_of_their_name() -> None:
    found = next(agency for agency in RECORD.agencies if agency.mention == "Công an tỉnh")
    made = applied(RECORD, correction(RECORD, "agency", "set", found, "name", "Sở Tư pháp tỉnh Lai Châu")).agencies[RECORD.agencies.index(found)]
    assert (made.name, made.agency_id, made.kind, made.level, made.place, made.mention) == (
        "Sở Tư pháp tỉnh Lai Châu", "so-tu-phap.lai-chau", "department", "provincial", "Lai Châu", "Công an tỉnh",
    )  # fmt: skip
    central = applied(RECORD, correction(RECORD, "agency", "set", found, "name", "Bộ Tư pháp")).agencies[RECORD.agencies.index(found)]
    assert (central.agency_id, central.kind, central.level, central.place) == ("bo-tu-phap", "ministry", "central", None)
    own = applied(
        RECORD,
        correction(RECORD, "agency", "set", found, "name", "Đội Bảo vệ rừng"),
        correction(RECORD, "agency", "set", found, "level", "commune"),
        correction(RECORD, "agency", "set", found, "place", None),
    ).agencies[RECORD.agencies.index(found)]
    assert (own.agency_id, own.kind, own.level, own.place) == (None, found.kind, "commune", None)
    new = applied(RECORD, added(RECORD, "agency", "Danh sách hộ", name="Sở Y tế tỉnh Sơn La", mention="Sở Y tế")).agencies
    [agency] = [agency for agency in new if agency.rule == "review"]
    assert (agency.text, agency.mention, agency.agency_id, agency.section) == ("Danh sách hộ", "Sở Y tế", "so-y-te.son-la", "I.2.a")
    assert len(applied(RECORD, correction(RECORD, "agency", "remove", found)).agencies) == len(RECORD.agencies) - 1


def test_one_of_several_agencies_at_one_place() -> None:
    at = {"start": 10, "end": 20, "text": RECORD.text[10:20], "rule": "r"}
    from docparse.record import AgencyMention

    members = tuple(AgencyMention(**at, mention=name, name=name) for name in ("Sở Nội vụ", "Sở Y tế"))
    record = RECORD.model_copy(update={"agencies": members})
    assert applied(record, correction(record, "agency", "remove", members[1])).agencies == members[:1]


def test_signers() -> None:
    record = parsed(f"{ORDER}KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nĐỗ Văn Mẫu\n")
    [signer] = record.signers
    made = applied(
        record, correction(record, "signer", "set", signer, "name", "Đỗ Văn Mậu"), correction(record, "signer", "set", signer, "authority", None)
    )
    assert [(signer.name, signer.authority, signer.rule, signer.position) for signer in made.signers] == [
        ("Đỗ Văn Mậu", None, "review", "Phó Chủ tịch")
    ]
    assert applied(record, correction(record, "signer", "remove", signer)).signers == ()


def test_what_stood_in_a_removed_section_stands_in_the_one_around_it() -> None:
    sections = {section.id: section for section in RECORD.sections}
    made = applied(RECORD, correction(RECORD, "section", "remove", sections["I.2"]))
    assert [(section.id, section.parent) for section in made.sections] == [
        ("I", None), ("I.1", "I"), ("I.2.a", "I"), ("I.2.b", "I"), ("I.3", "I"), ("II", None),
    ]  # fmt: skip
    now = {section.id: section for section in made.sections}
    assert (now["I.1"].end, now["I.2.b"].end, now["I"].end) == (sections["I.2"].end, sections["I.2.b"].end, sections["I"].end)
    assert [task.section for task in made.tasks[:3]] == [("I", "1"), ("I",), ("I", "3")]
    assert [task.id for task in made.tasks] == [task.id for task in RECORD.tasks]
    assert {citation.section for citation in made.citations} == {None, "I.1", "I"}
    both = applied(RECORD, *(correction(RECORD, "section", "remove", sections[name]) for name in ("I.2", "I.3")))
    assert next(section for section in both.sections if section.id == "I.1").end == sections["I"].end
    whole = applied(RECORD, correction(RECORD, "section", "remove", sections["I"]))
    assert [(section.id, section.parent) for section in whole.sections][:2] == [("I.1", None), ("I.2", None)]
    assert whole.tasks[0].section == ("1",)


def test_the_label_of_a_section_is_that_of_its_tasks() -> None:
    made = applied(
        RECORD,
        correction(RECORD, "section", "set", RECORD.sections[0], "label", "V"),
        correction(RECORD, "section", "set", RECORD.sections[0], "heading", None),
    )
    assert (made.sections[0].label, made.sections[0].heading, made.sections[0].rule, made.sections[0].id) == ("V", None, "review", "I")
    assert made.tasks[0].section == ("V", "1")


def test_findings_that_moved_are_found_by_their_words() -> None:
    moved = parsed(ORDER.replace("Phòng, chống cháy rừng", "Về việc phòng, chống cháy rừng").replace("báo cáo trước", "báo cáo\ntrước"))
    assert moved.tasks[0].start != FIRST.start
    made, unplaced = apply(
        moved,
        [
            correction(RECORD, "task", "set", FIRST, "leads", ["A"]),
            correction(RECORD, "citation", "remove", RECORD.citations[2]),
            added(RECORD, "date", "thứ hai", recurrence="FREQ=WEEKLY;BYDAY=MO"),
        ],
    )
    assert unplaced == []
    assert (made.tasks[0].leads, made.tasks[1].leads) == (("A",), ("Công an tỉnh",))
    assert [citation.section for citation in made.citations] == [None, None, "I.2"]
    assert (made.dates[-1].text, made.dates[-1].recurrence) == ("thứ hai", "FREQ=WEEKLY;BYDAY=MO")


def test_what_finds_no_place_is_told_and_harms_nothing() -> None:
    other = parsed(ORDER.replace("Công an tỉnh tuần tra", "Công an tỉnh đi tuần").replace("vào thứ hai", "mỗi ngày"))
    lost = [correction(RECORD, "task", "set", SECOND, "leads", ["A"]), added(RECORD, "date", "thứ hai", first_day="2026-03-09")]
    kept = correction(RECORD, "task", "set", FIRST, "leads", ["B"])
    made, unplaced = apply(other, [lost[0], kept, lost[1]])
    assert unplaced == lost
    assert [task.leads for task in made.tasks[:2]] == [("B",), ("Công an tỉnh",)]


def test_the_same_words_elsewhere_are_another_finding() -> None:
    gone, same = RECORD.citations[2], RECORD.citations[2].model_copy(update={"start": 100, "end": 100 + len(RECORD.citations[2].text)})
    record = RECORD.model_copy(update={"citations": (same,), "tasks": ()})
    removal = correction(RECORD, "citation", "remove", gone)
    assert apply(record, [removal]) == (record, [removal])


def test_a_section_is_known_by_its_first_line() -> None:
    longer = RECORD.sections[1].model_copy(update={"end": RECORD.sections[2].end})
    record = RECORD.model_copy(update={"sections": (RECORD.sections[0], longer, *RECORD.sections[3:])})
    assert applied(record, correction(RECORD, "section", "set", RECORD.sections[1], "label", "9")).sections[1].label == "9"
    removal = correction(RECORD, "section", "remove", RECORD.sections[2])
    assert apply(record, [removal]) == (record, [removal])


def test_an_agency_that_is_gone_is_not_another_mention_of_it() -> None:
    letterhead, again = RECORD.agencies[:2]
    record = RECORD.model_copy(update={"agencies": (again.model_copy(update={"mention": letterhead.mention}),)})
    removal = correction(RECORD, "agency", "remove", letterhead)
    assert apply(record, [removal]) == (record, [removal])


def test_what_the_parser_finds_by_now_is_not_there_twice() -> None:
    without = RECORD.model_copy(update={"tasks": RECORD.tasks[1:]})
    new = added(RECORD, "task", FIRST.text, leads=["A"])
    assert applied(without, new).tasks[0].id == f"I.1/r{new.id}"
    made = applied(RECORD, new)
    assert [(task.id, task.leads) for task in made.tasks] == [("I.1/1", ("A",)), *((task.id, task.leads) for task in RECORD.tasks[1:])]


def test_added_findings_are_corrected_and_removed_like_others() -> None:
    new = added(RECORD, "date", "thứ hai", first_day="2026-03-09")
    made = applied(RECORD, new)
    changed = correction(made, "date", "set", made.dates[-1], "first_day", "2026-03-16")
    assert applied(RECORD, new, changed).dates[-1].first_day == dt.date(2026, 3, 16)
    assert applied(RECORD, new, changed, correction(made, "date", "remove", made.dates[-1])).dates == RECORD.dates
    assert apply(RECORD, [changed]) == (RECORD, [changed])


def test_a_removed_finding_may_be_added_again() -> None:
    made = applied(RECORD, correction(RECORD, "task", "remove", FIRST), new := added(RECORD, "task", FIRST.text, leads=["A"]))
    assert [(task.id, task.leads) for task in made.tasks[:2]] == [(f"I.1/r{new.id}", ("A",)), ("I.2/1", ("Công an tỉnh",))]


def test_a_value_that_fits_the_record_no_more_is_told() -> None:
    odd = [correction(RECORD, "task", "set", FIRST, "status", "done"), correction(RECORD, "header", "set", None, "date", "x")]
    assert apply(RECORD, odd) == (RECORD, odd)


@st.composite
def some_corrections(draw: st.DrawFn) -> list[Correction]:
    """Corrections of any kind with values that fit."""
    kinds = {
        "signer": RECORD.signers,
        "section": RECORD.sections,
        "citation": RECORD.citations,
        "date": RECORD.dates,
        "agency": RECORD.agencies,
        "task": RECORD.tasks,
    }
    name, day = st.sampled_from(["Sở A", "UBND tỉnh", "47/KH-UBND"]), st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)).map(str)
    values = {
        "date": day, "first_day": day, "last_day": day, "recurrence": st.just("FREQ=DAILY"), "collective": st.booleans(), "provisions": st.just([{"Điều": "1"}]),
        "deadline": st.none() | day.map(lambda last: {"text": "hạn", "last_day": last}),
    }  # fmt: skip
    made = []
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(FIELDS)))
        action = "set" if kind == "header" else draw(st.sampled_from(["set", "remove", "add"] if kind in ADDED else ["set", "remove"]))
        field = draw(st.sampled_from(FIELDS[kind]))
        lists = st.lists(name, max_size=2)
        value = draw(
            st.sampled_from(listed)
            if (listed := choices(kind, field))
            else lists
            if field in ("leads", "supports", "addressees")
            else values.get(field, name)
        )
        if kind == "header":
            made.append(correction(RECORD, kind, "set", None, field, value))
        elif action == "add":
            start = draw(st.integers(0, len(RECORD.text) - 20))
            made.append(added(RECORD, kind, RECORD.text[start : start + 20], **{field: value}))
        elif kinds[kind]:
            made.append(correction(RECORD, kind, action, draw(st.sampled_from(kinds[kind])), field if action == "set" else None, value))
    return made


@given(some_corrections())
def test_any_corrections_make_a_whole_record_and_withdrawn_leave_no_trace(corrections: list[Correction]) -> None:
    made, unplaced = apply(RECORD, corrections)
    assert Record.model_validate_json(made.model_dump_json()) == made
    assert len({task.id for task in made.tasks}) == len(made.tasks)
    assert all(0 <= index < len(made.citations) for task in made.tasks for index in task.citations)
    assert {found.section for found in (*made.citations, *made.dates, *made.agencies)} <= {None, *(section.id for section in made.sections)}
    assert all(made.text[found.start : found.end] == found.text for found in (*made.citations, *made.dates, *made.agencies, *made.tasks))
    assert all(one in corrections for one in unplaced)
    assert apply(RECORD, [replace(one, withdrawn="2026-01-02T00:00:00+00:00") for one in corrections])[0] is RECORD


def test_a_deadline_is_a_model() -> None:
    made = applied(RECORD, correction(RECORD, "task", "set", FIRST, "deadline", {"text": "t", "last_day": "2026-03-21"}))
    assert made.tasks[0].deadline == Deadline(text="t", last_day=dt.date(2026, 3, 21))
