import bz2
import errno
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docparse.errors import DamagedFile, DocparseError, EncryptedFile, FileTooLarge, UnsupportedFile
from docparse.ingest import archives
from docparse.ingest.archives import FOREIGN_ARCHIVES, Budget, Member, archive_kind, read_members

NOISE = random.Random(7).randbytes(300_000)


def make_zip(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def make_tar(path: Path, *members: tuple[str | tarfile.TarInfo, bytes], mode: str = "w", format: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, mode, format=format, errors="surrogateescape") as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = info.size or len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def replaced(path: Path, *pairs: tuple[bytes, bytes]) -> Path:
    data = path.read_bytes()
    for old, new in pairs:
        assert old in data
        data = data.replace(old, new)
    path.write_bytes(data)
    return path


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def header(name: str, kind: bytes, size: int) -> bytes:
    info = special(name, kind)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def pax(*fields: bytes) -> bytes:
    """An extended header with lines as they are."""
    data = b"".join(fields)
    return header("pax", tarfile.XHDTYPE, len(data)) + data + bytes(-len(data) % 512)


def field(key: str, value: str) -> bytes:
    rest = f" {key}={value}\n".encode()
    return next(line for size in range(len(rest), len(rest) + 20) if len(line := str(size).encode() + rest) == size)


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (folder := tmp_path / "into").mkdir()
    return folder


@pytest.fixture
def read(into: Path) -> Callable[..., Iterator[Member]]:
    def reading(path: Path, budget: Budget | None = None, *, location: str = "box", max_bytes: int = 10**9) -> Iterator[Member]:
        kind = archive_kind(path.read_bytes()[:4096], path)
        assert kind
        return read_members(path, kind, location=location, into=into, budget=budget or Budget(), max_bytes=max_bytes)

    return reading


Read = Callable[..., Iterator[Member]]


def taken(members: Iterator[Member]) -> list[tuple[str, bytes | str]]:
    """Names with bytes or with the message of the error; at the end the message of the error of the archive. Files are deleted."""
    found: list[tuple[str, bytes | str]] = []
    try:
        for member in members:
            assert (member.path is None) != (member.error is None)
            found.append((member.name, member.path.read_bytes() if member.path else str(member.error)))
            if member.path:
                member.path.unlink()
    except DocparseError as error:
        found.append((type(error).__name__, str(error)))
    return found


DAMAGED = "Open it in a viewer and save it again, or ask the sender for the file again."
BREAKS_OFF = ("DamagedFile", f"box: breaks off. {DAMAGED}")
IS_DAMAGED = ("DamagedFile", f"box: is damaged. {DAMAGED}")
LINK = "is a link or device in an archive. Unpack it and give the files."
BOMB = "unpacks to more than 200 times its packed size, as files do that are made to fill disks. Unpack it and give the files."
LARGE = "Raise the limit in the settings (DOCPARSE_MAX_BYTES, DOCPARSE_MAX_PAGES) or split the file."


# What is an archive


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_is_read_packed_or_not(tmp_path: Path, read: Read, into: Path, mode: str) -> None:
    folder = special("nội vụ", tarfile.DIRTYPE)
    path = make_tar(tmp_path / "a.docx", (folder, b""), ("nội vụ/a.txt", b"12/BC"), ("b.bin", NOISE), ("empty", b""), mode=mode)
    before = path.read_bytes()
    assert archive_kind(before[:512], path) == "tar"
    assert taken(read(path)) == [("nội vụ/a.txt", b"12/BC"), ("b.bin", NOISE), ("empty", b"")]
    assert (path.read_bytes(), list(into.iterdir())) == (before, [])


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_each_format_of_tar(tmp_path: Path, read: Read, format: int) -> None:
    long = "/".join(["thư mục"] * 15) + "/công văn.txt"
    assert taken(read(make_tar(tmp_path / "a.tar", (long, b"1"), ("b", b"2"), format=format))) == [(long, b"1"), ("b", b"2")]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_is_read(tmp_path: Path, read: Read, into: Path, packing: int) -> None:
    path = make_zip(tmp_path / "a", ("nội vụ/", b""), ("nội vụ/a.txt", b"12/BC"), ("b", NOISE), ("windows\\c.txt", b"c"), packing=packing)
    before = path.read_bytes()
    assert archive_kind(before[:512], path) == "zip"
    assert taken(read(path)) == [("nội vụ/a.txt", b"12/BC"), ("b", NOISE), ("windows/c.txt", b"c")]
    assert (path.read_bytes(), list(into.iterdir())) == (before, [])


@pytest.mark.parametrize(
    "first", [["[Content_Types].xml", "word/document.xml"], ["xl/workbook.xml", "[Content_Types].xml"], ["mimetype", "content.xml"]]
)
def test_office_documents_are_no_archives(tmp_path: Path, first: list[str]) -> None:
    path = make_zip(tmp_path / "a.zip", *[(name, b"x") for name in first], packing=zipfile.ZIP_STORED)
    assert archive_kind(path.read_bytes(), path) is None


def test_only_their_own_members_make_office_documents(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.docx", ("unpacked/[Content_Types].xml", b"x"), ("mimetype", b"x" * 99))
    assert archive_kind(path.read_bytes(), path) == "zip"


def test_zip_without_directory_is_judged_by_its_first_member(tmp_path: Path) -> None:
    for first, kind in (("[Content_Types].xml", None), ("mimetype", None), ("a.txt", "zip")):
        path = make_zip(tmp_path / "a", (first, NOISE))
        path.write_bytes(path.read_bytes()[:1000])
        assert archive_kind(path.read_bytes(), path) == kind


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"a", b"%PDF-1.7\n" + NOISE, bytes(10240), b"BZh is no bzip2", b"\x1f\x8b", b"\xfd7zXZ\x00" + NOISE, *FOREIGN_ARCHIVES),
        *(
            gzip.compress(b"Just text " * 99, mtime=0),
            gzip.compress(b"", mtime=0),
            bz2.compress(NOISE),
            lzma.compress(NOISE),
            gzip.compress(NOISE, mtime=0)[:300],
        ),
    ],
)
def test_no_archives(tmp_path: Path, data: bytes) -> None:
    (path := tmp_path / "a.tar.gz").write_bytes(data)
    assert archive_kind(data[:512], path) is None


def test_foreign_archives() -> None:
    assert sorted(FOREIGN_ARCHIVES.values()) == ["7z", "rar"]


def test_archives_in_archives_are_read_by_reading_again(tmp_path: Path, read: Read, into: Path) -> None:
    inner = make_zip(tmp_path / "in.zip", ("a.txt", b"deep"), ("b.txt", b"too")).read_bytes()
    outer = make_tar(tmp_path / "out.tgz", ("kho/in.zip", inner), ("c.txt", b"flat"), mode="w:gz")
    budget = Budget()
    members = read(outer, budget)
    first = next(members)
    assert first.path
    assert taken(read(first.path, budget, location=f"box!/{first.name}")) == [("a.txt", b"deep"), ("b.txt", b"too")]
    first.path.unlink()
    assert taken(members) == [("c.txt", b"flat")]
    assert (budget.used_members, budget.used_bytes) == (4, 7 + 10240)  # a tar is counted with its headers
    assert list(into.iterdir()) == []


# Names

HOSTILE = ["../../up.txt", "/etc/passwd", "C:\\Windows\\a.txt", "..", "a\nb", "./a", "//host/a", " "]


def test_names_are_no_paths(tmp_path: Path, into: Path, read: Read) -> None:
    for path in (make_zip(tmp_path / "a", *[(n, b"!") for n in HOSTILE]), make_tar(tmp_path / "b", *[(n, b"!") for n in HOSTILE])):
        members = list(read(path))
        assert [member.name for member in members] == [name.replace("\\", "/") for name in HOSTILE]
        assert [member.path.parent for member in members if member.path] == [into] * len(HOSTILE)
        assert all(member.path and member.path.name.startswith("member-") for member in members)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "into"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_are_unique(tmp_path: Path, read: Read) -> None:
    names = ["a", "a#2", "a", "b\\c", "b/c", "a", "a#2"]
    expected = ["a", "a#2", "a#3", "b/c", "b/c#2", "a#4", "a#2#2"]
    for path in (make_zip(tmp_path / "a", *[(n, b"!") for n in names]), make_tar(tmp_path / "b", *[(n, b"!") for n in names])):
        assert [name for name, _ in taken(read(path))] == expected


@pytest.mark.parametrize(("raw", "name"), [("Báo cáo.txt".encode(), "Báo cáo.txt"), (b"B\xe1o.txt", "Bßo.txt")])
def test_names_in_zip_without_the_mark_of_utf8(tmp_path: Path, read: Read, raw: bytes, name: str) -> None:
    path = replaced(make_zip(tmp_path / "a", ("N" * len(raw), b"!")), (b"N" * len(raw), raw))
    assert taken(read(path)) == [(name, b"!")]


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_in_tar_that_are_not_utf8(tmp_path: Path, read: Read, format: int) -> None:
    path = make_tar(tmp_path / "a", ("B\udce1o.txt", b"!"), ("B\udce1o" * 50, b"!"), format=format)
    assert b"B\xe1o.txt" in path.read_bytes()
    assert taken(read(path)) == [("B\udce1o.txt", b"!"), ("B\udce1o" * 50, b"!")]


# Members that cannot be unpacked


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_tar(tmp_path: Path, read: Read, kind: bytes) -> None:
    path = make_tar(tmp_path / "a", (special("x/link", kind, "/etc/passwd"), b""), ("b", b"2"))
    assert taken(read(path)) == [("x/link", f"box!/x/link: {LINK}"), ("b", b"2")]
    error = next(read(path)).error
    assert isinstance(error, UnsupportedFile) and error.filename == "box!/x/link"


@pytest.mark.parametrize("kind", [tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_sizes_of_links_and_folders_are_those_of_no_bytes_in_the_tar(tmp_path: Path, read: Read, kind: bytes) -> None:
    (path := tmp_path / "a").write_bytes(header("x", kind, 5000) + make_tar(tmp_path / "b", ("b", b"2")).read_bytes())
    assert taken(read(path))[-1:] == [("b", b"2")]


def test_links_in_zip(tmp_path: Path, read: Read) -> None:
    modes = {"link": stat.S_IFLNK | 0o777, "plain": stat.S_IFREG | 0o644, "piped": stat.S_IFIFO | 0o600}  # `zip -` marks what it reads as a pipe
    infos = {name: zipfile.ZipInfo(name) for name in modes}
    for name, mode in modes.items():
        infos[name].external_attr = mode << 16
    path = make_zip(tmp_path / "a", *[(info, b"1") for info in infos.values()])
    assert taken(read(path)) == [("link", f"box!/link: {LINK}"), ("plain", b"1"), ("piped", b"1")]


def test_encrypted_members(tmp_path: Path, read: Read) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1"), ("b", b"2"))
    data = bytearray(path.read_bytes())
    data[6] |= 1  # flags of the first member before its bytes
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(data)
    assert taken(read(path)) == [("a", "box!/a: is encrypted. Unpack it with its password and give the files."), ("b", b"2")]
    assert isinstance(next(read(path)).error, EncryptedFile)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 97])
def test_packing_that_is_not_read(tmp_path: Path, read: Read, packing: int) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1" * 99), ("b", b"2"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, packing)
    path.write_bytes(data)
    assert taken(read(path)) == [("a", "box!/a: is packed in a way that is not read. Unpack it and give the files."), ("b", b"2")]
    assert isinstance(next(read(path)).error, UnsupportedFile)


def test_sparse_files_in_tar(tmp_path: Path, read: Read) -> None:
    old = bytearray(header("old", tarfile.GNUTYPE_SPARSE, 1000))
    old[482] = 1  # a map follows
    old[148:156] = b"%06o\0 " % (sum(old[:148]) + 8 * 32 + sum(old[156:]))
    more, last = bytes(504) + b"\1" + bytes(7), bytes(512)
    fields = (field("GNU.sparse.major", "1"), field("GNU.sparse.name", "new"), field("GNU.sparse.realsize", str(2**60)))
    new = pax(*fields) + header("GNUSparseFile.0/new", tarfile.REGTYPE, 512) + b"0\n".ljust(512, b"\0")
    (path := tmp_path / "a").write_bytes(bytes(old) + more + last + b"x" * 1024 + new + make_tar(tmp_path / "b", ("b", b"2")).read_bytes())
    reason = "is a sparse file in an archive. Unpack it and give the files."
    assert taken(read(path)) == [("old", f"box!/old: {reason}"), ("new", f"box!/new: {reason}"), ("b", b"2")]


def test_damaged_members_of_zip(tmp_path: Path, read: Read, into: Path) -> None:
    path = make_zip(tmp_path / "a", ("a", b"content of a"), ("b", b"content of b"), ("c", b"content of c"), packing=zipfile.ZIP_STORED)
    replaced(path, (b"content of a", b"content of x"), (b"bcontent", b"Bcontent"))  # the sum of a, the name before the bytes of b
    assert taken(read(path)) == [("a", f"box!/a: is damaged. {DAMAGED}"), ("b", f"box!/b: is damaged. {DAMAGED}"), ("c", b"content of c")]
    assert [type(member.error) for member in read(path)] == [DamagedFile, DamagedFile, type(None)]


def test_members_that_lie_in_no_file(tmp_path: Path, read: Read) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1"), ("b", b"2"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 42, 0xFFFFFFF0)
    path.write_bytes(data)
    assert taken(read(path)) == [("a", f"box!/a: is damaged. {DAMAGED}"), ("b", b"2")]
    wrong = bytearray(make_zip(path, ("a", b"1")).read_bytes())
    struct.pack_into("<L", wrong, len(wrong) - 6, 0xFFFFFFF0)  # where the directory is: all offsets become negative
    path.write_bytes(wrong)
    assert taken(read(path)) == [("a", f"box!/a: is damaged. {DAMAGED}")]


def test_members_that_lie_beyond_any_file(tmp_path: Path, read: Read) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1"))
    data = bytearray(path.read_bytes())
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    struct.pack_into("<H", data, start + 30, 12)
    struct.pack_into("<L", data, start + 42, 0xFFFFFFFF)  # see the extra field
    struct.pack_into("<L", data, end + 12, end - start + 12)
    path.write_bytes(data[:end] + struct.pack("<HHQ", 1, 8, 2**64 - 1) + data[end:])
    assert taken(read(path)) == [("a", f"box!/a: is damaged. {DAMAGED}")]


def test_sizes_that_are_declared_too_small(tmp_path: Path, read: Read, into: Path) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1" * 5000), ("b", b"2"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)
    path.write_bytes(data)
    assert taken(read(path)) == [("a", f"box!/a: is damaged. {DAMAGED}"), ("b", b"2")]
    assert list(into.iterdir()) == []


# Archives that are damaged as a whole


def test_zip_without_directory(tmp_path: Path, read: Read) -> None:
    path = make_zip(tmp_path / "a", ("a", NOISE), ("b", b"2"))
    path.write_bytes(path.read_bytes()[:-30])
    assert taken(read(path)) == [IS_DAMAGED]
    with pytest.raises(DamagedFile) as caught:
        next(read(path, location="x.zip"))
    assert caught.value.filename == "x.zip"


def test_zip_in_several_parts(tmp_path: Path, read: Read) -> None:
    data = make_zip(tmp_path / "a", ("a", NOISE)).read_bytes()
    (path := tmp_path / "a").write_bytes(b"PK\x07\x08" + data[:1000])
    assert taken(read(path)) == [IS_DAMAGED]
    path.write_bytes(b"PK00" + data)  # all of it in the first part
    assert taken(read(path)) == [("a", NOISE)]


def test_zip_of_a_later_version(tmp_path: Path, read: Read) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 200
    path.write_bytes(data)
    assert taken(read(path)) == [("UnsupportedFile", "box: is packed in a way that is not read. Unpack it and give the files.")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: bz2.compress(data, 1), lzma.compress])
def test_tar_that_breaks_off(tmp_path: Path, read: Read, into: Path, pack: Callable[[bytes], bytes]) -> None:
    whole = pack(make_tar(tmp_path / "a", ("a", NOISE), ("b", NOISE[::-1])).read_bytes())
    for length, before in ((500_000, [("a", NOISE)]), (250_000, [])):  # in the second member, in the first
        (path := tmp_path / "part").write_bytes(whole[:length])
        assert taken(read(path)) == [*before, BREAKS_OFF]
    assert list(into.iterdir()) == []


@pytest.mark.parametrize("length", [1024, 512])  # after the member; after its header
def test_tar_that_breaks_off_between_blocks(tmp_path: Path, read: Read, length: int) -> None:
    path = make_tar(tmp_path / "a", ("a", b"1"))
    path.write_bytes(path.read_bytes()[:length])
    assert taken(read(path)) == [("a", b"1")] * (length // 1024) + [BREAKS_OFF]


def test_damaged_header_of_tar(tmp_path: Path, read: Read) -> None:
    path = replaced(make_tar(tmp_path / "a", ("a", b"1"), ("bbbb", b"2")), (b"bbbb", b"bbxb"))
    assert taken(read(path)) == [("a", b"1"), IS_DAMAGED]


def test_what_comes_after_the_end_of_a_tar_is_not_passed_over(tmp_path: Path, read: Read) -> None:
    path = make_tar(tmp_path / "a", ("a", b"1"))
    path.write_bytes(path.read_bytes() * 2)
    assert taken(read(path)) == [("a", b"1"), IS_DAMAGED]


def test_check_sum_of_packed_tar(tmp_path: Path, read: Read) -> None:
    packed = bytearray(gzip.compress(make_tar(tmp_path / "a", ("a", b"1")).read_bytes()))
    packed[-6] ^= 1
    (path := tmp_path / "a").write_bytes(packed)
    assert taken(read(path)) == [("a", b"1"), IS_DAMAGED]


def test_streams_one_after_another_are_one_tar(tmp_path: Path, read: Read) -> None:
    data = make_tar(tmp_path / "a", ("a", NOISE)).read_bytes()
    for pack, padding in ((gzip.compress, 0), (bz2.compress, 0), (lzma.compress, 8)):
        (path := tmp_path / "b").write_bytes(pack(data[:1000]) + bytes(padding) + pack(b"") + pack(data[1000:]))
        assert taken(read(path)) == [("a", NOISE)]


# Bombs


def used_up(what: str) -> tuple[str, str]:
    return "FileTooLarge", f"box: unpacks to more than {what}. Unpack it and give the files."


def test_members_over_the_most(tmp_path: Path, read: Read, into: Path) -> None:
    members = (("a", NOISE), ("b", NOISE[:1000]), ("c", NOISE[:1001]))
    for path in (make_zip(tmp_path / "a", *members), make_tar(tmp_path / "b", *members, mode="w:gz")):
        reason = f"has more than 1,000 bytes. {LARGE}"
        assert taken(read(path, max_bytes=1000)) == [("a", f"box!/a: {reason}"), ("b", NOISE[:1000]), ("c", f"box!/c: {reason}")]
        assert isinstance(next(read(path, max_bytes=1000)).error, FileTooLarge)
    assert list(into.iterdir()) == []


def test_a_declared_size_is_not_believed(into: Path) -> None:
    large, small = (archives._store("a", "box!/a", 1, iter([b"123", last]), into, 5) for last in (b"456", b"45"))
    assert (large.path, str(large.error)) == (None, f"box!/a: has more than 5 bytes. {LARGE}")
    assert [small.path] == list(into.iterdir())
    assert small.path and small.path.read_bytes() == b"12345"


def test_a_declared_size_over_the_most_is_enough_to_refuse(tmp_path: Path, read: Read) -> None:
    budget = Budget()
    assert next(read(make_zip(tmp_path / "a", ("a", NOISE)), budget, max_bytes=10)).error
    assert budget.used_bytes == 0


@pytest.mark.parametrize("make", [make_zip, lambda path, *members: make_tar(path, *members, mode="w:gz")])
def test_bomb_of_zeros(tmp_path: Path, read: Read, into: Path, make: Callable[..., Path]) -> None:
    path = make(tmp_path / "a", ("zeros", bytes(100_000_000)), ("b", b"2"))
    assert path.stat().st_size < 110_000
    budget = Budget()
    members = read(path, budget)
    member = next(members)
    refused_after = budget.used_bytes
    assert (member.name, member.path, str(member.error)) == ("zeros", None, f"box!/zeros: {BOMB}")
    assert isinstance(member.error, FileTooLarge) and list(into.iterdir()) == []
    assert taken(members) == [("b", b"2")]
    assert 10_000_000 < refused_after < 21_000_000


def test_bomb_that_declares_a_large_packed_size(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SWOLLEN", 5)
    path = make_zip(tmp_path / "a", ("zeros", bytes(12_000_000)), ("b", NOISE * 5))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 20, 1_000_000_000)
    path.write_bytes(data)
    assert taken(read(path)) == [("zeros", f"box!/zeros: {BOMB.replace('200', '5')}"), ("b", NOISE * 5)]


def test_what_repeats_in_a_solid_archive_is_no_bomb(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SWOLLEN_FROM", 100_000)
    path = make_tar(tmp_path / "a", ("a", NOISE), ("b", NOISE), mode="w:xz")
    assert taken(read(path)) == [("a", NOISE), ("b", NOISE)]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_budget_of_members(tmp_path: Path, read: Read, into: Path, make: Callable[..., Path]) -> None:
    path = make(tmp_path / "a", *[(str(number), b"!") for number in range(5)])
    expected = [(str(number), b"!") for number in range(5)]
    assert taken(read(path, Budget(members=5))) == expected
    assert taken(read(path, Budget(members=3))) == [*expected[:3], used_up("3 members")]
    shared = Budget(members=7)
    assert taken(read(path, shared)) == expected
    assert taken(read(path, shared)) == [*expected[:2], used_up("7 members")]
    assert list(into.iterdir()) == []


def test_folders_count_as_members(tmp_path: Path, read: Read) -> None:
    folders = [(special(str(number), tarfile.DIRTYPE), b"") for number in range(4)]
    assert taken(read(make_tar(tmp_path / "a", *folders), Budget(members=3))) == [used_up("3 members")]
    assert taken(read(make_zip(tmp_path / "b", *[(f"{n}/", b"") for n in range(4)]), Budget(members=3))) == [used_up("3 members")]


def test_budget_of_bytes(tmp_path: Path, read: Read, into: Path) -> None:
    path = make_zip(tmp_path / "a", ("a", b"1" * 600), ("b", b"2" * 400), ("c", b"3"))
    assert taken(read(path, Budget(bytes=1001))) == [("a", b"1" * 600), ("b", b"2" * 400), ("c", b"3")]
    assert taken(read(path, Budget(bytes=1000))) == [("a", b"1" * 600), ("b", b"2" * 400), used_up("1,000 bytes")]
    path = make_tar(tmp_path / "b", ("a", b"1" * 600), ("b", b"2" * 400), mode="w:gz")
    assert taken(read(path, Budget(bytes=2_000))) == [("a", b"1" * 600), used_up("2,000 bytes")]
    assert list(into.iterdir()) == []


def test_members_that_are_skipped_and_the_end_of_a_packed_tar_use_the_budget(tmp_path: Path, read: Read) -> None:
    path = make_tar(tmp_path / "a", ("large", bytes(5_000_000)), ("b", b"2"), mode="w:gz")
    reason = f"box!/large: has more than 1,000 bytes. {LARGE}"
    assert taken(read(path, Budget(bytes=3_000_000), max_bytes=1000)) == [("large", reason), used_up("3,000,000 bytes")]
    path.write_bytes(gzip.compress(make_tar(tmp_path / "b", ("b", b"2")).read_bytes() + bytes(5_000_000)))
    assert taken(read(path, Budget(bytes=3_000_000))) == [("b", b"2"), used_up("3,000,000 bytes")]


def test_members_that_share_their_bytes(tmp_path: Path, read: Read, into: Path) -> None:
    path = make_zip(tmp_path / "a", ("kernel", NOISE))
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    count = 1000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, count * (end - start), start, 0)
    path.write_bytes(data[:start] + data[start:end] * count + tail)
    assert count * len(NOISE) > 500 * path.stat().st_size
    found = taken(read(path, Budget(bytes=1_000_000)))
    if hasattr(zipfile.ZipInfo, "_end_offset"):  # later versions of Python refuse members that overlap
        assert sum(len(content) for _, content in found if isinstance(content, bytes)) <= 1_000_000
    else:
        assert found == [("kernel", NOISE), ("kernel#2", NOISE), ("kernel#3", NOISE), used_up("1,000,000 bytes")]
    assert list(into.iterdir()) == []


def test_directory_of_zip_that_would_fill_the_memory(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(65_000_000)
        file.seek(0, io.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 64_999_000, 1000, 0))
    assert taken(read(path)) == [("FileTooLarge", "box: has a table of contents of more than 64,000,000 bytes. Unpack it and give the files.")]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
@pytest.mark.parametrize("size", [1_000_001, 2**60, -5])
def test_extended_header_of_a_giant_size(tmp_path: Path, read: Read, kind: bytes, size: int) -> None:
    (path := tmp_path / "a").write_bytes(gzip.compress(header("pax", kind, size) + bytes(30_000_000)))
    tracemalloc.start()
    try:
        assert taken(read(path)) == [("FileTooLarge", "box: has a header of more than 1,000,000 bytes. Unpack it and give the files.")]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_giant_sizes_of_members(tmp_path: Path, read: Read) -> None:
    reason = f"has more than 1,000,000,000 bytes. {LARGE}"
    for head in (pax(field("size", str(2**80))) + header("a", tarfile.REGTYPE, 0), header("a", tarfile.REGTYPE, 2**80)):
        (path := tmp_path / "a").write_bytes(head + bytes(2048))
        assert taken(read(path)) == [("a", f"box!/a: {reason}"), BREAKS_OFF]


@pytest.mark.parametrize(
    "head",
    [
        pax(field("size", "-512")) + header("a", tarfile.REGTYPE, 0),
        header("a", tarfile.REGTYPE, -512),
        pax(field("size", "x")) + header("a", tarfile.REGTYPE, 0),
        pax(field("size", "9" * 5000)) + header("a", tarfile.REGTYPE, 0),
        pax(b"0 a=b\n") + header("a", tarfile.REGTYPE, 0),
        pax(b"-9 a=b\n") + header("a", tarfile.REGTYPE, 0),
        pax(b"999 a=b\n") + header("a", tarfile.REGTYPE, 0),
        pax(b"2 " * 100_000 + b"=") + header("a", tarfile.REGTYPE, 0),  # each a name up to the far = for tarfile
        pax(b"1" * 900_000) + header("a", tarfile.REGTYPE, 0),  # quadratic in patterns
        pax(*[field("a", "b")] * 1001) + header("a", tarfile.REGTYPE, 0),
        pax(field("a", "b")) * 17 + header("a", tarfile.REGTYPE, 0),  # tarfile calls itself for each
    ],
)
def test_extended_headers_that_are_wrong(tmp_path: Path, read: Read, head: bytes) -> None:
    (path := tmp_path / "a").write_bytes(head + bytes(1024))
    assert taken(read(path)) == [IS_DAMAGED]


def test_xz_that_asks_for_much_memory(tmp_path: Path, read: Read) -> None:
    first, second = make_tar(tmp_path / "a", ("a", b"1")).read_bytes()[:1024], bytearray(lzma.compress(bytes(1024)))
    end = 12 + (second[12] + 1) * 4 - 4  # of the header of the block, before its sum
    assert second[14:16] == b"\x21\x01"
    second[16] = 40  # a dictionary of 4 GB
    struct.pack_into("<L", second, end, zlib.crc32(second[12:end]))
    with pytest.raises(lzma.LZMAError, match="Memory usage limit"):
        lzma.LZMADecompressor(memlimit=4_000_000_000).decompress(bytes(second))
    (path := tmp_path / "a").write_bytes(lzma.compress(first) + second)
    assert taken(read(path)) == [("a", b"1"), IS_DAMAGED]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_memory_is_flat(tmp_path: Path, read: Read, make: Callable[..., Path]) -> None:
    path = make(tmp_path / "a", ("a", NOISE * 100))
    members = read(path)
    tracemalloc.start()
    try:
        member = next(members)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert member.path and member.path.stat().st_size == 30_000_000


# Files that stay behind


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_file_is_the_callers_once_the_next_is_asked_for(tmp_path: Path, read: Read, into: Path, make: Callable[..., Path]) -> None:
    path = make(tmp_path / "a", ("a", b"1"), ("b", b"2"), ("c", b"3"))
    members = read(path)
    first = next(members)
    members.close()  # type: ignore[attr-defined]
    assert (first.name, list(into.iterdir())) == ("a", [])
    members = read(path)
    kept = next(members).path
    next(members)
    members.close()  # type: ignore[attr-defined]
    assert list(into.iterdir()) == [kept]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_full_disk_is_not_the_fault_of_the_archive(
    tmp_path: Path, read: Read, into: Path, make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tempfile.NamedTemporaryFile

    def full(*args: object, **options: object) -> object:
        file = original(*args, **options)  # type: ignore[call-overload]

        def write(data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        file.write = write
        return file

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    with pytest.raises(OSError, match="No space left") as caught:
        list(read(make(tmp_path / "a", ("a", b"1"))))
    assert (caught.value.errno, list(into.iterdir())) == (errno.ENOSPC, [])


def test_errors_hold_no_bytes(tmp_path: Path, read: Read) -> None:
    path = replaced(make_zip(tmp_path / "a", ("a", b"content"), packing=zipfile.ZIP_STORED), (b"content", b"CONTENT"))
    error = next(read(path)).error
    assert error and (error.__traceback__, error.__cause__) == (None, None)


def test_damage_anywhere_raises_nothing_else(tmp_path: Path, into: Path) -> None:
    """Bytes changed at random: what comes out is members and errors of docparse, and no file stays behind."""
    chance = random.Random(3)
    link = special("link", tarfile.SYMTYPE, "x")
    files = [make_zip(tmp_path / "a", ("thư/a.txt", b"1" * 2000), ("b", NOISE[:200]))]
    files += [
        make_tar(tmp_path / f"t{n}", ("thư/a.txt", b"1" * 2000), (link, b""), ("b", NOISE[:200]), mode=f"w{m}")
        for n, m in enumerate(["", ":gz", ":bz2", ":xz"])
    ]
    outcomes = set()
    for path in files:
        original = path.read_bytes()
        for _ in range(150):
            data = bytearray(original)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.choice((0, 1, 0x80, 0xFF, chance.randrange(256)))
            if chance.random() < 0.3:
                del data[chance.randrange(len(data)) :]
            path.write_bytes(data)
            archive_kind(bytes(data[:512]), path)
            for kind in ("zip", "tar"):
                members = read_members(path, kind, location="box", into=into, budget=Budget(), max_bytes=10**6)  # type: ignore[arg-type]
                outcomes |= {type(content) if isinstance(content, bytes) else name.split("/")[0] for name, content in taken(members)}
    assert {bytes, "DamagedFile"} < outcomes
    assert list(into.iterdir()) == []
