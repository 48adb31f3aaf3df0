"""Commands for researchers: search, facets, kwic, cited, tasks, agencies, agency, show: tables, JSON, CSV, hints, exit status, hostile texts."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import PLAN
from typer.testing import CliRunner, Result

from docparse.cli import answers, app
from docparse.cli.options import Form
from docparse.frames import Table
from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

runner = CliRunner()

LETTER = """UBND TỈNH HÒA BÌNH
SỞ TƯ PHÁP

Số: 61/STP-PBGD
V/v ra đề hội thi

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Hòa Bình, ngày 5 tháng 3 năm 2024

Kính gửi: Ban Dân tộc.

Thực hiện Kế hoạch số 47/KH-BDT ngày 20/02/2024 của Ban Dân tộc, Sở Tư pháp gửi bộ câu hỏi [bold]của[/bold] hội thi\x1b[2J, mã \x9b31m.

GIÁM ĐỐC
Nguyễn Văn Mẫu
"""
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A plan and a letter that cites it; the letter has markup and control characters in its text, and its subject is a formula."""
    path = str(tmp_path_factory.mktemp("cli") / "corpus.db")
    opened = Corpus(path, create=True)
    with opened.write() as writer:
        for name, text in (("ke-hoach-47.txt", PLAN), ("cong-van-61.txt", LETTER)):
            record = parse_bytes(text.encode(), location=name, filename=name, settings=Settings())
            if text is LETTER:
                hostile = record.text.replace("hội thi, mã", "hội thi\x1b[2J, mã")
                assert len(hostile) - len(record.text) in {0, 4}
                record = record.model_copy(update={"header": record.header.model_copy(update={"title": FORMULA})})
            entry = writer.add_entry(f"/made/{name}")
            writer.save(build_rows(record, entry.id, parser="test"), replace=False)
            writer.update_entry(entry.id, status="parsed", document_id=entry.id)
    opened.close()
    return path


def call(*args: str, corpus: str, status: int = 0) -> Result:
    command = 2 if args[0] == "tasks" else 1
    result = runner.invoke(app, [*args[:command], "--corpus", corpus, *args[command:]])
    assert result.exit_code == status, result.output
    return result


def said(*args: str, corpus: str) -> str:
    result = call(*args, corpus=corpus)
    assert result.stderr == ""
    return result.stdout


def as_json(*args: str, corpus: str) -> Any:
    return json.loads(said(*args, corpus=corpus))


def as_csv(*args: str, corpus: str) -> list[dict[str, str]]:
    text = said(*args, "--format", "csv", corpus=corpus)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_search_is_one_json_document_when_piped(corpus: str) -> None:
    found = as_json("search", "hoi thi", "--order", "oldest", corpus=corpus)
    assert (found["query"], found["total"], found["offset"]) == ("hoi thi", 2, 0)
    assert [hit["document"]["number"] for hit in found["hits"]] == ["47/KH-BDT", "61/STP-PBGD"]
    snippet = found["hits"][0]["snippets"][0]
    assert [snippet["text"][start:end].lower() for start, end in snippet["marks"]] != []
    assert "facets" not in found
    assert [count["documents"] for count in as_json("search", "hoi thi", "--facets", corpus=corpus)["facets"]["year"]] == [2]


def test_search_as_table(corpus: str) -> None:
    text = said("search", "hoi thi", "--format", "table", "--facets", corpus=corpus)
    assert "47/KH-BDT" in text
    assert "2024-03-05" in text
    assert "Ban Dân tộc" in text
    assert "2 documents" in text
    assert "doc type" in text
    assert max(map(len, text.splitlines())) <= 120


def test_search_as_csv_is_safe_in_a_spreadsheet(corpus: str) -> None:
    rows = as_csv("search", "--type", "CV", corpus=corpus)
    assert [(row["number"], row["title"]) for row in rows] == [("61/STP-PBGD", f"'{FORMULA}")]


def test_texts_of_documents_do_not_command_the_terminal(corpus: str) -> None:
    for args in (("search", "bo cau hoi"), ("kwic", "hội thi", "--width", "100"), ("show", "2")):
        text = said(*args, *(["--table"] if args[0] == "show" else ["--format", "table"]), corpus=corpus)
        assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text) == []
    assert "[bold]của[/bold] hội thi" in " ".join(said("search", "bo cau hoi", "--format", "table", corpus=corpus).split())


def test_pages_and_filters(corpus: str) -> None:
    one = as_json("search", "--order", "newest", "--limit", "1", "--page", "2", corpus=corpus)
    assert (one["total"], one["offset"], [hit["document"]["number"] for hit in one["hits"]]) == (2, 1, ["47/KH-BDT"])
    for options in (
        ("--type", "ke hoach"),
        ("--issuer", "ban dan toc"),
        ("--to", "1/3/2024"),
        ("--lead", "phong tuyen truyen"),
        ("--cited", "112/KH-UBND"),
    ):
        assert [hit["document"]["id"] for hit in as_json("search", *options, corpus=corpus)["hits"]] == [1]
    assert as_json("search", "--from", "2024-03-01", "--year", "2024", "--year", "2025", corpus=corpus)["total"] == 1


def test_nothing_found_is_an_empty_answer_and_a_hint(corpus: str) -> None:
    result = call("search", "zzz", corpus=corpus)
    assert json.loads(result.stdout)["hits"] == []
    assert result.stderr == "docparse: nothing found.\n"
    result = call("search", "--type", "luật", corpus=corpus)
    assert result.stderr == "docparse: nothing found. docparse facets shows which values there are.\n"
    result = call("search", "--page", "9", corpus=corpus)
    assert result.stderr == "docparse: there is no such page; give a smaller --page.\n"
    result = call("tasks", "list", "zzz", "--format", "csv", corpus=corpus)
    assert result.stdout.startswith("\ufeffdocument_id,number,")
    assert result.stderr == "docparse: nothing found.\n"
    assert json.loads(call("cited", "--unfounded", corpus=corpus).stdout) == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("search", '"chua dong'), "a quotation mark that is not closed"),
        (("kwic", "("), "parenthesis"),
        (("search", "a", "--level", "xã"), "xã: is no level. There are central, provincial, district, commune."),
        (("tasks", "list", "--status", "done"), "done: is no status of a task."),
        (("tasks", "list", "--from", "mai"), "mai: is no day."),
        (("search", "a", "--facets", "--format", "csv"), "docparse facets --format csv"),
        (("facets", "--by", "colour"), "there are doc_type, issuer"),
        (("facets", "--cross", "year"), "needs exactly one --by"),
        (("kwic", "a", "--count-by", "year", "--collocates"), "not both"),
        (("cited", "--chain"), "needs a DOC and --graph"),
        (("cited", "1", "--unfounded"), "goes without a DOC"),
    ],
)
def test_wrong_questions_end_with_status_2(corpus: str, args: tuple[str, ...], message: str) -> None:
    result = call(*args, corpus=corpus, status=2)
    assert result.stdout == ""
    assert message in re.sub(r"[\s│]+", " ", result.stderr)


def test_facets(corpus: str) -> None:
    assert as_json("facets", "--by", "doc_type", corpus=corpus) == {
        "doc_type": [{"value": name, "label": name, "documents": 1} for name in ("công văn", "kế hoạch")]
    }
    assert as_csv("facets", "hoi thi", "--by", "year", corpus=corpus) == [{"key": "year", "value": "2024", "label": "2024", "documents": "2"}]
    assert as_csv("facets", "--by", "year", "--cross", "doc_type", corpus=corpus) == [{"value": "2024", "công văn": "1", "kế hoạch": "1"}]
    assert "doc type" in said("facets", "--format", "table", corpus=corpus)


def test_kwic(corpus: str) -> None:
    found = as_json("kwic", "hội thi", "--type", "KH", corpus=corpus)
    assert [line["keyword"] for line in found["lines"]] == ["hội thi"]
    lines = said("kwic", "hội thi", "--format", "table", corpus=corpus).splitlines()
    assert len({line.index("hội thi") for line in lines[:-1]}) == 1
    assert lines[-1] == "3 places in 2 documents"
    assert as_json("kwic", "hội thi", "--count-by", "year", corpus=corpus) == [{"year": "2024", "places": 3}]
    assert set(as_csv("kwic", "hội thi", "--collocates", corpus=corpus)[0]) == {"word", "near", "everywhere", "score"}


def test_most_cited(corpus: str) -> None:
    assert [(row["documents"], row["document"] and row["document"]["id"]) for row in as_json("cited", corpus=corpus)] == [(1, None), (1, 1)]
    assert [row["number"] for row in as_csv("cited", corpus=corpus)] == ["", "47/KH-BDT"]
    assert "cited document" in said("cited", "--format", "table", corpus=corpus)


def test_what_a_document_cites_and_what_cites_it(corpus: str) -> None:
    found = as_json("cited", "47/KH-BDT", corpus=corpus)
    assert found["document"]["id"] == 1
    assert [(row["relation"], row["document_id"]) for row in found["cites"]] == [("basis", None)]
    assert [(row["name"], row["document_id"]) for row in found["cited_by"]] == [("61/STP-PBGD", 2)]
    absent = as_json("cited", "112/KH-UBND", corpus=corpus)
    assert (absent["document"], absent["cites"], [row["name"] for row in absent["cited_by"]]) == (None, [], ["47/KH-BDT"])
    assert [row["direction"] for row in as_csv("cited", "1", corpus=corpus)] == ["cites", "cited_by"]
    assert "Cited by (1)" in said("cited", "1", "--format", "table", corpus=corpus)
    assert call("cited", "1", "--relation", "repeals", corpus=corpus).stderr == "docparse: it cites nothing and nothing cites it.\n"
    assert "is not in the corpus" in call("cited", "48/KH-BDT", corpus=corpus, status=14).stderr


def test_graph_files(corpus: str, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    target = tmp_path / "graph.graphml"
    assert said("cited", "61/STP-PBGD", "--graph", str(target), corpus=corpus) == f"{target}: 3 documents, 2 citations\n"
    assert sorted(networkx.read_graphml(target).nodes)[:2] == ["document:1", "document:2"]
    assert "exists already" in call("cited", "2", "--graph", str(target), corpus=corpus, status=12).stderr
    said("cited", "2", "--graph", str(target), "--chain", "--relation", "implements", "--overwrite", corpus=corpus)
    assert len(networkx.read_graphml(target).edges) == 1
    said("cited", "--graph", str(tmp_path / "all.csv"), corpus=corpus)
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()[0] == "source,target,relation"
    assert len((tmp_path / "all-nodes.csv").read_text(encoding="utf-8").splitlines()) == 4
    assert "Let it end in .graphml or .csv." in call("cited", "--graph", str(tmp_path / "a.png"), corpus=corpus, status=12).stderr


def test_tasks(corpus: str) -> None:
    overdue = as_json("tasks", "list", "--due", "overdue", "--today", "2024-03-16", corpus=corpus)
    assert [(task["last_day"], task["leads"]) for task in overdue["tasks"]] == [("2024-03-15", ["Phòng Tuyên truyền"])]
    rows = as_csv("tasks", "list", "--lead", "tuyen truyen", "--support", "so tu phap", "--to", "31/12/2024", "--today", "2024-03-01", corpus=corpus)
    assert [(row["number"], row["leads"], row["due"]) for row in rows] == [("47/KH-BDT", "Phòng Tuyên truyền", "soon")]
    text = said("tasks", "list", "--today", "2024-01-01", "--soon", "30", "--format", "table", corpus=corpus)
    assert text.startswith("Later (1 of 1)\n")
    assert "Without a deadline (" in text


def test_agencies(corpus: str) -> None:
    found = as_json("agencies", "so tu phap", corpus=corpus)
    assert found[0]["name"] == "Sở Tư pháp tỉnh Hòa Bình"
    page = as_json("agency", found[0]["id"], corpus=corpus)
    assert [line["number"] for line in page["issued"]] == ["61/STP-PBGD"]
    assert "Issued (1)" in said("agency", found[0]["id"], "--format", "table", corpus=corpus)
    assert "mentioned in" in said("agencies", "--format", "table", corpus=corpus)
    assert "is not in the corpus" in call("agency", "none", corpus=corpus, status=14).stderr


@pytest.mark.parametrize("name", ["1", "47/KH-BDT", "ke-hoach-47.txt"])
def test_show(corpus: str, name: str) -> None:
    assert as_json("show", name, corpus=corpus)["header"]["number"] == "47/KH-BDT"
    text = said("show", name, "--table", corpus=corpus)
    assert text.split()[:2] == ["id", "1"]
    assert "/made/ke-hoach-47.txt" in text
    assert "cited by      1 document" in re.sub(r"cited by +", "cited by      ", text)
    assert "Tasks (" in text


def test_there_is_no_corpus(tmp_path: Path) -> None:
    assert "is not there" in call("search", "a", corpus=str(tmp_path / "none.db"), status=13).stderr


def test_csv_cells(capsys: pytest.CaptureFixture[str]) -> None:
    answers.print_csv(Table(("a", "b", "c", "d"), (("@x\x1b", ("một", "hai"), True, None), ("hai\ndòng", (), 1, 0.5))))
    assert capsys.readouterr().out == '\ufeffa,b,c,d\r\n\'@x\\x1b,một; hai,true,\r\n"hai\ndòng",,1,0.5\r\n'


def test_on_a_terminal_a_table_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers.chosen(None) is Form.JSON
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert (answers.chosen(None), answers.chosen(Form.CSV)) == (Form.TABLE, Form.CSV)
