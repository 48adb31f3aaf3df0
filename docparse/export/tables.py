"""The corpus as files of one form, all from the same state of the corpus."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from docparse.errors import MissingTool

if TYPE_CHECKING:
    from docparse.store.corpus import Corpus


class Form(StrEnum):
    """What `docparse export` writes."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"
    METADATA = "metadata"
    GOLD = "gold"


NEEDED = {Form.PARQUET: "pyarrow", Form.XLSX: "openpyxl"}


def export(corpus: Corpus, form: Form, folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the corpus into a folder and say which files there are; without `overwrite` no file that is there is touched.

    JSON lines: `records.jsonl`; Parquet and CSV: a file a table; xlsx: `corpus.xlsx`; metadata: what `archive_metadata` says;
    gold: reviewed documents for `docparse evaluate`.
    Raises OutputError if a file cannot be written, MissingTool without the library of the form, CorpusError if the corpus cannot be read.

    >>> export(Corpus("corpus.db"), Form.CSV, Path("tables"))  # doctest: +SKIP
    [PosixPath('tables/documents.csv'), PosixPath('tables/sections.csv'), ...]
    """
    if form is Form.GOLD:
        from docparse.review.gold import export_gold

        return list(export_gold(corpus, folder, overwrite=overwrite).files)
    if form in NEEDED:
        try:
            import_module(NEEDED[form])
        except ImportError as error:
            raise MissingTool(str(folder), f"needs {NEEDED[form]} for {form}", hint="Install it: pip install 'docparse[export]'.") from error
    from docparse.export import archive_metadata, parquet, text_files, workbook
    from docparse.export.content import snapshot, tables
    from docparse.files import new_files

    of_tables = [f"{table.name}.{form}" for table in tables(long_texts=True)]
    names, write = {
        Form.JSONL: ([text_files.RECORDS], text_files.write_records),
        Form.PARQUET: (of_tables, parquet.write_tables),
        Form.CSV: (of_tables, text_files.write_tables),
        Form.XLSX: ([workbook.WORKBOOK], workbook.write_tables),
        Form.METADATA: (archive_metadata.FILES, archive_metadata.write_metadata),
    }[form]
    with new_files(folder, names, overwrite=overwrite) as parts, snapshot(corpus) as connection:
        write(connection, parts)
    return [folder / name for name in names]
