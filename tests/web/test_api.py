"""The JSON API: its answers, its errors, and that both are as its description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from conftest import PLAN
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sites import client, make_accounts, make_corpus, make_site

from docparse.pipeline import parse_bytes
from docparse.settings import Settings
from docparse.web import api

CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A site with accounts, which everybody may read."""
    folder = tmp_path_factory.mktemp("site")
    accounts = make_accounts(folder / "accounts.db", lan="reviewer", reader="reader")
    made = make_site(make_corpus(folder / "kho.db"), accounts=accounts, uploads_at_once=1)
    yield made
    made.state.corpus.close()
    made.state.accounts.close()


@pytest.fixture
def who(site: FastAPI) -> TestClient:
    """A program without a token."""
    return client(site)


@pytest.fixture
def reviewer(site: FastAPI) -> TestClient:
    """A program with the token of a reviewer."""
    made = client(site)
    made.headers["Authorization"] = f"Bearer {site.state.accounts.add_token('lan', label='', role='reviewer')}"
    return made


def ask(who: TestClient, path: str, status: int = 200, **parameters: Any) -> Any:
    answer = who.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == status, answer.text
    return answer.json()


# Questions


def test_search(who: TestClient) -> None:
    found = ask(who, "/search", q="phan bo von")
    assert (found["total"], sorted(hit["document"]["number"] for hit in found["hits"])) == (1, ["51/BC-BDT"])
    snippet = found["hits"][0]["snippets"][0]
    assert [snippet["text"][start:end] for start, end in snippet["marks"]] == ["phân bổ vốn"]
    assert ask(who, "/search", q="phân bổ vốn", doc_type=["kế hoạch", "công văn"])["total"] == 0
    assert ask(who, "/search", **{"from": "2026-06-01", "to": "2026-06-30"})["total"] == 1
    assert [hit["document"]["id"] for hit in ask(who, "/search", order="newest", limit=1, offset=1)["hits"]] == [1]


def test_counts(who: TestClient) -> None:
    assert [(count["value"], count["documents"]) for count in ask(who, "/facets", name="doc_type")["doc_type"]] == [("báo cáo", 1), ("kế hoạch", 1)]
    assert ask(who, "/facets", name=["year"], q="phan bo von").keys() == {"year"}
    assert sum(count["documents"] for count in ask(who, "/series", by="year")) == 2
    table = ask(who, "/crosstab", rows="doc_type", columns="year")
    assert sum(map(sum, table["counts"])) == 2


def test_concordance(who: TestClient) -> None:
    line = ask(who, "/kwic", q="phân bổ vốn", width=20)["lines"][0]
    assert (line["keyword"], line["document"]["id"], line["right"]) == ("phân bổ vốn", 2, ".")
    assert ask(who, "/kwic/counts", q="phân bổ vốn") == [{"value": "2026", "places": 1}]
    assert isinstance(ask(who, "/collocates", q="kế hoạch"), list)


def test_citations(who: TestClient) -> None:
    link = ask(who, "/documents/2/citations")[0]
    assert (link["link"]["cited_id"], link["cited"]["document"]["number"]) == (1, "47/KH-BDT")
    assert [row["citing"]["id"] for row in ask(who, "/documents/1/cited-by")] == [2]
    assert {node["document_id"] for node in ask(who, "/graph/2")["nodes"]} >= {1, 2}
    assert ask(who, "/graph/1/chain")["nodes"][0]["document_id"] == 1
    assert ask(who, "/cited", limit=1)[0]["documents"] == 1
    assert ask(who, "/unfounded") == []


def test_document(who: TestClient) -> None:
    found = ask(who, "/documents/1")
    assert (found["document"]["number"], found["header"]["doc_type"], found["cited_by"]) == ("47/KH-BDT", "kế hoạch", 1)
    record = parse_bytes(PLAN.encode(), location="ke-hoach-47.txt", filename="ke-hoach-47.txt", settings=Settings())
    assert ask(who, "/documents/1/record") == record.model_dump(mode="json")
    assert ask(who, "/documents/1/similar") == []
    assert ask(who, "/documents/1/compare/2")["repeated"] < 0.5
    assert "/dossier/" not in who.get("/api/v1/documents/1").text


def test_agencies_and_tasks(who: TestClient) -> None:
    first = ask(who, "/agencies", limit=1)[0]
    assert ask(who, f"/agencies/{first['id']}")["line"] == first
    page = ask(who, "/tasks", today="2026-01-01")
    assert page["total"] == len(page["tasks"]) > 0
    assert sum(ask(who, "/tasks/counts", today="2026-01-01").values()) == page["total"]
    days = [task["last_day"] for task in page["tasks"] if task["last_day"]]
    assert days[0] in ask(who, "/calendar", calendar_month=days[0][:7])


# Corrections


def test_correction_of_a_reviewer(who: TestClient, reviewer: TestClient) -> None:
    path = "/api/v1/documents/1/corrections"
    wanted = {"kind": "header", "action": "set", "field": "place", "value": "Hà Nội", "note": "theo bản giấy"}
    answer = reviewer.post(path, json=wanted)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["author"], made["after"], made["note"], made["withdrawn"]) == ("lan", "Hà Nội", "theo bản giấy", None)
    assert [row["id"] for row in ask(who, "/documents/1/corrections")] == [made["id"]]
    assert ask(who, "/documents/1")["header"]["place"] == "Hà Nội"
    assert ask(who, "/documents/1/record", parsed=True)["header"]["place"] != "Hà Nội"
    assert reviewer.delete(f"/api/v1/documents/2/corrections/{made['id']}").status_code == 404
    taken = reviewer.delete(f"{path}/{made['id']}")
    assert (taken.status_code, taken.json()["withdrawn_by"]) == (200, "lan")
    assert ask(who, "/documents/1")["header"]["place"] != "Hà Nội"


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"kind": "header", "action": "set", "field": "colour", "value": "red"}, 422, "correction"),
        ({"kind": "header", "action": "set", "field": "date", "value": "yesterday"}, 422, "correction"),
        ({"kind": "verse", "action": "set"}, 422, "invalid"),
        ({"kind": "header", "action": "set", "field": "place", "value": "a", "colour": "red"}, 422, "invalid"),
        ({"kind": "header", "action": "set", "field": "place", "value": "a", "note": "a\0b"}, 422, "invalid"),
    ],
)
def test_correction_that_does_not_fit(reviewer: TestClient, wanted: dict[str, Any], status: int, code: str) -> None:
    answer = reviewer.post("/api/v1/documents/1/corrections", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_may_correct(site: FastAPI, who: TestClient) -> None:
    path, wanted = "/api/v1/documents/1/corrections", {"kind": "header", "action": "set", "field": "place", "value": "Huế"}
    assert who.post(path, json=wanted).json()["code"] == "login_needed"
    reader = {"Authorization": f"Bearer {site.state.accounts.add_token('reader', label='', role='admin')}"}
    assert who.post(path, json=wanted, headers=reader).json()["code"] == "role"
    weak = {"Authorization": f"Bearer {site.state.accounts.add_token('lan', label='', role='reader')}"}
    assert who.post(path, json=wanted, headers=weak).json()["code"] == "role"


# Errors and description


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/documents/999", 404, "missing_entry"),
        ("/documents/999/record", 404, "missing_entry"),
        ("/agencies/none", 404, "missing_entry"),
        ("/documents/0", 422, "invalid"),
        ("/documents/abc", 422, "invalid"),
        (f"/documents/{2**63}", 422, "invalid"),
        ("/search?order=random", 422, "invalid"),
        ("/search?from=yesterday", 422, "invalid"),
        ("/calendar?calendar_month=2026-13", 422, "invalid"),
        ('/search?q="phân bổ', 400, "query"),
        ("/nothing", 404, "not_found"),
    ],
)
def test_errors(who: TestClient, path: str, status: int, code: str) -> None:
    answer = who.get(f"/api/v1{path}")
    assert (answer.status_code, answer.json()["code"], answer.json().keys()) == (status, code, {"code", "message", "hint"})


def test_description_is_complete(site: FastAPI) -> None:
    found = site.openapi()
    ways = {f"{method} {path}": way for path, each in found["paths"].items() for method, way in each.items() if not path.startswith("/test/")}
    assert all(path.split()[1].startswith("/api/v1/") for path in ways)
    assert [name for name, way in ways.items() if not way.get("description") or not way.get("tags")] == []
    parameters = {f"{name} {parameter['name']}": parameter for name, way in ways.items() for parameter in way.get("parameters", [])}
    assert len(parameters) > 100
    empty = [
        f"{name} {status}"
        for name, way in ways.items()
        for status, answer in way["responses"].items()
        if not any(content.get("schema") for content in answer.get("content", {}).values())
    ]
    assert empty == []


def test_no_page_with_foreign_assets(who: TestClient) -> None:
    assert [who.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 404]


# Anything at all


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """What a site on each engine says of its API, and the headers of a reviewer."""
    folder = tmp_path_factory.mktemp("described")
    where = folder / "kho.db" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres_url"))
    accounts = make_accounts(folder / "accounts.db", lan="reviewer")
    made = make_site(make_corpus(where), accounts=accounts, allowed_hosts=("testserver",))
    token = made.state.accounts.add_token("lan", label="", role="reviewer")
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", made), {"Authorization": f"Bearer {token}"}
    made.state.corpus.close()
    made.state.accounts.close()


def new_database(server: str) -> str:
    """An empty database on a server."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE described")
    return f"{server.rpartition('/')[0]}/described"


WAYS = [(method, path) for path, ways in FastAPI(routes=api.router.routes).openapi()["paths"].items() for method in ways]


@pytest.mark.parametrize(("method", "path"), WAYS)
def test_answers_are_as_described(described: tuple[Any, dict[str, str]], method: str, path: str) -> None:
    operation = described[0][path][method]
    headers = described[1] if "corrections" in path else None

    @given(case=operation.as_strategy(generation_mode=POSITIVE) | operation.as_strategy(generation_mode=NEGATIVE))
    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case: schemathesis.Case) -> None:
        for name in case.path_parameters.keys() & {"document_id", "other_id"}:
            if isinstance(case.path_parameters[name], int):
                case.path_parameters[name] %= 4  # half of them are there
        case.call_and_validate(checks=CHECKS, headers=headers)

    check()
