"""What is packed in a workbook that is an archive (.xlsx, .ods)? Unpacks its parts piece by piece, within limits.

What an archive says of its own sizes is not believed: whoever goes on to parse it calls `verify` first. Nothing is
ever unpacked to the disk. Runs in the reading process: nothing here may import Django.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 5_000
PACKED_PIECE = 1 << 17
PIECE = 1 << 20

PART_BEGINS, LISTED_PART_BEGINS = b"PK\x03\x04", b"PK\x01\x02"
BEFORE_THE_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
ROOT = re.compile(rb"<[A-Za-z_]")
# Old OpenOffice wrote a document type into the list of parts; the only one that no parser of ours follows.
LIST_OF_PARTS = "meta-inf/manifest.xml"


class Unreadable(Exception):
    """Its argument is one of the codes that `workbook` has a message for."""


class Archive:
    """Parts are asked for by name, whatever their capitals and slashes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        # Counted before anything is read, as the list of a million parts is itself a bomb.
        if content.count(LISTED_PART_BEGINS) > MAX_PARTS:
            raise Unreadable("too_large")
        try:
            entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
            raise Unreadable("damaged") from None
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise Unreadable("too_large")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable("encrypted")
        self.entries = {_plain(entry.filename): entry for entry in entries}
        if len(self.entries) < len(entries):
            # Which of two parts of one name is meant, each program decides for itself.
            raise Unreadable("damaged")
        self.unpacked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self.entries

    @property
    def kind(self) -> str:
        """`xlsx` or `ods`; Unreadable for what is packed likewise and is no such workbook."""
        if "mimetype" in self:
            if self.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return "ods"
            raise Unreadable("not_workbook")
        if "word/document.xml" in self:
            raise Unreadable("not_workbook")
        if "xl/workbook.bin" in self:
            raise Unreadable("binary_workbook")
        if "[content_types].xml" in self and any(name.startswith("xl/") for name in self.entries):
            return "xlsx"
        raise Unreadable("not_workbook")

    def verify(self) -> None:
        """Go through the parts that nobody has asked for: each must be as large as it says, and no part has a DTD."""
        for name in self.entries.keys() - self.unpacked:
            for _piece in self.pieces(name):
                pass

    def read(self, name: str) -> bytes:
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The unpacked part; nothing where there is none of that name."""
        name = _plain(name)
        entry = self.entries.get(name)
        if entry is None:
            return
        left, is_first = entry.file_size, True
        for piece in _unpacked(entry, self._packed(entry)):
            left -= len(piece)
            if left < 0:
                raise Unreadable("damaged")
            if is_first and name.endswith((".xml", ".rels", ".vml")) and name != LIST_OF_PARTS:
                _refuse_odd_beginning(piece)
            is_first = False
            yield piece
        if left:
            raise Unreadable("damaged")
        self.unpacked.add(name)

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        at = entry.header_offset
        header = self.content[at : at + 30]
        if len(header) < 30 or not header.startswith(PART_BEGINS):
            raise Unreadable("damaged")
        begin = at + 30 + sum(struct.unpack("<HH", header[26:30]))
        packed = memoryview(self.content)[begin : begin + entry.compress_size]
        if len(packed) < entry.compress_size:
            raise Unreadable("damaged")
        return packed


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _unpacked(entry: zipfile.ZipInfo, packed: memoryview) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(packed)
    else:
        raise Unreadable("damaged")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), PACKED_PIECE):
            waiting: bytes | memoryview = packed[at : at + PACKED_PIECE]
            while waiting and not unpacking.eof:
                if piece := unpacking.decompress(waiting, PIECE):
                    yield piece
                waiting = unpacking.unconsumed_tail
        # What was kept back for the lack of room in the last piece.
        while not unpacking.eof and (piece := unpacking.decompress(b"", PIECE)):
            yield piece
    except zlib.error:
        raise Unreadable("damaged") from None
    if not unpacking.eof:
        raise Unreadable("damaged")


def _refuse_odd_beginning(piece: bytes) -> None:
    """A document type could bring entities along, UTF-16 would be read as an empty sheet: Excel writes neither."""
    before = BEFORE_THE_ROOT.match(piece)
    if before and not ROOT.match(piece, before.end()):
        raise Unreadable("damaged")


def parse_xml(
    pieces: Iterable[bytes],
    start: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], Any] | None = None,
) -> None:
    """Names are handed on as "namespace name". Raises expat.ExpatError, and Unreadable at a document type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse_document_type(*_said: Any) -> None:
    raise Unreadable("damaged")


def local(name: str) -> str:
    return name.rpartition(" ")[2]
