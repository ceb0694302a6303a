"""What an index says about itself: where it came from, how it was made, and what its files hold."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from yinju import __version__
from yinju.config import Settings

FORMAT = 1
"""Version of the layout of an index."""
MANIFEST = "manifest.json"
_LIBRARIES = ("bm25s", "faiss-cpu", "llama-index-core", "numpy", "sentence-transformers", "tokenizers", "torch")
# What is between a file and its rows in the index: a change here is a reason to read every file again.
_MAKERS = (
    "text", "likelihood", "repair", "formats", "office", "ingest", "chunk", "embed", "bundled", "figures", "index",
)  # fmt: skip


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRecord(_Frozen):
    """One indexed file: where it is, what it held, and what was noticed in reading it.

    ``size`` is in bytes, ``mtime_ns`` in nanoseconds since 1970, ``sha256`` of the bytes; ``n_repairs`` counts
    damaged runs that were repaired for search.
    """

    name: str
    path: str
    size: int
    mtime_ns: int
    sha256: str
    encoding: str
    n_repairs: int


class ModelRecord(_Frozen):
    """The embedding model: the setting that names it, the checksum of its weights, the length of its vectors."""

    name: str
    checksum: str
    dimension: int


class Manifest(_Frozen):
    """The head of an index.

    Attributes:
        kind: Marks the file as ours.
        format: Version of the layout, :data:`FORMAT`.
        yinju: Version of the program.
        code: Hash of the program text that makes an index.
        settings: ``Settings.index_fingerprint()``.
        chosen: The settings behind it, to name the one that differs.
        model: The embedding model.
        paths: What was indexed, absolute, as given to the build.
        sources: One record for each document, in the order of the documents.
        libraries: Versions of what wrote it.
        files: SHA-256 of every other file of the index, by relative path.
    """

    kind: Literal["yinju index"] = "yinju index"
    format: int = FORMAT
    yinju: str
    code: str
    settings: str
    chosen: dict[str, str]
    model: ModelRecord
    paths: tuple[str, ...]
    sources: tuple[SourceRecord, ...]
    libraries: dict[str, str]
    files: dict[str, str] = {}

    @classmethod
    def start(cls, settings: Settings, model: ModelRecord, paths: list[Path], sources: list[SourceRecord]) -> Manifest:
        """Return a manifest that lists no files yet."""
        return cls(
            yinju=__version__,
            code=code_fingerprint(),
            settings=settings.index_fingerprint(),
            chosen=chosen(settings),
            model=model,
            paths=tuple(str(path.absolute()) for path in paths),
            sources=tuple(sources),
            libraries={name: _version(name) for name in _LIBRARIES},
        )

    def difference(self, settings: Settings) -> str:
        """Say why an index made so does not fit the settings and this program; empty when it does."""
        if self.format != FORMAT:
            return f"it has format {self.format}, this version of yinju reads {FORMAT}"
        if self.settings == settings.index_fingerprint():
            return ""
        now = chosen(settings)
        differing = sorted(key for key in {*now, *self.chosen} if now.get(key) != self.chosen.get(key))
        named = ", ".join(f"{key} was {self.chosen.get(key)!r} and is now {now.get(key)!r}" for key in differing)
        return f"it was made with other settings: {named}"


def chosen(settings: Settings) -> dict[str, str]:
    """Return the settings that change what is in an index, as text."""
    keys = ("embed_model", "embed_passage_prefix", "vector_store", "passage_chars")
    return {key: str(getattr(settings, key)) for key in keys}


@cache
def code_fingerprint() -> str:
    """Hash the program text that makes an index (16 hex digits)."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for name in _MAKERS:
        for path in sorted([package / f"{name}.py", *(package / name).glob("*.py")]):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
