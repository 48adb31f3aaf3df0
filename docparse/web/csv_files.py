"""Rows as a CSV file to download: UTF-8 with BOM, CRLF, safe in spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from docparse.export.cells import as_text


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The file as a response."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([as_text(value) if isinstance(value, str) else "" if value is None else value for value in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + target.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
