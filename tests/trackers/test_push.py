"""The rules of sending: once, people's edits win, a new parse updates, what vanished is marked, nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memory_tracker import MemoryTracker, Unreadable
from task_corpus import BUDGET, REVIEW_LISTS, WEEKLY, add, corpus_of, less_certain, parse_again, plan_record

from docparse.errors import CorpusError, TrackerError
from docparse.query.filters import ALL, Filters
from docparse.query.tasks import count_due, task_list
from docparse.review.store import correct
from docparse.store.corpus import Corpus
from docparse.trackers.http import Changed, Refused, Unanswered
from docparse.trackers.items import GONE
from docparse.trackers.ledger import held, receipts_of
from docparse.trackers.mapping import Assignment, TargetSettings
from docparse.trackers.plan import GONE_NOTICE, Conflict
from docparse.trackers.pull import pull
from docparse.trackers.push import Outcome, Planned, plan_push, push
from docparse.trackers.tracked import tracked_tasks

RECORD = plan_record([REVIEW_LISTS, WEEKLY, BUDGET])
SETTINGS = TargetSettings(kind="redmine", url="https://tracker.example.vn", place="chung")
TITLES = (
    "Rà soát danh sách ổ dịch, hoàn thành trước ngày 30/6/2026",
    "Báo cáo số ca mắc về Sở Y tế trước thứ Năm hằng tuần",
    "Bố trí kinh phí mua hóa chất theo Quyết định số 2760/QĐ-BYT ngày 04 tháng 7 năm 2023 của Bộ Y tế",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "corpus.db"
    corpus_of(path, RECORD).close()
    return path


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Iterator[Corpus]:
    shutil.copy(made, tmp_path / "corpus.db")
    opened = Corpus(str(tmp_path / "corpus.db"))
    yield opened
    opened.close()


@pytest.fixture
def tracker() -> MemoryTracker:
    return MemoryTracker()


def planned(corpus: Corpus, tracker: MemoryTracker, *, settings: TargetSettings = SETTINGS, filters: Filters = ALL, **more: float) -> Planned:
    return plan_push(corpus, tracked_tasks(corpus, filters=filters), tracker, name="theo-doi", settings=settings, **more)


def plan_on(corpus: Corpus, tracker: MemoryTracker, day: str) -> Planned:
    return plan_push(corpus, tracked_tasks(corpus), tracker, name="theo-doi", settings=SETTINGS, day=dt.date.fromisoformat(day))


def sent(corpus: Corpus, tracker: MemoryTracker, *, settings: TargetSettings = SETTINGS, **more: float) -> Outcome:
    return push(corpus, planned(corpus, tracker, settings=settings, **more), tracker, name="theo-doi", sleep=lambda _: None)


def titles(tracker: MemoryTracker) -> list[object]:
    return [remote.fields["title"] for remote in tracker.items.values()]


def again(corpus: Corpus, *tasks: str) -> None:
    parse_again(corpus, RECORD, plan_record(tasks))


def test_each_task_once_and_nothing_the_second_time(corpus: Corpus, tracker: MemoryTracker) -> None:
    assert sent(corpus, tracker).done == {"create": 3}
    assert titles(tracker) == list(TITLES)
    tracker.calls.clear()
    assert sent(corpus, tracker).done == {"unchanged": 3}
    assert tracker.calls == ["read"]


def test_what_an_item_says(corpus: Corpus, tracker: MemoryTracker) -> None:
    settings = SETTINGS.model_copy(update={"agencies": {"Phòng Kế hoạch - Tài chính": Assignment(place="tai-chinh", assignee="thu")}})
    plan = plan_push(corpus, tracked_tasks(corpus), tracker, name="theo-doi", settings=settings, site="https://van-ban.example.vn/")
    item = plan.changes[2].item
    assert item.place == "tai-chinh"
    assert item.fields["notes"] == (
        "bố trí kinh phí mua hóa chất theo Quyết định số 2760/QĐ-BYT ngày 04 tháng 7 năm 2023 của Bộ Y tế.\n"
        "\n"
        "Đơn vị chủ trì: Phòng Kế hoạch - Tài chính\n"
        "Cơ quan giao: Sở Y tế\n"
        "Nguồn: Kế hoạch số 47/KH-SYT ngày 12/3/2026 của Sở Y tế: Phòng, chống dịch bệnh năm 2026\n"
        "Vị trí: mục I.3, trang 1\n"
        "Văn bản viện dẫn: Quyết định số 2760/QĐ-BYT ngày 4/7/2023\n"
        "Xem trong văn bản: https://van-ban.example.vn/documents/1?finding=task-2#page-1\n"
        "Độ tin cậy: 85%"
    )
    assert {name: value for name, value in item.fields.items() if name != "notes"} == {
        "title": TITLES[2],
        "status": "open",
        "assignee": "thu",
        "start": None,
        "due": None,
        "recurrence": None,
        "tags": ("Phòng Kế hoạch - Tài chính",),
        "link": "https://van-ban.example.vn/documents/1?finding=task-2#page-1",
        "custom:leads": "Phòng Kế hoạch - Tài chính",
        "custom:supports": None,
        "custom:assigner": "Sở Y tế",
        "custom:source": "Kế hoạch số 47/KH-SYT ngày 12/3/2026 của Sở Y tế",
        "custom:section": "mục I.3",
        "custom:recurrence": None,
        "custom:citations": "Quyết định số 2760/QĐ-BYT ngày 4/7/2023",
        "custom:confidence": "85%",
        "custom:link": "https://van-ban.example.vn/documents/1?finding=task-2#page-1",
    }


def test_a_deadline_and_a_recurrence(corpus: Corpus, tracker: MemoryTracker) -> None:
    once, weekly, _ = (change.item.fields for change in plan_on(corpus, tracker, "2026-11-28").changes)
    assert (once["start"], once["due"], once["recurrence"]) == (None, "2026-06-30", None)
    # a Saturday: the next report is due on Thursday, not on all Thursdays since March
    assert (weekly["start"], weekly["due"], weekly["recurrence"]) == ("2026-12-03", "2026-12-03", "FREQ=WEEKLY;BYDAY=TH")
    assert "Thời hạn: 30/6/2026 (ngày 30/6/2026)" in str(once["notes"])
    assert "Định kỳ: thứ Năm hằng tuần (thứ Năm hằng tuần)" in str(weekly["notes"])


def test_a_recurrence_begins_no_earlier_than_its_document(corpus: Corpus, tracker: MemoryTracker) -> None:
    assert plan_on(corpus, tracker, "2026-01-01").changes[1].item.fields["due"] == "2026-03-12"


def test_a_recurrence_goes_on_from_the_day_on_which_it_was_sent(corpus: Corpus, tracker: MemoryTracker) -> None:
    push(corpus, plan_on(corpus, tracker, "2026-11-28"), tracker, name="theo-doi")
    assert {change.kind for change in plan_on(corpus, tracker, "2027-02-01").changes} == {"unchanged"}
    again(corpus, REVIEW_LISTS, WEEKLY.replace("thứ Năm", "thứ Sáu"), BUDGET)
    assert plan_on(corpus, tracker, "2027-02-01").changes[1].item.fields["due"] == "2027-02-05"


def test_a_plan_changes_nothing(corpus: Corpus, tracker: MemoryTracker) -> None:
    plan = planned(corpus, tracker)
    assert [change.kind for change in plan.changes] == ["create"] * 3
    assert (tracker.items, receipts_of(corpus, "theo-doi")) == ({}, ())


def test_edits_of_people_win(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit(TITLES[2], title="Mua hóa chất", notes="đã hỏi giá", assignee="thu", status="doing")
    again(corpus, REVIEW_LISTS, WEEKLY, BUDGET.replace("hóa chất", "hóa chất diệt muỗi"))
    outcome = sent(corpus, tracker)
    assert outcome.done == {"unchanged": 2, "conflict": 1}
    found = tracker.find("Mua hóa chất")
    assert (found.fields["notes"], found.fields["assignee"], found.fields["status"]) == ("đã hỏi giá", "thu", "doing")
    (conflict,) = (change for change in planned(corpus, tracker).changes if change.kind == "conflict")
    assert [(each.field, each.there) for each in conflict.conflicts] == [("title", "Mua hóa chất"), ("notes", "đã hỏi giá")]
    assert conflict.conflicts[0].here == TITLES[2].replace("hóa chất", "hóa chất diệt muỗi")


def test_an_edit_that_nothing_here_contradicts_is_no_conflict(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit(TITLES[0], title="Ổ dịch", due="2026-07-15")
    for _ in range(2):
        assert sent(corpus, tracker).done == {"unchanged": 3}
    assert tracker.find("Ổ dịch").fields["due"] == "2026-07-15"


def test_a_field_that_both_left_different_does_not_keep_others_back(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit(TITLES[0], title="Ổ dịch")
    again(corpus, REVIEW_LISTS.replace("30/6/2026", "15/7/2026"), WEEKLY, BUDGET)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    assert (tracker.find("Ổ dịch").fields["due"], tracker.find("Ổ dịch").fields["title"]) == ("2026-07-15", "Ổ dịch")
    assert sent(corpus, tracker).done == {"conflict": 1, "unchanged": 2}


def test_the_same_edit_on_both_sides_is_agreement(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit(TITLES[0], title=TITLES[0].replace("30/6/2026", "15/7/2026"))
    again(corpus, REVIEW_LISTS.replace("30/6/2026", "15/7/2026"), WEEKLY, BUDGET)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    again(corpus, REVIEW_LISTS.replace("30/6/2026", "20/7/2026"), WEEKLY, BUDGET)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    assert tracker.find(TITLES[0].replace("30/6/2026", "20/7/2026")).fields["due"] == "2026-07-20"


def test_a_new_parse_updates_tasks_instead_of_making_them_again(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    before = {remote.key for remote in tracker.items.values()}
    again(
        corpus,
        "Giao Văn phòng Sở theo dõi việc thực hiện Kế hoạch này, báo cáo Giám đốc Sở.",
        REVIEW_LISTS.replace("ổ dịch", "các ổ dịch"),
        WEEKLY,
        BUDGET,
    )
    outcome = sent(corpus, tracker)
    # every task moved one number down; one is worded otherwise
    assert outcome.done == {"update": 3, "create": 1}
    assert before < {remote.key for remote in tracker.items.values()}
    assert sorted(map(str, titles(tracker))) == sorted(
        [TITLES[0].replace("ổ dịch", "các ổ dịch"), *TITLES[1:], "Theo dõi việc thực hiện Kế hoạch này, báo cáo Giám đốc Sở"]
    )
    assert "mục I.4" in str(tracker.find("Bố trí").fields["notes"])


def test_a_vanished_task_is_marked_and_not_deleted(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    notes = tracker.find("Bố trí").fields["notes"]
    again(corpus, REVIEW_LISTS, WEEKLY)
    assert sent(corpus, tracker).done == {"gone": 1, "unchanged": 2}
    found = tracker.find("Bố trí").fields
    assert (found["tags"], found["notes"], found["status"]) == (("Phòng Kế hoạch - Tài chính", GONE), f"{GONE_NOTICE}\n\n{notes}", "open")
    assert sent(corpus, tracker).done == {"unchanged": 3}


def test_a_new_task_never_takes_the_key_of_a_vanished_one(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    again(corpus, REVIEW_LISTS, WEEKLY, BUDGET.replace("mua hóa chất", "mua hóa chất, máy phun"))
    sent(corpus, tracker)
    again(corpus, REVIEW_LISTS, WEEKLY)
    sent(corpus, tracker)
    again(corpus, REVIEW_LISTS, WEEKLY, BUDGET.replace("mua hóa chất", "mua hóa chất, máy phun"), BUDGET)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2, "create": 1}
    assert len({remote.key for remote in tracker.items.values()}) == len(tracker.items) == 4


def test_a_vanished_task_that_comes_back_loses_its_mark(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    before = tracker.find("Bố trí")
    again(corpus, REVIEW_LISTS, WEEKLY)
    sent(corpus, tracker)
    again(corpus, REVIEW_LISTS, WEEKLY, BUDGET)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    assert tracker.find("Bố trí") == before


def test_what_somebody_deleted_is_not_made_again(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    gone = tracker.find("Bố trí")
    del tracker.items[gone.id]
    assert sent(corpus, tracker).done == {"unchanged": 2, "conflict": 1}
    (change,) = (change for change in planned(corpus, tracker).changes if change.kind == "conflict")
    assert change.conflicts == (Conflict("item", gone.id, None, str(gone.key)),)
    assert len(tracker.items) == 2


def test_tasks_that_the_filters_leave_out_are_not_vanished(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    plan = planned(corpus, tracker, filters=Filters(year=("1999",)))
    assert plan.changes == []


def test_uncertain_tasks_wait_for_a_review(tmp_path: Path, tracker: MemoryTracker) -> None:
    corpus = corpus_of(tmp_path / "corpus.db", less_certain(RECORD, 2, 0.4))
    assert sent(corpus, tracker).done == {"create": 2}
    (waiting,) = held(corpus)
    assert (waiting.target, waiting.document_id, waiting.task_id, waiting.confidence) == ("theo-doi", 1, "I.3/1", 0.4)
    assert sent(corpus, tracker).done == {"unchanged": 2}
    correct(corpus, 1, "task", "set", start=waiting.start, end=waiting.end, field="confidence", value=1.0, author="thu")
    assert sent(corpus, tracker).done == {"unchanged": 2, "create": 1}
    assert held(corpus) == ()
    corpus.close()


def test_a_lower_limit_sends_what_was_held(tmp_path: Path, tracker: MemoryTracker) -> None:
    corpus = corpus_of(tmp_path / "corpus.db", less_certain(RECORD, 2, 0.4))
    sent(corpus, tracker)
    assert sent(corpus, tracker, min_confidence=0.3).done == {"unchanged": 2, "create": 1}
    assert held(corpus) == ()
    # and what was sent stays, whatever the limit is then
    assert sent(corpus, tracker, min_confidence=0.99).done == {"unchanged": 3}
    corpus.close()


def test_a_held_task_that_vanishes_leaves_the_review_list(tmp_path: Path, tracker: MemoryTracker) -> None:
    record = less_certain(RECORD, 2, 0.4)
    corpus = corpus_of(tmp_path / "corpus.db", record)
    sent(corpus, tracker)
    parse_again(corpus, record, plan_record([REVIEW_LISTS, WEEKLY]))
    assert sent(corpus, tracker).done == {"unchanged": 2}
    assert [receipt.state for receipt in receipts_of(corpus, "theo-doi")] == ["sent", "sent"]
    corpus.close()


def test_agencies_go_to_their_places_and_others_are_listed(corpus: Corpus, tracker: MemoryTracker) -> None:
    settings = SETTINGS.model_copy(update={"agencies": {"Phòng Kế hoạch -  Tài Chính": Assignment(place="tai-chinh")}})
    plan = planned(corpus, tracker, settings=settings)
    assert [change.item.place for change in plan.changes] == ["chung", "chung", "tai-chinh"]
    assert plan.unmapped == {"Trung tâm Kiểm soát bệnh tật tỉnh": 1, "Trung tâm Y tế khu vực Việt Trì": 1}


def test_the_full_name_of_an_agency_is_a_name_of_it(corpus: Corpus, tracker: MemoryTracker) -> None:
    settings = SETTINGS.model_copy(update={"agencies": {"Trung tâm Kiểm soát bệnh tật tỉnh Phú Thọ": Assignment(place="cdc")}})
    assert [change.item.place for change in planned(corpus, tracker, settings=settings).changes] == ["cdc", "chung", "chung"]


def test_without_a_default_place_nothing_is_sent(corpus: Corpus, tracker: MemoryTracker) -> None:
    with pytest.raises(TrackerError, match="has no default place"):
        planned(corpus, tracker, settings=SETTINGS.model_copy(update={"place": None}))


def test_an_item_stays_where_it_is_when_the_mapping_changes(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    settings = SETTINGS.model_copy(update={"agencies": {"Phòng Kế hoạch - Tài chính": Assignment(place="tai-chinh")}})
    assert sent(corpus, tracker, settings=settings).done == {"unchanged": 3}


def test_documents_are_above_their_tasks(corpus: Corpus) -> None:
    tracker = MemoryTracker(has_parents=True)
    assert sent(corpus, tracker).done == {"create": 4}
    assert titles(tracker)[0] == "Kế hoạch số 47/KH-SYT ngày 12/3/2026: Phòng, chống dịch bệnh năm 2026"
    assert list(tracker.parents.values()) == [None, "1", "1", "1"]
    assert sent(corpus, tracker).done == {"unchanged": 4}
    without = SETTINGS.model_copy(update={"parents": False})
    plan = plan_push(corpus, tracked_tasks(corpus), MemoryTracker(has_parents=True), name="lich", settings=without)
    assert [change.item.parent for change in plan.changes] == [None] * 3


def test_two_files_of_a_document_are_one(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    add(corpus, plan_record([REVIEW_LISTS, WEEKLY, BUDGET, "Giao Văn phòng Sở theo dõi việc thực hiện Kế hoạch này."]))
    assert sent(corpus, tracker).done == {"unchanged": 3}


def test_of_two_files_the_one_that_was_not_scanned_is_sent(tmp_path: Path, tracker: MemoryTracker) -> None:
    scanned = plan_record([REVIEW_LISTS, "Giao Văn phòng Sở theo dõi việc thực hiện Kế hoạch này."])
    scanned = scanned.model_copy(update={"source": scanned.source.model_copy(update={"text_origin": "ocr"})})
    corpus = corpus_of(tmp_path / "corpus.db", scanned, RECORD)
    sent(corpus, tracker)
    assert titles(tracker) == list(TITLES)
    corpus.close()


def crash(at: int) -> Callable[[str], None]:
    calls = iter(range(100))

    def maybe(_: str) -> None:
        if next(calls) == at:
            raise KeyboardInterrupt

    return maybe


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("when", ["fails", "loses"])
def test_a_run_that_was_stopped_goes_on(corpus: Corpus, tracker: MemoryTracker, at: int, when: str) -> None:
    setattr(tracker, when, crash(at))
    with pytest.raises(KeyboardInterrupt):
        sent(corpus, tracker)
    setattr(tracker, when, lambda _: None)
    sent(corpus, tracker)
    assert titles(tracker) == list(TITLES)
    assert sent(corpus, tracker).done == {"unchanged": 3}


def test_a_lost_ledger_makes_nothing_twice(corpus: Corpus, tracker: MemoryTracker, tmp_path: Path) -> None:
    sent(corpus, tracker)
    tracker.edit("Bố trí", title="Mua hóa chất")
    other = corpus_of(tmp_path / "other.db", RECORD)
    assert sent(other, tracker).done == {"unchanged": 3}
    assert sent(other, tracker).done == {"unchanged": 3}
    assert len(tracker.items) == 3
    assert tracker.find("Mua hóa chất")
    other.close()


def test_an_unanswered_creation_is_looked_for_first(corpus: Corpus, tracker: MemoryTracker) -> None:
    calls = iter(range(10))

    def lose(_: str) -> None:
        if next(calls) == 1:
            raise Unanswered("theo-doi")

    tracker.loses = lose
    assert sent(corpus, tracker).done == {"create": 3}
    assert titles(tracker) == list(TITLES)


def test_a_creation_that_did_not_arrive_is_tried_again(corpus: Corpus, tracker: MemoryTracker) -> None:
    calls = iter(range(10))

    def fail(_: str) -> None:
        if next(calls) == 1:
            raise Unanswered("theo-doi")

    tracker.fails = fail
    assert sent(corpus, tracker).done == {"create": 3}
    assert titles(tracker) == list(TITLES)


def test_a_tracker_that_goes_down_in_the_middle_loses_nothing(corpus: Corpus, tracker: MemoryTracker) -> None:
    calls = iter(range(10))

    def fail(_: str) -> None:
        if next(calls) >= 1:
            raise TrackerError("theo-doi", "cannot be reached")

    tracker.fails = fail
    outcome = sent(corpus, tracker)
    assert (outcome.done, outcome.left, str(outcome.stopped)) == (
        {"create": 1},
        2,
        "theo-doi: cannot be reached. Nothing is lost; the same command goes on where it stopped.",
    )
    tracker.fails = lambda _: None
    assert sent(corpus, tracker).done == {"unchanged": 1, "create": 2}
    assert titles(tracker) == list(TITLES)


def test_an_item_that_is_refused_does_not_stop_the_others(corpus: Corpus, tracker: MemoryTracker) -> None:
    calls = iter(range(10))

    def fail(_: str) -> None:
        if next(calls) == 1:
            raise Refused("theo-doi", "refuses it (status 422: Assignee is invalid)", hint="")

    tracker.fails = fail
    outcome = sent(corpus, tracker)
    assert outcome.done == {"create": 2}
    assert [(change.item.fields["title"], error) for change, error in outcome.failed] == [
        (TITLES[1], "theo-doi: refuses it (status 422: Assignee is invalid).")
    ]
    assert sent(corpus, tracker).done == {"unchanged": 2, "create": 1}


def test_an_edit_between_reading_and_writing_is_kept(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    again(corpus, REVIEW_LISTS.replace("30/6/2026", "15/7/2026"), WEEKLY, BUDGET)
    calls = iter(range(10))

    def change(_: str) -> None:
        if next(calls) == 0:
            tracker.edit(TITLES[0], title="Ổ dịch")
            raise Changed("theo-doi")

    tracker.fails = change
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    assert (tracker.find("Ổ dịch").fields["due"], tracker.find("Ổ dịch").fields["title"]) == ("2026-07-15", "Ổ dịch")


def test_a_tracker_that_cannot_be_read_gets_each_change_once(corpus: Corpus) -> None:
    tracker = Unreadable()
    sent(corpus, tracker)
    assert sent(corpus, tracker).done == {"unchanged": 3}
    again(corpus, REVIEW_LISTS, WEEKLY, BUDGET.replace("hóa chất", "hóa chất diệt muỗi"))
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 2}
    assert pull(corpus, tracker, name="theo-doi", settings=SETTINGS).readable is False


def test_what_became_of_tasks_comes_back(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit("Bố trí", status="done", done_on="2026-05-02")
    tracker.edit("Báo cáo", status="doing")
    pulled = pull(corpus, tracker, name="theo-doi", settings=SETTINGS)
    assert [(receipt.task_id, receipt.progress, receipt.done_on) for receipt in pulled.heard] == [
        ("I.2/1", "doing", None),
        ("I.3/1", "done", "2026-05-02"),
    ]
    found = {task.id: (task.progress, task.done_on, task.due) for task in task_list(corpus).tasks}
    assert found == {"I.1/1": (None, None, "overdue"), "I.2/1": ("doing", None, "recurring"), "I.3/1": ("done", "2026-05-02", "done")}
    assert count_due(corpus)["done"] == 1
    assert pull(corpus, tracker, name="theo-doi", settings=SETTINGS).heard == []
    assert sent(corpus, tracker).done == {"unchanged": 3}


def test_a_person_may_open_a_task_again(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit("Bố trí", status="done", done_on="2026-05-02")
    pull(corpus, tracker, name="theo-doi", settings=SETTINGS)
    tracker.edit("Bố trí", status="open")
    assert sent(corpus, tracker).done == {"unchanged": 3}
    assert tracker.find("Bố trí").fields["status"] == "open"
    assert {task.id: task.progress for task in task_list(corpus).tasks}["I.3/1"] == "open"


def test_a_dry_pull_writes_nothing(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    tracker.edit("Bố trí", status="done", done_on="2026-05-02")
    assert len(pull(corpus, tracker, name="theo-doi", settings=SETTINGS, write_down=False).heard) == 1
    assert {task.progress for task in task_list(corpus).tasks} == {None}


def test_one_tracker_hears_from_the_corpus_what_another_one_said(corpus: Corpus, tracker: MemoryTracker) -> None:
    other = MemoryTracker()
    sent(corpus, tracker)
    push(corpus, plan_push(corpus, tracked_tasks(corpus), other, name="lich", settings=SETTINGS), other, name="lich")
    tracker.edit("Bố trí", status="done", done_on="2026-05-02")
    pull(corpus, tracker, name="theo-doi", settings=SETTINGS)
    plan = plan_push(corpus, tracked_tasks(corpus), other, name="lich", settings=SETTINGS)
    assert push(corpus, plan, other, name="lich").done == {"update": 1, "unchanged": 2}
    assert other.find("Bố trí").fields["status"] == "done"
    assert {task.id: task.done_on for task in task_list(corpus).tasks}["I.3/1"] == "2026-05-02"


def test_postgresql(postgres: str, tracker: MemoryTracker) -> None:
    corpus = corpus_of(postgres, RECORD)
    assert sent(corpus, tracker).done == {"create": 3}
    tracker.edit("Báo cáo", status="done", done_on="2026-05-02")
    again(corpus, REVIEW_LISTS.replace("30/6/2026", "15/7/2026"), WEEKLY)
    assert sent(corpus, tracker).done == {"update": 1, "unchanged": 1, "gone": 1}
    assert sent(corpus, tracker).done == {"unchanged": 3}
    assert [(task.id, task.due, task.done_on) for task in task_list(corpus, today=dt.date(2026, 3, 20)).tasks] == [
        ("I.1/1", "later", None),
        ("I.2/1", "done", "2026-05-02"),
    ]
    with corpus.sending("theo-doi"), pytest.raises(CorpusError, match="theo-doi: is being filled by another docparse"), corpus.sending("theo-doi"):
        pass
    with corpus.sending("theo-doi"), corpus.sending("lich"):
        corpus.close()


def test_a_missing_item_is_told(corpus: Corpus, tracker: MemoryTracker) -> None:
    sent(corpus, tracker)
    del tracker.items[tracker.find("Bố trí").id]
    assert [receipt.task_id for receipt in pull(corpus, tracker, name="theo-doi", settings=SETTINGS).missing] == ["I.3/1"]
