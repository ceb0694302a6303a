"""The folder of an index: generations of files, one of them current.

::

    index/
      README.md                 may be there; left alone
      CURRENT                   the name of the current generation
      v-000002-<hash>/          its files; the hash is that of its manifest
      .lock                     held while a build runs
      .new-<random>/            what a build is writing, or left behind when it was killed

A build writes a whole new generation, then replaces ``CURRENT``: at every moment ``CURRENT`` names a complete one.
Readers take no lock. Nothing that is not listed above is ever touched; a folder with other things in it is refused.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from yinju.errors import IndexCorruptError, IndexMissingError, YinjuError
from yinju.index.manifest import MANIFEST

CURRENT, LOCK, NEW = "CURRENT", ".lock", ".new-"
_GENERATION = re.compile(r"v-(\d{6})-([0-9a-f]{16})")
_OURS = re.compile(rf"{CURRENT}|\{LOCK}|\{NEW}\w+|{_GENERATION.pattern}")
# Left in folders by version control and desktops; neither ours nor a sign of somebody's documents.
_TOLERATED = {"README.md", ".gitignore", ".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini"}


def claim(folder: Path) -> None:
    """Make the folder, or check that what is in it is an index or nothing.

    Raises:
        IndexCorruptError: Something else lives there, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = sorted(path.name for path in folder.iterdir() if not _is_ours(path))
    except OSError as error:
        raise IndexCorruptError(
            f"The index folder {folder} cannot be used: {error.strerror or error}.", "Name another with --index."
        ) from error
    if foreign:
        raise IndexCorruptError(
            f"The folder {folder} is not an index: it holds {foreign[0]!r}"
            + (f" and {len(foreign) - 1} more." if len(foreign) > 1 else "."),
            "Nothing was changed; name an empty or new folder with --index.",
        )


@contextmanager
def locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Let one build at a time into the folder; ``waiting`` is called once if another one has to end first."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def new_generation(folder: Path) -> Iterator[Path]:
    """Give an empty folder for a new generation; what killed builds left behind is removed first.

    Raises:
        YinjuError: The disk is full or refuses to be written; the old generation stays.
    """
    temporary = folder / f"{NEW}{uuid4().hex}"
    try:
        _sweep(folder, _kept(folder))
        temporary.mkdir()
        yield temporary
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def publish(folder: Path, files: Mapping[str, str], temporary: Path, manifest: bytes) -> Path:
    """Make what was written to ``temporary`` the current generation, then remove the others.

    Args:
        folder: The index.
        files: Relative paths of the files to be flushed to the disk, in ``temporary``.
        temporary: From :func:`new_generation`.
        manifest: Content of the manifest, written last.
    """
    (temporary / MANIFEST).write_bytes(manifest)
    for name in [*files, MANIFEST]:
        _flush(temporary / name)
    for directory in {(temporary / name).parent for name in [*files, MANIFEST]}:
        _flush(directory)
    final = folder / f"v-{_next_number(folder):06d}-{_hash(manifest)}"
    temporary.rename(final)
    _flush(folder)
    _point(folder, final.name)
    _sweep(folder, final.name)
    return final


def current_name(folder: Path) -> str:
    """Return the name of the current generation.

    Raises:
        IndexMissingError: The folder holds no index.
        IndexCorruptError: ``CURRENT`` does not name a generation.
    """
    try:
        name = (folder / CURRENT).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"There is no index in {folder}.", f"Build one: `yinju build PATH --index {folder}`."
        ) from None
    except (OSError, ValueError) as error:
        raise corrupt(folder, f"{CURRENT} cannot be read ({error})") from error
    if not _GENERATION.fullmatch(name) or not (folder / name).is_dir():
        raise corrupt(folder, f"{CURRENT} names {name[:40]!r}, which is not there")
    return name


def read_checked(folder: Path, name: str, expected: str) -> bytes:
    """Read a file of a generation and compare its SHA-256.

    Raises:
        IndexCorruptError: The file is missing, or has other content than the manifest says.
    """
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise corrupt(folder.parent, f"{name} cannot be read ({error.strerror or error})") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise corrupt(folder.parent, f"{name} is not what was written")
    return content


def read_manifest(folder: Path) -> bytes:
    """Read the manifest of a generation and compare it with the generation's name.

    Raises:
        IndexCorruptError: It is missing or changed.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise corrupt(folder.parent, f"{MANIFEST} cannot be read ({error.strerror or error})") from error
    if not folder.name.endswith(_hash(content)):
        raise corrupt(folder.parent, f"{MANIFEST} is not what was written")
    return content


def corrupt(folder: Path, why: str) -> IndexCorruptError:
    """Return the error of a damaged index."""
    return IndexCorruptError(
        f"The index in {folder} is damaged: {why}.", f"Build it again: `yinju build PATH --index {folder}`."
    )


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below ``folder``, by relative path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _kept(folder: Path) -> str | None:
    try:
        return current_name(folder)
    except (IndexMissingError, IndexCorruptError):
        return None


def _unwritable(folder: Path, error: OSError) -> YinjuError:
    return YinjuError(
        f"The index in {folder} cannot be written: {error.strerror or error}.",
        "What was there is unchanged; make room or name another folder with --index.",
    )


def _is_ours(path: Path) -> bool:
    return path.name in _TOLERATED or (_OURS.fullmatch(path.name) is not None and not path.is_symlink())


def _hash(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:16]


def _next_number(folder: Path) -> int:
    found = (_GENERATION.fullmatch(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in found if match), default=0) + 1


def _point(folder: Path, name: str) -> None:
    pointer = folder / f"{NEW}current"
    pointer.write_text(f"{name}\n", encoding="ascii")
    _flush(pointer)
    pointer.replace(folder / CURRENT)
    _flush(folder)


def _sweep(folder: Path, keep: str | None) -> None:
    """Remove generations other than ``keep`` and what killed builds left; only ever called under the lock."""
    for path in list(folder.iterdir()):
        if path.name == keep or path.is_symlink():
            continue
        if _GENERATION.fullmatch(path.name) or path.name.startswith(NEW):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder (which Windows cannot do and does not need)."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
