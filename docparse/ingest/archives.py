"""Archives -> their members as temporary files, one after another, in bounded memory. Names in an archive are text, never paths on disk."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from docparse.errors import DamagedFile, DocparseError, EncryptedFile, FileTooLarge, UnsupportedFile

FOREIGN_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar"}  # first bytes -> name, of archives that are not opened
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")  # with members, empty, the first part of several, the only part
BLOCK = 512  # bytes of a block of a tar
CHUNK = 1_000_000  # bytes in memory at a time, and most of an extended header of a tar
HEADERS_MOST, FIELDS_MOST = 16, 1000  # of extended headers before a member of a tar, and of fields in one
TABLE_MOST = 64_000_000  # bytes of the central directory of a ZIP, which zipfile holds in memory: 1.4 million members at most, in under 1 GB
XZ_MEMORY = 128_000_000  # bytes: xz -9 needs 65 MB to unpack, but a header may ask for 4 GB
SWOLLEN, SWOLLEN_FROM = 200, 10_000_000  # times its packed size, and bytes: a member over both is a bomb
LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
PASSED_OVER = (tarfile.DIRTYPE, b"D", b"V")  # folders, folders in GNU incremental archives, labels
EXTENDED = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
UNPACK = "Unpack it and give the files."
ArchiveKind = Literal["zip", "tar"]
Packed = tuple[str, int, Callable[[str], Iterator[bytes]]]  # name, declared size, and its unpacked bytes, given where it is for errors


class _UsedUp(Exception):
    """A limit of the archive as a whole is reached; the text is the reason."""


@dataclass(slots=True)
class Budget:
    """What an outermost archive and everything nested in it may unpack to: members, bytes, archives inside archives; and what they did so far.

    >>> Budget(members=10).used_members
    0
    """

    members: int = 1_000_000
    bytes: int = 50_000_000_000
    depth: int = 5
    used_members: int = field(default=0, init=False)
    used_bytes: int = field(default=0, init=False)

    def use(self, *, members: int = 0, unpacked: int = 0) -> None:
        """Counts members and bytes. Raises an error that `read_members` turns into FileTooLarge."""
        self.used_members += members
        self.used_bytes += unpacked
        if self.used_members > self.members:
            raise _UsedUp(f"unpacks to more than {self.members:,} members")
        if self.used_bytes > self.bytes:
            raise _UsedUp(f"unpacks to more than {self.bytes:,} bytes")


class Link(UnsupportedFile):
    """A member is a link or a device: what a link leads to is a member itself, or not in the archive."""

    code = "link"
    reason, hint = "is a link or device in an archive", UNPACK


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name as text, unique and with forward slashes, and a temporary file with its bytes or the reason why there is none.

    >>> Member("a/b.docx", None, EncryptedFile("x.zip!/a/b.docx")).error.code
    'encrypted'
    """

    name: str
    path: Path | None
    error: DocparseError | None


def archive_kind(head: bytes, path: Path) -> ArchiveKind | None:
    """The kind of an archive by its content (`head`: its first 512 bytes or more), None for other files, office documents and packed single files.

    >>> archive_kind(b"%PDF-1.7", Path("a.pdf")) is None
    True

    Raises OSError for a file that cannot be opened.
    """
    if head.startswith(ZIP):
        return None if _is_office_document(head, path) else "zip"
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")):
        with suppress(DamagedFile), _errors_of(str(path)), path.open("rb") as raw:
            head = b"".join(_Tape(raw, Budget()).chunks(BLOCK))
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    return "tar"


def read_members(path: Path, kind: ArchiveKind, *, location: str, into: Path, budget: Budget, max_bytes: int) -> Iterator[Member]:
    """Unpacks an archive into files with generated names in the folder `into`, each when it is asked for; errors name `location!/name`.

    A file is the caller's to delete once the next member is asked for; if the iteration is closed before, it is deleted here.
    Archives inside are read with `location!/name` as their location and the same budget; `max_bytes` is the most of one member.

    >>> members = read_members(Path("a.zip"), "zip", location="a.zip", into=Path("tmp"), budget=Budget(), max_bytes=10**8)
    >>> [member.name for member in members]  # doctest: +SKIP
    ['Báo cáo/12-BC.docx']

    Raises, after the members before it, DamagedFile, UnsupportedFile, FileTooLarge for the archive as a whole; OSError for a full disk.
    """
    seen: dict[int, int] = {}
    try:
        with _errors_of(location):
            for raw_name, size, chunks in (_zip_members if kind == "zip" else _tar_members)(path, budget):
                name = _unique(raw_name, seen)
                where = f"{location}!/{name}"
                member = _store(name, where, size, chunks(where), into, max_bytes)
                try:
                    yield member
                except GeneratorExit:
                    if member.path:
                        member.path.unlink(missing_ok=True)
                    raise
    except _UsedUp as reason:
        raise FileTooLarge(location, str(reason), hint=UNPACK) from reason


@contextmanager
def _errors_of(where: str) -> Iterator[None]:
    """Errors of the standard library as ours. An OSError without a number comes from a decompressor, EINVAL from a wrong offset."""
    try:
        yield
    except NotImplementedError as error:
        raise UnsupportedFile(where, "is packed in a way that is not read", hint=UNPACK) from error
    except (zipfile.BadZipFile, tarfile.HeaderError, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OverflowError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise DamagedFile(where, "breaks off" if isinstance(error, EOFError) else None) from error


def _store(name: str, where: str, size: int, chunks: Iterator[bytes], into: Path, max_bytes: int) -> Member:
    """The chunks in a new file. `size` is declared by the archive, so it may refuse a member, but does not admit one."""
    too_large = FileTooLarge(where, f"has more than {max_bytes:,} bytes")
    if size > max_bytes:
        return Member(name, None, too_large)
    with tempfile.NamedTemporaryFile(dir=into, prefix="member-", delete=False) as file:
        try:
            for chunk in chunks:
                if file.tell() + len(chunk) > max_bytes:
                    raise too_large
                file.write(chunk)
            file.flush()
        except BaseException as error:
            Path(file.name).unlink()
            if not isinstance(error, DocparseError):
                raise
            return Member(name, None, type(error)(where, error.reason, hint=error.hint))  # without the traceback, which holds chunks
    return Member(name, Path(file.name), None)


def _refuse_bomb(where: str, size: int, unpacked: int, packed: int) -> None:
    if size > SWOLLEN_FROM and unpacked > SWOLLEN * packed:
        raise FileTooLarge(where, f"unpacks to more than {SWOLLEN} times its packed size, as files do that are made to fill disks", hint=UNPACK)


def _unique(name: str, seen: dict[int, int]) -> str:
    """The name with forward slashes, and `#2` after it when it occurs again. Hashes are kept: a million long names are much memory."""
    name = unique = name.replace("\\", "/")
    while hash(unique) in seen:
        seen[hash(name)] += 1
        unique = f"{name}#{seen[hash(name)]}"
    seen[hash(unique)] = 1
    return unique


class _Table(io.BufferedReader):
    """A file for zipfile, which reads the central directory at once, whatever size is declared."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > TABLE_MOST:
            raise _UsedUp(f"has a table of contents of more than {TABLE_MOST:,} bytes")
        return super().read(size)


def _is_office_document(head: bytes, path: Path) -> bool:
    """Is a ZIP a DOCX, XLSX, PPTX, ODF or EPUB? One without a central directory is judged by its first member."""
    with suppress(_UsedUp, DocparseError), _errors_of(str(path)), _Table(io.FileIO(path)) as raw, zipfile.ZipFile(raw) as archive:
        packing = {info.orig_filename: info.compress_type for info in archive.infolist()}
        return "[Content_Types].xml" in packing or packing.get("mimetype") == zipfile.ZIP_STORED
    return head[30:].startswith((b"[Content_Types].xml", b"mimetype"))


def _zip_members(path: Path, budget: Budget) -> Iterator[Packed]:
    with _Table(io.FileIO(path)) as raw, zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            budget.use(members=1)
            name = info.orig_filename
            if not info.flag_bits & 0x800:  # zipfile takes it for cp437, but many programs write UTF-8 without saying so
                with suppress(UnicodeError):
                    name = name.encode("cp437").decode("utf-8")
            if info.file_size or not name.endswith(("/", "\\")):
                yield name, info.file_size, partial(_zip_chunks, archive, info, budget)


def _zip_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, where: str) -> Iterator[bytes]:
    if stat.S_ISLNK(info.external_attr >> 16):  # others have their bytes in the archive: zip marks what it read from a pipe as a pipe
        raise Link(where)
    if info.flag_bits & 1:
        raise EncryptedFile(where, hint="Unpack it with its password and give the files.")
    with _errors_of(where):
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # bz2 and LZMA zipfile unpacks in memory without a bound
            raise NotImplementedError
        unpacked = 0
        with archive.open(info) as source:
            while chunk := source.read(CHUNK):
                unpacked += len(chunk)
                budget.use(unpacked=len(chunk))
                _refuse_bomb(where, unpacked, unpacked, min(info.compress_size, archive.start_dir))
                yield chunk


class _Xz:
    """Unpacks xz streams as lzma.open does, but in bounded memory."""

    def __init__(self, raw: BinaryIO) -> None:
        self.raw, self.decoder = raw, lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY)

    def read(self, size: int) -> bytes:
        data = b""
        while not data:
            packed = self.raw.read(io.DEFAULT_BUFFER_SIZE) if self.decoder.eof or self.decoder.needs_input else b""
            if self.decoder.eof:
                packed = (self.decoder.unused_data + packed).lstrip(b"\0")  # padding between streams
                if not packed:
                    return b""
                self.decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY)
            elif self.decoder.needs_input and not packed:
                raise EOFError
            data = self.decoder.decompress(packed, size)
        return data


class _Tape:
    """The bytes of a tar in their order, unpacked and counted."""

    def __init__(self, raw: BinaryIO, budget: Budget) -> None:
        self.raw, self.budget, self.position = raw, budget, 0
        magic = raw.read(3)
        raw.seek(0)
        self.stream: gzip.GzipFile | bz2.BZ2File | _Xz | BinaryIO = raw
        if magic.startswith(b"\x1f\x8b"):
            self.stream = gzip.GzipFile(fileobj=raw)
        elif magic in (b"BZh", b"\xfd7z"):
            self.stream = bz2.BZ2File(raw) if magic == b"BZh" else _Xz(raw)

    def take(self, size: int) -> bytes:
        """The next bytes; fewer are not yet the end of the file, none are."""
        data = self.stream.read(min(size, CHUNK))
        self.position += len(data)
        self.budget.use(unpacked=len(data))
        return data

    def chunks(self, size: int) -> Iterator[bytes]:
        """The next bytes in pieces. Raises EOFError where the file breaks off."""
        while size > 0:
            if not (data := self.take(size)):
                raise EOFError
            size -= len(data)
            yield data

    def next_header(self) -> tarfile.TarInfo | None:
        """The header of the next member with what extended headers before it say, None at the end of the archive."""
        said: dict[bytes, bytes] = {}
        for _ in range(HEADERS_MOST):
            list(self.chunks(-self.position % BLOCK))
            block = b"".join(self.chunks(BLOCK))
            if block.count(0) == BLOCK:
                return None
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            if header.type not in EXTENDED:
                break
            if not 0 <= header.size <= CHUNK:
                raise _UsedUp(f"has a header of more than {CHUNK:,} bytes")
            data = b"".join(self.chunks(header.size))
            if header.type == tarfile.GNUTYPE_LONGNAME:
                said[b"path"] = data.partition(b"\0")[0]
            elif header.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                said |= _fields(data)
        else:
            raise tarfile.HeaderError
        more = header.type == tarfile.GNUTYPE_SPARSE and block[482]
        while more:  # maps of the file, of any length
            more = b"".join(self.chunks(BLOCK))[504]
        if path := said.get(b"GNU.sparse.name", said.get(b"path")):
            header.name = path.decode("utf-8", "surrogateescape")
        if any(key.startswith(b"GNU.sparse.") for key in said):
            header.type = tarfile.GNUTYPE_SPARSE
        header.size = 0 if header.type in (*LINKS, tarfile.DIRTYPE) else int(said.get(b"size", header.size))
        if header.size < 0:
            raise tarfile.HeaderError
        return header


def _fields(data: bytes) -> dict[bytes, bytes]:
    """The fields of an extended header; each is its length, a space, key=value and a line end."""
    fields: dict[bytes, bytes] = {}
    start = 0
    for _ in range(FIELDS_MOST):
        digits = data[start : start + 20].partition(b" ")[0].strip(b"\0")
        if not digits:
            return fields
        end = start + int(digits)
        if not start < end <= len(data):
            break
        key, _, value = data[start + len(digits) + 1 : end - 1].partition(b"=")
        fields[key], start = value, end
    raise tarfile.HeaderError


def _tar_members(path: Path, budget: Budget) -> Iterator[Packed]:
    with path.open("rb") as raw:
        tape = _Tape(raw, budget)
        while header := tape.next_header():
            budget.use(members=1)
            end = tape.position + header.size
            if header.type not in PASSED_OVER:
                yield header.name, header.size, partial(_tar_chunks, tape, header)
            for _ in tape.chunks(end - tape.position):  # that were not unpacked
                pass
        while chunk := tape.take(CHUNK):  # to the end, where packed streams have their check sum
            if chunk.count(0) < len(chunk):
                raise tarfile.HeaderError


def _tar_chunks(tape: _Tape, header: tarfile.TarInfo, where: str) -> Iterator[bytes]:
    if header.type in LINKS:
        raise Link(where)
    if header.type == tarfile.GNUTYPE_SPARSE:
        raise UnsupportedFile(where, "is a sparse file in an archive", hint=UNPACK)
    start = tape.position
    for chunk in tape.chunks(header.size):
        # in a solid archive the second copy of a file is packed to nothing, so the archive so far is judged
        _refuse_bomb(where, tape.position - start, tape.position, tape.raw.tell())
        yield chunk
