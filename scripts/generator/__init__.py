"""The generator of docparse's own corpus: annotated sources -> documents in many formats, and their gold.

It shares no code with docparse (only tables of names), so that an error of the parser cannot hide in the corpus. Data flows one way:

    corpus/sources/*.toml --source--> Document --layout--> pages --pdf, sign--> *.pdf
                                               --plain, word--> *.txt, *.docx
                                               --gold--> corpus/gold/*.json
    printed pages --paper, scan--> corpus/scans/*.pdf
    pages and places --sign, signed--> corpus/signed/*.pdf

Beside the written sources there are documents made at random from grammar/*.toml and the lexicon's names, with the same marks and gold:

    grammar/*.toml --engine, scene, clauses, parts, made--> Document --collection--> DIR/inputs/*, DIR/*.json
                                                                     --examples--> text with offsets, for training
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from generator.gold import build_gold
from generator.source import Document, load

CORPUS = Path(__file__).parents[2] / "corpus"


def render(document: Document, output: str) -> bytes:
    """The bytes of one output of a document: pdf, signed.pdf, docx, or a text form such as utf16.txt."""
    if output.endswith("pdf"):
        from generator.pdf import draw
        from generator.sign import sign

        pdf, places = draw(document, signed=output == "signed.pdf")
        return sign(pdf, document, places) if output == "signed.pdf" else pdf
    if output == "docx":
        from generator.word import write_docx

        return write_docx(document)
    from generator.plain import write_text

    return write_text(document, output)


def outputs(document: Document) -> dict[str, bytes]:
    """File name -> bytes. The first output is the gold's input and has the plain name `<id>.<ext>`."""
    return {name: render(document, output) for name, output in document.files().items()}


def gold_text(document: Document) -> str:
    """The gold file as it is committed: one line a row, so that a change is easy to read."""
    gold = build_gold(document)
    parts = []
    for key, value in gold.items():
        if isinstance(value, list) and value:
            rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f"  {json.dumps(key)}: [\n{rows}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def made_documents(wanted: Callable[[str], bool]) -> Iterator[tuple[Path, bytes]]:
    """Path -> content of documents and gold."""
    for path in sorted((CORPUS / "sources").glob("*.toml")):
        if wanted(path.stem):
            document = load(path)
            yield from ((CORPUS / "documents" / name, data) for name, data in outputs(document).items())
            yield CORPUS / "gold" / f"{document.id}.json", gold_text(document).encode()


def made_scans(wanted: Callable[[str], bool]) -> Iterator[tuple[Path, bytes]]:
    """Path -> content of the scans that are missing or were made from something else, then of their manifest."""
    from generator.scan import load_manifest, make, manifest_text, scans

    before = load_manifest()
    rows = {}
    for scan in scans():
        row = before.get(scan.id)
        if wanted(scan.id) and not (scan.file.exists() and row == scan.row()):
            row = scan.row()
            yield scan.file, make(scan)
        if row:
            rows[scan.id] = row
    yield CORPUS / "scans" / "manifest.json", manifest_text(rows).encode()


def made_signed(wanted: Callable[[str], bool]) -> Iterator[tuple[Path, bytes]]:
    """Path -> content of the signed files."""
    from generator.signed import MAKERS

    yield from ((CORPUS / "signed" / name, make()) for name, make in MAKERS.items() if wanted(name))


def made_collection(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Write documents made from the grammar."""
    from generator.collection import write_collection

    if options.made < 1 or options.output is None or options.ids or options.check:
        parser.error("--made takes a count of at least 1 and --output DIR; no IDs, no --check")
    count = write_collection(options.output, options.made, options.seed, options.form, options.noise)
    print(f"wrote {count} documents with gold to {options.output}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Write what has changed and say so; with --check write nothing and fail if something would change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", help="only these sources, scans or signed files (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not up to date")
    made = parser.add_argument_group("documents from a grammar (instead of the corpus)")
    made.add_argument("--made", type=int, metavar="COUNT", help="how many; inputs/ and gold go to --output")
    made.add_argument("--seed", type=int, default=1, help="the same seed gives the same files (default: 1)")
    made.add_argument("--output", type=Path, metavar="DIR", help="folder for the files; made if it is not there")
    made.add_argument("--form", choices=("txt", "web.txt", "dump.txt", "pdf", "docx"), default="txt", help="default: txt")
    made.add_argument("--noise", choices=("none", "ocr"), default="none", help="ocr: letters of texts are misread (default: none)")
    options = parser.parse_args(arguments)
    if options.made is not None:
        return made_collection(parser, options)

    def wanted(name: str) -> bool:
        return not options.ids or any(name == one or name.startswith(f"{one}.") for one in options.ids)

    stale = 0
    for target, data in chain(made_documents(wanted), made_scans(wanted), made_signed(wanted)):
        if target.exists() and target.read_bytes() == data:
            continue
        stale += 1
        print(f"{'stale' if options.check else 'wrote'} {target.relative_to(CORPUS)} ({len(data)} bytes)")
        if not options.check:
            target.write_bytes(data)
    return int(options.check and stale > 0)
