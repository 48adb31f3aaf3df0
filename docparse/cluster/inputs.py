"""The inputs of a run on a cluster: listed where it was started, opened where they are parsed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docparse.cluster.storage import file_system, is_url, local_path, mark_of, told
from docparse.errors import MissingFile
from docparse.ingest.process import NO_ROOM
from docparse.ingest.run import Input
from docparse.ingest.sources import Skip, walk
from docparse.store.locations import from_location, to_location


@dataclass(frozen=True, slots=True)
class Listed:
    """An input that was met. `missing` says why it cannot be opened; the rest is as in `docparse.ingest.sources.Found`."""

    location: str
    given: bool
    size: int | None = None
    modified: str | None = None
    skip: Skip | None = None
    missing: str | None = None


def list_inputs(paths: Iterable[str]) -> Iterator[Listed]:
    """The files as they are given, folders and prefixes as the files in them sorted by name, as in a local run."""
    for path in paths:
        if is_url(path):
            yield from _list_url(path)
        else:
            for found in walk([local_path(path)]):
                location = to_location(str(found.path))
                if found.skip is None or isinstance(found.skip, Skip):
                    yield Listed(location, found.given, found.size, found.modified, found.skip)
                else:
                    yield Listed(location, found.given, missing=found.skip.reason)


def _list_url(url: str) -> Iterator[Listed]:
    files, path, _ = file_system(url)
    try:
        files.invalidate_cache()
        info = files.info(path)
        given = info["type"] != "directory"
        found = {path: info} if given else files.find(path, detail=True)
    except FileNotFoundError:
        yield Listed(to_location(url), given=True, missing=f"cannot be opened ({os.strerror(2)})")
        return
    except Exception as error:  # libraries of object stores have errors of their own, which are no OSError
        raise MissingFile(url, f"cannot be listed ({told(error)})", hint="Check the URL and the credentials in the environment.") from error
    for key in sorted(found, key=lambda key: [part.encode(errors="surrogateescape") for part in key.split("/")]):
        if found[key]["type"] == "file" and not key.endswith("/"):  # some tools mark folders by empty objects
            yield Listed(to_location(files.unstrip_protocol(key)), given, found[key].get("size"), mark_of(found[key]))


def open_input(listed: Listed, folder: Path) -> Input:
    """An input with its bytes: an object of a storage is fetched into a file in the folder, which the run deletes."""
    name = from_location(listed.location)
    made = partial(Input, listed.location, size=listed.size, modified=listed.modified, given=listed.given)
    if not is_url(name):
        skip = MissingFile(listed.location, listed.missing) if listed.missing else listed.skip
        return made(path=Path(name), filename=Path(name).name, skip=skip)
    filename, reason = name.rsplit("/", 1)[-1], listed.missing
    if reason is None:
        number, path = tempfile.mkstemp(dir=folder, prefix="object-")
        os.close(number)
        try:
            files, key, _ = file_system(name)
            files.get_file(key, path)
            return made(path=Path(path), filename=filename, unpacked=True)
        except Exception as error:
            Path(path).unlink()
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise
            reason = f"cannot be fetched ({told(error)})"
    return made(path=folder, filename=filename, skip=MissingFile(listed.location, reason))
