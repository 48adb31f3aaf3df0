"""What users see: formats, folders, output files, streams."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import PLAN, ROOT
from typer.testing import CliRunner

from docparse import __version__
from docparse.cli import app
from docparse.output import Format
from docparse.record import Record

runner = CliRunner()


@pytest.fixture
def two_files(plan_file: Path) -> list[str]:
    other = plan_file.with_name("ke-hoach-48.txt")
    other.write_text(PLAN.replace("47/KH-BDT", "48/KH-BDT"), encoding="utf-8")
    return [str(plan_file), str(other)]


def run(*args: str, status: int = 0) -> str:
    result = runner.invoke(app, list(args))
    assert result.exit_code == status, result.output
    return result.stdout


def test_one_file_is_one_json_object_when_piped(plan_file: Path) -> None:
    out = run("parse", str(plan_file))
    record = Record.model_validate_json(out)
    assert record.header.number == "47/KH-BDT"
    assert record.source.filename == "ke-hoach-47.txt"
    assert "Giúp người dân các xã vùng cao" in out


def test_several_files_are_a_json_array(two_files: list[str]) -> None:
    assert [row["header"]["number"] for row in json.loads(run("parse", *two_files))] == ["47/KH-BDT", "48/KH-BDT"]


def test_array_stays_valid_if_a_file_fails(two_files: list[str]) -> None:
    out = run("parse", "missing.pdf", two_files[0], status=3)
    assert [row["header"]["number"] for row in json.loads(out)] == ["47/KH-BDT"]
    assert json.loads(run("parse", "missing.pdf", "gone.pdf", status=3)) == []


def test_jsonl_is_one_record_a_line(two_files: list[str]) -> None:
    lines = run("parse", *two_files, "-f", "jsonl").splitlines()
    assert [json.loads(line)["header"]["number"] for line in lines] == ["47/KH-BDT", "48/KH-BDT"]


def test_yaml(two_files: list[str]) -> None:
    one = run("parse", two_files[0], "-f", "yaml")
    assert yaml.safe_load(one) == json.loads(run("parse", two_files[0]))
    assert "\n  Giúp" not in one
    several = list(yaml.safe_load_all(run("parse", *two_files, "-f", "yaml")))
    assert [row["header"]["number"] for row in several] == ["47/KH-BDT", "48/KH-BDT"]


def test_text(two_files: list[str]) -> None:
    assert run("parse", two_files[0], "-f", "text") == PLAN
    assert run("parse", *two_files, "-f", "text") == PLAN + "\f" + PLAN.replace("47/KH-BDT", "48/KH-BDT")


def test_html_marks_findings(plan_file: Path) -> None:
    out = run("parse", str(plan_file), "-f", "html")
    assert out.startswith("<!DOCTYPE html>")
    assert out.endswith("</body>\n</html>\n")
    assert "ke-hoach-47.txt" in out
    assert "112/KH-UBND" in out
    assert ">citation</span>" in out


def test_table_shows_every_layer(plan_file: Path) -> None:
    out = run("parse", str(plan_file), "-f", "table")
    for part in ("47/KH-BDT", "Ban Dân tộc", "Sections (6)", "Citations (", "Dates (", "Agencies (", "Tasks", "2024-03-15", "Phòng Tuyên truyền"):
        assert part in out
    assert "numbering." not in out
    assert max(map(len, out.splitlines())) <= 120


def test_explain_names_rules_and_sources(plan_file: Path) -> None:
    out = run("parse", str(plan_file), "--explain")
    assert "Rules that fired" in out
    assert "numbering.roman" in out
    assert "Nghị định 30/2020/NĐ-CP" in out


def test_folder_gives_its_documents(two_files: list[str], plan_file: Path) -> None:
    (plan_file.parent / "notes.md").write_text("no document", encoding="utf-8")
    assert len(run("parse", str(plan_file.parent), "-f", "jsonl").splitlines()) == 2
    assert len(run("parse", str(plan_file.parent), two_files[0], "-f", "jsonl").splitlines()) == 2


def test_folder_without_documents(tmp_path: Path) -> None:
    result = runner.invoke(app, ["parse", str(tmp_path)])
    assert result.exit_code == 3
    assert "holds no document" in result.stderr


def test_output_folder(two_files: list[str], tmp_path: Path) -> None:
    target = tmp_path / "records" / "new"
    assert run("parse", *two_files, "--output", str(target)) == ""
    assert sorted(path.name for path in target.iterdir()) == ["ke-hoach-47.json", "ke-hoach-48.json"]
    assert json.loads((target / "ke-hoach-47.json").read_text(encoding="utf-8"))["header"]["number"] == "47/KH-BDT"


def test_output_is_not_overwritten_silently(plan_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "records"
    target.mkdir()
    kept = target / "ke-hoach-47.json"
    kept.write_text("mine", encoding="utf-8")
    result = runner.invoke(app, ["parse", str(plan_file), "-o", str(target)])
    assert result.exit_code == 12
    assert "exists already" in result.stderr
    assert kept.read_text(encoding="utf-8") == "mine"
    run("parse", str(plan_file), "-o", str(target), "--overwrite")
    assert json.loads(kept.read_text(encoding="utf-8"))["schema_version"]


def test_nothing_is_written_beside_the_input(plan_file: Path) -> None:
    before = {path: path.read_bytes() for path in plan_file.parent.iterdir()}
    result = runner.invoke(app, ["parse", str(plan_file), "-o", str(plan_file.parent)])
    assert result.exit_code == 2
    assert "Nothing is written beside them" in result.stderr
    assert {path: path.read_bytes() for path in plan_file.parent.iterdir()} == before


def test_inputs_of_one_name_do_not_share_an_output(plan_file: Path, tmp_path: Path) -> None:
    inputs = [plan_file]
    for name in ("a/ke-hoach-47.txt", "b/ke-hoach-47.md.txt", "b/ke-hoach-47.doc.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAN, encoding="utf-8")
        inputs.append(path)
    target = tmp_path / "records"
    run("parse", *map(str, inputs), "-o", str(target))
    assert len(list(target.iterdir())) == 4


def test_unwritable_output(plan_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = runner.invoke(app, ["parse", str(plan_file), "-o", str(tmp_path / "file" / "records")])
    assert result.exit_code == 12
    assert "cannot be written (Not a directory)" in result.stderr


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.TABLE])
def test_formats_end_with_a_line_break(form: Format, plan_file: Path) -> None:
    assert run("parse", str(plan_file), "-f", form.value).endswith("\n")


def test_schema_fits_records(plan_file: Path) -> None:
    schema = json.loads(run("schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(run("parse", str(plan_file))), schema)
    assert schema == json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8")), "docparse schema > docs/record.schema.json"


def test_version() -> None:
    assert run("--version") == f"docparse {__version__}\n"


def test_module_prints_utf8_whatever_the_locale(plan_file: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    out = subprocess.run(
        [sys.executable, "-m", "docparse", "parse", str(plan_file)], capture_output=True, check=True, cwd=ROOT, env=environment
    ).stdout
    assert "KẾ HOẠCH" in out.decode("utf-8")


def test_file_name_that_is_no_utf8(plan_file: Path) -> None:
    path = os.fsencode(plan_file.parent) + b"/k\xff.txt"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(PLAN.encode())
    command = [sys.executable.encode(), b"-m", b"docparse", b"parse", path, path + b".gone"]
    result = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert result.returncode == 3
    assert json.loads(result.stdout)[0]["source"]["filename"] == "k\ufffd.txt"
    assert result.stderr.decode().startswith("docparse: ")
    assert result.stderr.count(b"\n") == 1


def test_closed_pipe_is_silent(plan_file: Path) -> None:
    command = f"{sys.executable} -m docparse parse {plan_file} -f jsonl | true"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.stderr == ""


def test_interrupt_ends_cleanly(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.txt").write_text(PLAN, encoding="utf-8")
    command = [sys.executable, "-m", "docparse", "parse", str(folder), "-f", "jsonl"]
    command = ["env", "--default-signal=INT", *command]  # ignored where the tests run in the background of a shell
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT)
    assert process.stdout is not None
    first = "".join(process.stdout.readline() for _ in range(5))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("docparse: stopped: ")
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    complete = (first + out).splitlines()[:-1]
    assert {json.loads(line)["header"]["number"] for line in complete} == {"47/KH-BDT"}


def test_colours_only_on_a_terminal(plan_file: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from docparse.output import Stream
    from docparse.pipeline import parse_file

    target = Terminal()
    with Stream(target, Format.TABLE, several=False) as stream:
        stream.write(plan_file, parse_file(plan_file))
    assert "\x1b[" in target.getvalue()
    assert "\x1b[" not in run("parse", str(plan_file), "-f", "table")
