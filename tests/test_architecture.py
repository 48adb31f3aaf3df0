"""Imports go one way, modules stay small, and `import docparse` stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "docparse"
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in sorted(PACKAGE.rglob("*.py"))}
LAYERS = (
    {"errors", "settings", "text", "words", "days"},
    {"record", "files"},
    {"lexicon"},
    {"read", "find"},
    {"model"},
    {"pipeline", "identity"},
    {"store"},
    {"gold", "score", "searchable", "verify"},
    {"review"},
    {"ingest", "export"},
    {"query", "cluster"},
    {"choose", "frames", "evaluate", "show", "spacy_doc", "training"},
    {"research"},
    {"output", "trackers"},
    {"web"},
    {"cli"},
    {"__main__"},
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
HEAVY = {"spacy", "cv2", "jdeskew", "underthesea", "pypdfium2", "pdfplumber", "docx", "lxml", "numpy", "PIL", "pyhanko", "asn1crypto"}
HEAVY |= {"sqlalchemy", "alembic", "watchfiles", "ray", "pyarrow", "openpyxl", "fsspec", "psycopg"}
HEAVY |= {"fastapi", "starlette", "uvicorn", "jinja2", "argon2", "networkx", "pandas", "polars", "rapidfuzz", "dateutil"}
HEAVY |= {"httpx", "tenacity", "icalendar", "keyring"}
LONGEST_MODULE = 400


def eager_imports(path: Path) -> Iterator[str]:
    """The docparse modules that a module imports when it is loaded itself: not inside functions, not for type checking."""

    def walk(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
                continue
            yield child
            yield from walk(child)

    for node in walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "docparse":
            inside = [f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in MODULES]
            yield from inside or [node.module]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "docparse")


IMPORTS = {name: sorted(set(eager_imports(path))) for name, path in MODULES.items()}


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_module_has_a_layer() -> None:
    assert {layer(module) for module in MODULES} - {""} == set(RANK)


@pytest.mark.parametrize("module", [module for module in MODULES if layer(module)])
def test_imports_go_down(module: str) -> None:
    upward = [other for other in IMPORTS[module] if layer(other) and layer(other) != layer(module) and RANK[layer(other)] >= RANK[layer(module)]]
    assert upward == []


def test_package_itself_imports_nothing() -> None:
    assert IMPORTS["docparse"] == []


def find_rank(module: str) -> int:
    """Everything that reads the text alone < sections < tasks."""
    name = module.removeprefix("docparse.find").removeprefix(".")
    return 3 if name.startswith("task") else 2 if name == "sections" else 1


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("docparse.find.")])
def test_finders_import_in_order(module: str) -> None:
    assert [other for other in IMPORTS[module] if other.startswith("docparse.find.") and find_rank(other) > find_rank(module)] == []


def test_no_import_circle() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in IMPORTS.get(module, []):
                if other != "docparse":
                    visit(other, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def test_finders_open_no_file() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items() if name.startswith("docparse.find")}
    assert [name for name, source in sources.items() if re.search(r"(?<!def )\bopen\(|\bPath\b|read_text|read_bytes|urllib|subprocess", source)] == []


def test_modules_are_small() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def loaded_after(code: str) -> set[str]:
    out = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return {name.split(".")[0] for name in out.splitlines()[-1].split()}


def test_import_is_light() -> None:
    assert loaded_after("import docparse") & (HEAVY | {"pydantic", "typer", "rich", "yaml"}) == set()


def test_help_is_light() -> None:
    code = "from docparse.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass"
    assert loaded_after(code) & (HEAVY | {"pydantic", "rich", "yaml"}) == set()


def test_pipeline_loads_readers_only_when_needed() -> None:
    assert loaded_after("import docparse.pipeline") & HEAVY == set()


def test_text_parse_loads_no_library_for_other_formats(plan_file: Path) -> None:
    assert loaded_after(f"import docparse\ndocparse.parse({str(plan_file)!r})") & HEAVY == set()


def test_no_gpl_at_run_time() -> None:
    """Walks what `pip install docparse[spacy,web,words,trackers]` brings."""
    seen: set[str] = set()
    extras = ("spacy", "web", "words", "trackers")
    todo = [line for line in requires("docparse") or [] if "extra ==" not in line or any(f"extra == '{name}'" in line for name in extras)]
    bad = []
    while todo:
        name = re.split(r"[^\w.-]", todo.pop(), maxsplit=1)[0].lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        meta = found.metadata
        licence = " ".join([meta.get("License-Expression") or "", (meta.get("License") or "")[:200], *(meta.get_all("Classifier") or [])])
        if re.search(r"\bA?GPL|Affero|(?<!Lesser )General Public License", licence):
            bad.append(name)
        todo += [line for line in found.requires or [] if "extra ==" not in line]
    assert {"pypdfium2", "pdfplumber", "pydantic", "typer", "fastapi", "underthesea", "icalendar"} <= seen
    assert bad == []
