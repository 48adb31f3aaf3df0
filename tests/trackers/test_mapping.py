"""The file of trackers, and where passwords come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from docparse.errors import TrackerError
from docparse.trackers import secrets
from docparse.trackers.mapping import Assignment, TargetSettings, find_target, read_trackers

FILE = """
site = "https://van-ban.example.vn"

[targets.theo-doi]
kind = "redmine"
url = "https://redmine.example.vn"
project = "chung"
template = "mau.jinja"
min_confidence = 0.8

[targets.theo-doi.agencies]
"Sở Tài chính" = { project = "tai-chinh", assignee = "an" }
"so-y-te.phu-tho" = { assignee = "binh" }

[targets.lich]
kind = "caldav"
url = "https://lich.example.vn/dav/"
user = "van-phong"
calendar = "Nhiệm vụ"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trackers.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_is_read(file: Path) -> None:
    trackers = read_trackers(file)
    assert (trackers.site, list(trackers.targets)) == ("https://van-ban.example.vn", ["theo-doi", "lich"])
    redmine, calendar = trackers.targets.values()
    assert (redmine.kind, redmine.place, redmine.template, redmine.min_confidence) == ("redmine", "chung", file.parent / "mau.jinja", 0.8)
    assert (calendar.place, calendar.user, calendar.min_confidence, calendar.template) == ("Nhiệm vụ", "van-phong", 0.7, None)


def test_the_most_exact_name_of_an_agency_counts(file: Path) -> None:
    target = read_trackers(file).targets["theo-doi"]
    assert target.assignment(["so-tai-chinh.phu-tho", "Sở Tài chính tỉnh Phú Thọ", "Sở  tài chính"]) == Assignment(place="tai-chinh", assignee="an")
    assert target.assignment(["so-y-te.phu-tho", "Sở Y tế tỉnh Phú Thọ", "Sở Y tế"]) == Assignment(assignee="binh")
    assert target.assignment(["Sở Xây dựng"]) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[targets.x]\nkind = 'trello'\nurl = 'https://x.example.vn'", "targets.x.kind: Input should be 'caldav', 'redmine'"),
        ("[targets.x]\nkind = 'redmine'", "targets.x.url: Field required"),
        ("[targets.x]\nkind = 'redmine'\nurl = 'https://x.example.vn'\npassword = 'bi-mat'", "targets.x.password: Extra inputs are not permitted"),
        ("[targets.'a b']\nkind = 'redmine'\nurl = 'https://x.example.vn'", "String should match pattern"),
        ("targets = 1", "targets: Input should be a valid dictionary"),
        ("[targets", "is no TOML file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "trackers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrackerError) as error:
        read_trackers(path)
    assert reason in str(error.value)
    assert "docs/trackers.md" in str(error.value)
    assert "bi-mat" not in str(error.value)


def test_a_missing_file_and_a_missing_target(file: Path) -> None:
    with pytest.raises(TrackerError, match="cannot be opened"):
        read_trackers(file.with_name("none.toml"))
    with pytest.raises(TrackerError, match=r"is no target in trackers.toml \(there: theo-doi, lich\)"):
        find_target(read_trackers(file), "khac", Path("trackers.toml"))


def test_the_password_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCPARSE_SECRET_THEO_DOI", "bi-mat\n")
    assert secrets.secret_of("theo-doi") == "bi-mat"


def test_else_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    monkeypatch.delenv("DOCPARSE_SECRET_THEO_DOI", raising=False)
    monkeypatch.setattr(keyring, "get_password", lambda service, name: {("docparse", "theo-doi"): "bi-mat"}.get((service, name)))
    assert secrets.secret_of("theo-doi") == "bi-mat"
    with pytest.raises(TrackerError) as error:
        secrets.secret_of("lich")
    assert str(error.value) == "lich: has no password or token. Set DOCPARSE_SECRET_LICH, or: keyring set docparse lich."


def test_settings_can_be_made_in_python() -> None:
    assert TargetSettings(kind="caldav", url="https://lich.example.vn", place="Nhiệm vụ").place == "Nhiệm vụ"
