"""Reads object streams of a PDF in one go: pyHanko reads the table of a stream again for each object in it."""

from __future__ import annotations

import io
from collections import defaultdict

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef


def cache_object_streams(reader: PdfFileReader) -> None:
    """Put the current objects of all object streams into the cache of `reader`. Raises anything on damaged bytes."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for revision in range(reader.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            place = reader.xrefs[reference]
            if isinstance(place, ObjStreamRef):
                wanted[place.obj_stream_id].add(reference.idnum)
    for number, names in wanted.items():
        stream = reader.get_object(generic.Reference(number, 0, reader))
        content, first = io.BytesIO(stream.data), int(stream["/First"])
        table = [int(entry) for entry in content.read(first).split()[: 2 * int(stream["/N"])]]
        for name, offset in reversed(list(zip(table[::2], table[1::2], strict=True))):  # of two with one name the first counts
            if name in names:
                content.seek(first + offset)
                found = generic.read_object(content, generic.Reference(name, 0, reader))
                if not isinstance(found, generic.StreamObject | generic.IndirectObject):
                    reader.cache_indirect_object(0, name, found)
