"""Rows as a CSV file to download: UTF-8 with BOM, CRLF, safe in spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from docparse.export.cells import csv_lines


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The file as a response."""
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + csv_lines([header, *rows]), media_type="text/csv; charset=utf-8", headers=headers)
