"""Files become documents: found in folders, decoded, parsed, and damaged runs read again.

Nothing here stops for one bad file: :func:`read_document` says in one sentence what is wrong with it.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from yinju import formats, office
from yinju.config import Settings
from yinju.errors import SourceError
from yinju.formats import FormatError, Parsed
from yinju.likelihood import likelihood
from yinju.repair import apply_repairs, find_repairs
from yinju.types import Document

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
# Name in Document.encoding -> Python codec. Microsoft's table is what "Big5" files are written with.
_GUESSED = {"gb18030": "gb18030", "big5": "cp950", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
_WESTERN = "cp1252"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
_CHARSET_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "big5-hkscs": "big5"}
_CHARSET_NAMES |= dict.fromkeys(("iso-8859-1", "latin1", "windows-1252"), _WESTERN)
# Where Western writing has no such character. Double-byte text read as Windows-1252 is full of these.
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿŠŒŽšœžŸ"
_ABOVE = _LETTER.removeprefix("A-Za-z")
_WESTERN_MISFIT = re.compile(
    rf"[^\x00-\x7f{_ABOVE}“”‘’‚„–—…•€£¥¢§©®™°±·×«»¿¡¼½¾²³ªºµ\xa0]"
    rf"|[{_ABOVE}]{{4,}}|[{_ABOVE}][0-9]|[0-9][À-ÖØ-Þ]|[ß-öø-ÿ][A-ZÀ-ÖØ-Þ]|[a-zß-öø-ÿ][À-ÖØ-Þ]"
    rf"|(?<![0-9nN.])[ªº]|[ªº][{_LETTER}]|[{_LETTER}]µ|µ(?![{_LETTER}])|[{_LETTER}0-9][¡¿]|[¡¿](?![{_LETTER}¡¿])"
    rf"|(?<![{_LETTER}0-9)])[²³]|[²³][{_LETTER}]|[{_LETTER}][¼½¾]|[¼½¾][{_LETTER}]|[{_LETTER}]°|°(?![CF])[{_LETTER}]"
    rf"|[{_LETTER}0-9][«©§]|[»®™•±][{_LETTER}]|[{_LETTER}]{{2}}[£€¥¢]|[£€¥][{_LETTER}]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"Rar!")
_SAMPLE = 20_000  # characters looked at to tell encodings apart
_MAX_BAD = 0.002  # share of characters that may be lost in an otherwise readable file
_MAX_CONTROL = 0.01
_LOST_AT_MOST = 5  # characters above ASCII for each that is lost
_MAX_MISFITS = 0.02  # share of the characters above ASCII that may stand where Western writing has none
# Mean log-likelihood: ordinary Chinese in either script lies at -8 and above, a wrong decoding at -10 and below.
_READABLE = -10.0
# Of the characters above ASCII alone, which in Western text read as Chinese are at -10 and below.
_SENSIBLE = -9.5
_SUPPORTED = "Supported: " + ", ".join(MEDIA_TYPES) + "."


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file to be read: ``name`` is how it is cited, ``path`` is absolute."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found under some paths: files to read, and files and folders left out with the reason."""

    sources: tuple[Source, ...]
    skipped: tuple[tuple[Path, str], ...]


def discover(paths: Sequence[Path]) -> list[Source]:
    """Find the files to read under files and folders, sorted by name; see :func:`survey`."""
    return list(survey(paths).sources)


def survey(paths: Sequence[Path]) -> Survey:
    """Find the files to read, and say what was left out.

    In folders, hidden files and unknown types are left out. A file named itself is always a source, also one that
    does not exist: reading it says why it cannot be read. Names are relative to the folder given; files that would
    share one get the folder's name, or else their whole path, before it.
    """
    skipped: list[tuple[Path, str]] = []
    rooted: dict[Path, tuple[Path, Path]] = {}
    for path in dict.fromkeys(Path.cwd() / each for each in paths):
        is_folder = path.is_dir()
        for file in _walk(path, skipped) if is_folder else [path]:
            rooted.setdefault(Path(os.path.realpath(file)), (file, path if is_folder else path.parent))
    return Survey(tuple(sorted(_named(list(rooted.values())))), tuple(skipped))


def read_document(source: Source, settings: Settings) -> Document:
    """Read, decode and parse one file, and find its damaged runs.

    Raises:
        SourceError: The file is gone, unreadable, empty, too large, binary, of an unknown type or encoding, broken,
            protected, or without text.
    """
    raw = _read(source, settings.max_file_mb)
    media_type, parsed, encoding = _parse(source, raw, int(settings.max_file_mb * 2**20))
    if not parsed.text.strip():
        _refuse(source, "has no text in it", "Put text into it or leave it out.")
    repairs = find_repairs(parsed.text)
    return Document(
        id=document_id(source.name, parsed.text),
        name=source.name,
        text=parsed.text,
        readable=apply_repairs(parsed.text, repairs),
        source=str(source.path),
        sha256=hashlib.sha256(raw).hexdigest(),
        media_type=media_type,
        encoding=encoding,
        repairs=repairs,
        headings=parsed.headings,
        pages=parsed.pages,
        tables=parsed.tables,
    )


def document_id(name: str, text: str) -> str:
    """Content hash of a document's name and text (16 hex digits)."""
    return hashlib.sha256(f"{name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(text: str) -> str:
    """Content hash of a text alone (16 hex digits): equal for the same text under two names."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def decode(raw: bytes) -> tuple[str, str] | None:
    """Decode plain text of unknown encoding; return text and encoding, or ``None`` when it is not text.

    A byte-order mark decides, then valid UTF-8, then letters with accents as in Western writing (Windows-1252), then
    whichever of GB18030, Big5 and UTF-16 makes the likeliest text. A few broken bytes in an otherwise readable file
    become U+FFFD. Newlines stay as they are.
    """
    for bom, name, codec in _BOMS:
        if raw.startswith(bom):
            return _kept(raw[len(bom) :].decode(codec, "replace"), name)
    if b"\0" not in raw:
        try:
            return _kept(raw.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    return _western(raw) or _guess(raw)


# ── finding ─────────────────────────────────────────────────────────────────────────────────


def _walk(folder: Path, skipped: list[tuple[Path, str]]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        skipped.append((Path(error.filename or folder), "folder cannot be read"))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if name.startswith((".", "~$")):
                continue
            if path.suffix.lower() in MEDIA_TYPES:
                yield path
            else:
                skipped.append((path, "type is not supported"))


def _named(rooted: list[tuple[Path, Path]]) -> list[Source]:
    names = [file.relative_to(root).as_posix() for file, root in rooted]
    with_root = [f"{root.name}/{name}" for name, (_, root) in zip(names, rooted, strict=True)]
    for longer in (with_root, [file.as_posix() for file, _ in rooted]):
        counts = Counter(names)
        names = [other if counts[name] > 1 else name for name, other in zip(names, longer, strict=True)]
    return [Source(_printable(name), file) for name, (file, _) in zip(names, rooted, strict=True)]


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def _refuse(source: Source, what: str, hint: str) -> NoReturn:
    raise SourceError(f"{source.name} {what}.", hint)


def _read(source: Source, max_mb: float) -> bytes:
    limit = int(max_mb * 2**20)
    try:
        status = source.path.stat()
        if not stat.S_ISREG(status.st_mode):
            _refuse(source, "is not a file", "Name a file or a folder.")
        if status.st_size <= limit:
            with source.path.open("rb") as file:
                raw = file.read(limit + 1)
    except OSError as error:
        _refuse(source, *_explained(error))
    if status.st_size > limit or len(raw) > limit:
        size = max(status.st_size, limit + 1) / 2**20
        _refuse(source, f"has {size:.1f} MiB, more than the {max_mb:g} allowed", "Split it or set YINJU_MAX_FILE_MB.")
    if not raw:
        _refuse(source, "is empty", "Put text into it or leave it out.")
    return raw


def _explained(error: OSError) -> tuple[str, str]:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "does not exist (any more)", "Check the path, or build again without it."
    if error.errno in (errno.EACCES, errno.EPERM):
        return "may not be read by this user", "Change its permissions, or run as a user who may read it."
    return f"cannot be read ({error.strerror or error})", "Check the disk or copy the file elsewhere."


def _parse(source: Source, raw: bytes, limit: int) -> tuple[str, Parsed, str]:
    """Media type, content and encoding of a file."""
    suffix = source.path.suffix.lower()
    media_type = MEDIA_TYPES.get(suffix, "text/plain")
    try:
        if suffix == ".pdf":
            return media_type, office.read_pdf(raw, limit), ""
        if suffix == ".docx":
            return media_type, office.read_docx(raw, 4 * limit), ""
    except FormatError as error:
        _refuse(source, str(error), _hint_for(str(error)))
    text, encoding = _decoded(source, raw, suffix in (".html", ".htm", ".xhtml"))
    if media_type == "text/csv":
        try:
            return media_type, formats.read_csv(text), encoding
        except FormatError as error:
            _refuse(source, str(error), _hint_for(str(error)))
    if media_type == "text/html":
        return media_type, formats.read_html(text), encoding
    read = formats.read_markdown if media_type == "text/markdown" else formats.read_plain
    return media_type, read(text), encoding


def _hint_for(problem: str) -> str:
    if "password" in problem:
        return "Save it without a password as a current PDF or DOCX file."
    if "scan" in problem:
        return "Run text recognition (OCR) on it and index the result."
    return "Open it in its own program, save it anew, or leave it out."


def _decoded(source: Source, raw: bytes, is_html: bool) -> tuple[str, str]:
    if raw.startswith(_SIGNATURES):
        _refuse(source, "is a binary file", _SUPPORTED)
    decoded = decode(raw)
    if is_html and (decoded is None or not decoded[1].startswith("utf-8")):
        decoded = _declared(raw) or decoded
    if decoded is None:
        what = "is a binary file" if _looks_binary(raw) else "is in no encoding that is known here"
        _refuse(source, what, _SUPPORTED if "binary" in what else "Save it as UTF-8.")
    return decoded


def _looks_binary(raw: bytes) -> bool:
    sample = raw[:65536]
    return b"\0" in sample or sum(byte < 9 or 13 < byte < 27 for byte in sample) > _MAX_CONTROL * len(sample)


def _declared(raw: bytes) -> tuple[str, str] | None:
    """The text in the encoding that an HTML page names itself, where that is true of all its bytes."""
    match = _CHARSET.search(raw[:2048])
    name = _CHARSET_NAMES.get(match.group(1).decode().lower()) if match else None
    if name is None:
        return None
    try:
        return _kept(raw.decode(_GUESSED.get(name, name)), name)
    except UnicodeDecodeError:
        return None


def _western(raw: bytes) -> tuple[str, str] | None:
    """The text as Windows-1252, where its letters and signs stand as they do in Western writing.

    A few letters with accents often are valid in double-byte encodings too, but then as Chinese characters that hardly
    anybody writes; where they are ordinary ones, the text is Chinese.
    """
    try:
        text = raw.decode(_WESTERN)
    except UnicodeDecodeError:
        return None
    n_misfits = len(_WESTERN_MISFIT.findall(text))
    if n_misfits > _MAX_MISFITS * sum(not c.isascii() for c in text) or _is_sensible_in_double_bytes(raw):
        return None
    return _kept(text, _WESTERN)


def _is_sensible_in_double_bytes(raw: bytes) -> bool:
    for codec in ("gb18030", "cp950"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if likelihood("".join(c for c in text[:_SAMPLE] if not c.isascii())) >= _SENSIBLE:
            return True
    return False


def _guess(raw: bytes) -> tuple[str, str] | None:
    found: list[tuple[float, str, str]] = []
    for name, codec in _GUESSED.items():
        text = raw.decode(codec, "replace")
        n_bad = text.count("\ufffd")
        if n_bad > max(1, _MAX_BAD * len(text)) or _kept(text, name) is None:
            continue
        # Each reading explains the same bytes, so the sum is compared and not the mean.
        sample = text[:_SAMPLE]
        size = len(sample.encode(codec, "replace"))
        score = likelihood(sample) * len(sample) / max(1, size) if sample else 0.0
        if likelihood(sample) >= _READABLE and not _is_mostly_lost(text):
            found.append((score, text, name))
    if not found:
        return None
    _, text, name = max(found, key=lambda each: each[0])
    return text, name


def _is_mostly_lost(text: str) -> bool:
    """Whether so much of what is not ASCII is lost that the bytes were of some other encoding."""
    n_lost = text.count("\ufffd")
    return n_lost > 0 and sum(not c.isascii() for c in text) < _LOST_AT_MOST * n_lost


def _kept(text: str, name: str) -> tuple[str, str] | None:
    """The decoded text unless it holds more control characters than text does."""
    return None if len(_CONTROL.findall(text)) > _MAX_CONTROL * len(text) else (text, name)
