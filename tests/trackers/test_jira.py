"""What is particular to Jira, against servers that keep its published contracts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contract_server import Fault
from hostile import PIECES
from hypothesis import given
from hypothesis import strategies as st
from rest_cases import CLOUD, DATA_CENTER, LINK, Case, Opened, item, key

from docparse.errors import TrackerError
from docparse.trackers.http import Refused
from docparse.trackers.items import Item, Remote
from docparse.trackers.markdown import plain
from docparse.trackers.targets.jira_text import build_document, build_wiki, escape_wiki, read_document, read_wiki, unescape_wiki

EDITIONS = pytest.mark.parametrize("case", [CLOUD, DATA_CENTER], ids=lambda case: case.name)
WIKI = ["{code}", "[~an]", "h1. a", " h2. a", "bq. b", "!a.png!", "(x)", "(flag)", ":)", ";)", "??c??", "----", "-a-", "* a", "# a", "\\\\", "|a|"]
TEXTS = st.lists(st.one_of(st.sampled_from([*PIECES, *WIKI, " ", "\n", "\n\n"]), st.text(max_size=4)), max_size=12).map("".join)


def make(opened: Opened, number: int = 1, place: str = "CT", **fields: Any) -> Remote:
    return opened.tracker.create(item(number, place, parent=key(99), **fields), parent_id=None)


def test_what_cloud_is_sent() -> None:
    opened = CLOUD.open()
    made = make(opened, notes="Một\nhai\n\nba @an", assignee=CLOUD.person, tags=("Sở Y tế",), status="doing")
    paragraphs = [
        [{"type": "text", "text": "Một"}, {"type": "hardBreak"}, {"type": "text", "text": "hai"}],
        [{"type": "text", "text": "ba @an"}],
        [{"type": "text", "text": f"docparse:{key(1)}", "marks": [{"type": "link", "attrs": {"href": LINK}}]}],
    ]
    assert opened.server.bodies("create_issue", "do_transition") == [
        {
            "fields": {
                "project": {"key": "CT"},
                "issuetype": {"name": "Task"},
                "summary": "Rà soát danh sách ổ dịch",
                "description": {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": content} for content in paragraphs]},
                "duedate": "2026-06-28",
                "assignee": {"accountId": CLOUD.person},
                "labels": ["docparse", "Sở_Y_tế"],
                "customfield_10050": "Sở Y tế",
            }
        },
        {"transition": {"id": "2"}},
    ]
    assert (made.id, made.url, made.place, made.fields["status"]) == ("10000", "https://ct.example.vn/browse/CT-1", "CT", "doing")


def test_what_data_center_is_sent() -> None:
    opened = DATA_CENTER.open()
    make(opened, notes="[~an] {code}\n- một", assignee="an.nguyen")
    (body,) = opened.server.bodies("create_issue")
    assert body["fields"]["description"] == f"&#91;&#126;an&#93; &#123;code&#125;\n&#45; một\n\n[docparse:{key(1)}|{LINK}]"
    assert body["fields"]["assignee"] == {"name": "an.nguyen"}


def test_cloud_needs_the_user_of_the_token() -> None:
    with pytest.raises(TrackerError, match=r'has no user. Give user = "…": the e-mail address'):
        CLOUD.open(user=None)


@pytest.mark.parametrize("count", [3, 100, 130, 230])
def test_cloud_finds_what_its_index_does_not_know(count: int) -> None:
    opened = CLOUD.open()
    make(opened, 1)
    opened.server.tracker.reindex()
    for number in range(2, count + 1):
        make(opened, number)
    assert [remote.key for remote in opened.tracker.read(["CT"], {})] == [key(number) for number in range(1, count + 1)]


def test_a_project_without_issues_and_with_an_empty_index() -> None:
    opened = CLOUD.open()
    assert opened.tracker.read(["CT"], {}) == []
    make(opened)
    assert [remote.key for remote in opened.tracker.read(["CT"], {})] == [key(1)]


def test_values_of_cloud_come_from_the_database() -> None:
    opened = CLOUD.open()
    made = make(opened)
    opened.server.tracker.reindex()
    opened.tracker.read(["CT"], {key(1): made.id})
    assert [body["fields"] for body in opened.server.bodies("search_jql")] == [["id"], ["id"]]


def test_an_issue_that_cloud_cannot_give_now_is_not_gone() -> None:
    opened = CLOUD.open()
    made = make(opened)
    opened.server.tracker.errors = [{"id": made.id, "errorMessage": "Timeout"}]
    with pytest.raises(TrackerError, match=r"could not give all issues \(Timeout\)"):
        opened.tracker.read([], {key(1): made.id})


@pytest.mark.parametrize(("gap", "found"), [(0, 2), (2, 2), (3, 1)])
def test_data_center_looks_a_little_beyond_its_index(gap: int, found: int) -> None:
    opened = DATA_CENTER.open()
    make(opened, 1)
    opened.server.tracker.lags = True  # another node wrote it
    opened.server.tracker.numbers["CT"] += gap
    make(opened, 2)
    assert len(opened.tracker.read(["CT"], {})) == found


@EDITIONS
def test_an_issue_is_known_in_another_project(case: Case) -> None:
    opened = case.open()
    made = make(opened)
    opened.rows[0]["key"] = "KHAC-1"
    opened.rows[0]["fields"]["project"] = {"key": "KHAC"}
    (found,) = opened.tracker.read(["CT"], {key(1): made.id})
    assert (found.id, found.place, found.url) == (made.id, "KHAC", f"{case.settings['url']}/browse/KHAC-1")
    assert [remote.key for remote in opened.tracker.read(["KHAC"], {})] == [key(1)]


@EDITIONS
def test_a_step_that_the_workflow_lacks_is_told(case: Case) -> None:
    opened = case.open()
    made = make(opened)
    opened.server.tracker.forbidden = {"Done"}
    with pytest.raises(Refused, match=r"has no step that makes https://\S+/browse/CT-1 done \(there are: In Progress, Cancelled\).*options.statuses"):
        opened.tracker.update(made, {"status": "done"})
    assert opened.rows[0]["fields"]["status"]["name"] == "To Do"


def test_without_a_name_cancelled_is_done() -> None:
    opened = CLOUD.open(options={})
    made = make(opened, status="cancelled")
    assert (made.fields["status"], opened.rows[0]["fields"]["status"]["name"], made.done_on) == ("done", "Done", "2026-05-02")
    opened.tracker.update(made, {"status": "cancelled"})
    assert len(opened.server.bodies("do_transition")) == 1


@EDITIONS
def test_what_jira_does_not_take_is_told(case: Case) -> None:
    opened = case.open(options={**case.settings["options"], "type": "Việc"})
    with pytest.raises(Refused, match=r"status 400: .*Specify a valid issue type"):
        make(opened)
    assert opened.rows == []


def test_epics_of_data_center_have_fields_of_their_own() -> None:
    opened = DATA_CENTER.open(
        options={"edition": "datacenter", "type": "Nhiệm vụ", "parent_type": "Epic", "epic_link": "customfield_1", "epic_name": "customfield_2"}
    )
    above = opened.tracker.create(Item(key(99), "CT", {"title": "Kế hoạch 214"}), parent_id=None)
    opened.tracker.create(item(1, "CT", parent=key(99)), parent_id=above.id)
    first, second = (body["fields"] for body in opened.server.bodies("create_issue"))
    assert (first["issuetype"], first["customfield_2"]) == ({"name": "Epic"}, "Kế hoạch 214")
    assert (second["issuetype"], second["customfield_1"], "parent" in second) == ({"name": "Nhiệm vụ"}, "CT-1", False)


def test_names_in_a_search_are_quoted() -> None:
    opened = CLOUD.open()
    opened.server.faults.append(Fault("search_jql", 400, {"errorMessages": ["no such project"], "errors": {}}))
    with pytest.raises(TrackerError, match=r"cannot read 'A\" OR \"1' .*no such project"):
        opened.tracker.read(['A" OR "1'], {})
    assert opened.server.bodies("search_jql")[0]["jql"] == 'project = "A\\" OR \\"1" AND labels = "docparse" ORDER BY created ASC'


@given(TEXTS, st.sampled_from([None, LINK]))
def test_documents_come_back(notes: str, link: str | None) -> None:
    assert read_document(build_document(notes, link, key(1))) == (plain(notes), link, key(1))


@given(TEXTS, st.sampled_from([None, LINK]))
def test_wiki_markup_comes_back(notes: str, link: str | None) -> None:
    assert read_wiki(build_wiki(notes, link, key(1))) == (plain(notes), link, key(1))
    assert unescape_wiki(escape_wiki(notes)) == plain(notes)


ACTIVE = r"[\\*_+^~{}\[\]|@]|&(?!#\d+;)|(?<!&)#|!\S|\?\?|:\S|;\)|\([^\s()&;]{1,8}\)|(?<!\w)-|-(?!\w)|[A-Z][A-Z0-9]+-\d|^\s*(?:h\d|bq)\."


@given(TEXTS)
def test_wiki_markup_does_nothing(text: str) -> None:
    assert not re.search(ACTIVE, escape_wiki(text), re.MULTILINE)


@pytest.mark.parametrize("piece", WIKI)
def test_each_danger_of_wiki_markup(piece: str) -> None:
    text = f"{piece}\na {piece} b\n\n{piece}"
    assert re.search(ACTIVE, text, re.MULTILINE)
    assert not re.search(ACTIVE, escape_wiki(text), re.MULTILINE)
    assert unescape_wiki(escape_wiki(text)) == plain(text)


def test_ordinary_text_is_ordinary_wiki_markup() -> None:
    text = "Giao Sở Y tế (Phòng Nghiệp vụ) báo cáo: theo Nghị định 30/2020/NĐ-CP, ngày 5-3-2020; 50%."
    assert escape_wiki(text) == text


def test_what_people_make_of_a_document() -> None:
    def node(kind: str, *content: Any, **attributes: Any) -> dict[str, Any]:
        return {"type": kind, **({"content": list(content)} if content else {}), **({"attrs": attributes} if attributes else {})}

    def text(words: str) -> dict[str, Any]:
        return {"type": "text", "text": words}

    items = node("bulletList", *(node("listItem", node("paragraph", text(words))) for words in ("một", "hai")))
    last = node("paragraph", text(f"docparse:{key(1)}"))
    mention = node("paragraph", text("gửi "), node("mention", id="1", text="@An"), text(" "), node("inlineCard", url="https://x.example.vn"))
    document = node("doc", node("heading", text("Đầu"), level=2), items, last, mention, node("rule"))
    assert read_document(document) == ("Đầu\n\nmột\nhai\n\ngửi @An https://x.example.vn", None, key(1))
    assert read_document(None) == ("", None, None)
    assert read_wiki(f"*đậm* \\[x\\] &amp;\r\n\r\ndocparse:{key(1)}\r\nThêm") == ("*đậm* [x] &\n\nThêm", None, key(1))
    assert read_wiki(None) == ("", None, None)
