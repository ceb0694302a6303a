"""Build an index: read what changed, keep what did not, write the whole anew and swap it in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from yinju.chunk import chunk
from yinju.config import Settings
from yinju.errors import IndexCorruptError, IndexMissingError, NothingToIndexError, SourceError
from yinju.figures.ledger import describe, read_figures
from yinju.index.lexical import LexicalIndex
from yinju.index.load import (
    DOCUMENTS,
    FIGURE_VECTORS,
    FIGURES,
    LEXICAL,
    PASSAGES,
    Index,
    load_index,
    write_array,
    write_lines,
)
from yinju.index.manifest import Manifest, ModelRecord, SourceRecord, code_fingerprint
from yinju.index.report import BuildReport, Progress
from yinju.index.storage import checksums, claim, locked, new_generation, publish
from yinju.index.vectors import FloatArray, save_store
from yinju.ingest import Source, read_document, survey
from yinju.text import words
from yinju.types import Document, Figure, Passage

if TYPE_CHECKING:
    from yinju.embed import Embedder


@dataclass(frozen=True, slots=True)
class _Part:
    """All that comes of one file."""

    record: SourceRecord
    document: Document
    passages: tuple[Passage, ...]
    figures: tuple[Figure, ...]
    vectors: FloatArray
    figure_vectors: FloatArray


def search_text(passage: Passage) -> str:
    """Return what is embedded and searched for a passage: its headings, then its readable text."""
    return f"{passage.context}\n{passage.readable}" if passage.context else passage.readable


def build_index(
    paths: Sequence[Path], settings: Settings, *, embedder: Embedder | None = None, progress: Progress | None = None
) -> BuildReport:
    """Make the index in ``settings.index`` hold exactly what ``paths`` hold now.

    Files whose bytes have not changed are not read, embedded or analysed again. The new index replaces the old one
    in one step at the end; until then, and if the build fails or is killed, the old one stays.

    Args:
        paths: Files and folders.
        settings: Settings.
        embedder: A loaded model; default is the one of the settings, loaded when something has to be embedded.
        progress: Told what is being done.

    Raises:
        NothingToIndexError: No file could be indexed; the old index stays.
        IndexCorruptError: The folder holds something that is not an index; nothing is changed.
        ModelError: The embedding model cannot be loaded.
        YinjuError: The folder cannot be written; the old index stays.
    """
    tell: Progress = progress or _silent
    claim(settings.index)
    with locked(settings.index, lambda: tell("Waiting for another build of this index to end")):
        return _Build(list(paths), settings, embedder, tell).run()


def _silent(stage: str, done: int = 0, total: int | None = None) -> None:
    """Tell nobody."""


class _Build:
    """One run of a build; holds what the stages share."""

    def __init__(self, paths: list[Path], settings: Settings, embedder: Embedder | None, tell: Progress) -> None:
        self.paths, self.settings, self.tell = paths, settings, tell
        self._embedder = embedder
        self.seconds: dict[str, float] = defaultdict(float)
        self.skipped: list[tuple[str, SourceError]] = []
        self.duplicates: list[tuple[str, str]] = []
        self.ignored: list[tuple[str, str]] = []
        self.rebuilt = ""

    def run(self) -> BuildReport:
        started = perf_counter()
        with self._timed("look"):
            old = self._previous()
            sources = self._distinct(self._found())
        kept = _parts_of(old) if old else {}
        if old and any(not _is_same(kept.get(source.name), sha256) for source, sha256 in sources):
            old, kept = self._unless_other_model(old, kept)
        parts = list(self._parts(sources, kept))
        if not parts:
            raise self._nothing()
        if old is None or not _are_same([part.record for part in parts], old.manifest.sources):
            with self._timed("write"):
                self._write(parts, self._model(old))
        self.seconds["total"] = perf_counter() - started
        return self._report(parts, {name: part.record for name, part in _parts_of(old).items()} if old else {})

    # ── what there is ──

    def _previous(self) -> Index | None:
        """Load the index as it is; ``None`` when there is none that can be built upon."""
        try:
            old = load_index(self.settings)
        except IndexMissingError:
            return None
        except IndexCorruptError as error:
            self.rebuilt = error.message.rstrip(".")
            return None
        if old.manifest.code != code_fingerprint():
            self.rebuilt = "the index was made by another version of yinju"
            return None
        return old

    def _found(self) -> list[Source]:
        """Find the files below the paths; the index itself is none of them."""
        found = survey(self.paths)
        self.ignored += [(str(path), reason) for path, reason in found.skipped]
        own = self.settings.index.resolve()
        return [source for source in found.sources if own not in source.path.resolve().parents]

    def _unless_other_model(self, old: Index, kept: dict[str, _Part]) -> tuple[Index | None, dict[str, _Part]]:
        if self.embedder.checksum == old.manifest.model.checksum:
            return old, kept
        self.rebuilt = f"the embedding model {self.embedder.name} is not the one it was"
        return None, {}

    def _distinct(self, sources: list[Source]) -> list[tuple[Source, str]]:
        """Hash the sources; leave out unreadable ones and those with the bytes of another."""
        found: dict[str, Source] = {}
        for source in sources:
            try:
                sha256 = _sha256(source.path)
            except OSError:
                self._skip(source)
                continue
            if sha256 in found:
                self.duplicates.append((source.name, found[sha256].name))
            else:
                found[sha256] = source
        return [(source, sha256) for sha256, source in found.items()]

    def _skip(self, source: Source) -> None:
        """Let the reader say what is wrong with a file that cannot be opened."""
        try:
            read_document(source, self.settings)
        except SourceError as error:
            self.skipped.append((source.name, error))
        else:
            again = SourceError(f"{source.name} changed while it was read.", "Build again.")
            self.skipped.append((source.name, again))

    def _nothing(self) -> NothingToIndexError:
        named = ", ".join(str(path) for path in self.paths)
        if not self.skipped:
            return NothingToIndexError(
                f"There is no file to index in {named}.",
                "Name a file or folder with text, Markdown, HTML, CSV, PDF or DOCX.",
            )
        first = self.skipped[0][1]
        if len(self.skipped) == 1:
            return NothingToIndexError(first.message, first.hint)
        return NothingToIndexError(
            f"None of the {len(self.skipped)} files in {named} can be indexed; the first: {first.message}", first.hint
        )

    # ── parts ──

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            from yinju.embed import load_embedder

            with self._timed("load model"):
                self._embedder = load_embedder(self.settings, self.tell)
        return self._embedder

    def _parts(self, sources: list[tuple[Source, str]], kept: dict[str, _Part]) -> Iterator[_Part]:
        for number, (source, sha256) in enumerate(sources):
            self.tell("Files", number, len(sources))
            part = kept.get(source.name)
            try:
                yield _moved(part, source) if part and _is_same(part, sha256) else self._part(source)
            except SourceError as error:
                self.skipped.append((source.name, error))
            except OSError:
                self._skip(source)
        self.tell("Files", len(sources), len(sources))

    def _part(self, source: Source) -> _Part:
        with self._timed("read"):
            document = read_document(source, self.settings)
        fits = self.embedder.fits
        with self._timed("cut"):
            passages = tuple(chunk(document, self.settings.passage_chars, fits))
        if not passages:
            raise SourceError(f"{source.name} holds no text.", "Leave it out, or give a file with text in it.")
        with self._timed("figures"):
            figures = tuple(read_figures(document))
        with self._timed("embed"):
            vectors = self._embed([search_text(passage) for passage in passages], source.name)
            figure_vectors = self._embed([describe(figure) for figure in figures], f"{source.name}, figures")
        return _Part(_record(source, document), document, passages, figures, vectors, figure_vectors)

    def _embed(self, texts: list[str], what: str) -> FloatArray:
        """Embed texts, equal ones once."""
        distinct = list(dict.fromkeys(texts))
        stage = f"Embedding {what}"
        vectors = self.embedder.passages(distinct, lambda done, total: self.tell(stage, done, total))
        positions = {text: position for position, text in enumerate(distinct)}
        return vectors[[positions[text] for text in texts]].reshape(len(texts), self.embedder.dimension)

    # ── writing and telling ──

    def _write(self, parts: list[_Part], model: ModelRecord) -> None:
        self.tell("Writing the index")
        passages = [passage for part in parts for passage in part.passages]
        vectors = np.concatenate([part.vectors for part in parts])
        files = {
            DOCUMENTS: write_lines(Document, [part.document for part in parts]),
            PASSAGES: write_lines(Passage, passages),
            FIGURES: write_lines(Figure, [figure for part in parts for figure in part.figures]),
            FIGURE_VECTORS: write_array(np.concatenate([part.figure_vectors for part in parts])),
        }
        lexical = LexicalIndex.build([words(search_text(passage)) for passage in passages])
        manifest = Manifest.start(self.settings, model, self.paths, [part.record for part in parts])
        with new_generation(self.settings.index) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
            save_store(folder, passages, vectors)
            lexical.save(folder / LEXICAL)
            manifest = manifest.model_copy(update={"files": checksums(folder)})
            publish(self.settings.index, manifest.files, folder, manifest.model_dump_json(indent=1).encode())

    def _model(self, old: Index | None) -> ModelRecord:
        if old:
            return old.manifest.model
        embedder = self.embedder
        return ModelRecord(name=embedder.name, checksum=embedder.checksum, dimension=embedder.dimension)

    def _report(self, parts: list[_Part], before: dict[str, SourceRecord]) -> BuildReport:
        now = {part.record.name: part.record for part in parts}
        same = [name for name, record in now.items() if name in before and before[name].sha256 == record.sha256]
        return BuildReport(
            index=str(self.settings.index),
            added=tuple(name for name in now if name not in before),
            changed=tuple(name for name in now if name in before and name not in same),
            unchanged=tuple(same),
            removed=tuple(name for name in before if name not in now),
            skipped=tuple(self.skipped),
            duplicates=tuple(self.duplicates),
            ignored=tuple(self.ignored),
            rebuilt=self.rebuilt,
            n_documents=len(parts),
            n_passages=sum(len(part.passages) for part in parts),
            n_figures=sum(len(part.figures) for part in parts),
            n_repairs=sum(part.record.n_repairs for part in parts),
            encodings={name: record.encoding for name, record in now.items() if record.encoding},
            seconds=dict(self.seconds),
        )

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += perf_counter() - started


def _parts_of(index: Index) -> dict[str, _Part]:
    """Take an index apart again, by document name."""
    passages: dict[str, list[int]] = defaultdict(list)
    figures: dict[str, list[int]] = defaultdict(list)
    for position, passage in enumerate(index.passages):
        passages[passage.document].append(position)
    for position, figure in enumerate(index.ledger):
        figures[figure.document].append(position)
    vectors = index.dense.vectors()
    return {
        record.name: _Part(
            record,
            index.documents[record.name],
            tuple(index.passages[position] for position in passages[record.name]),
            tuple(index.ledger[position] for position in figures[record.name]),
            vectors[passages[record.name]],
            index.figure_vectors[figures[record.name]],
        )
        for record in index.manifest.sources
    }


def _is_same(part: _Part | None, sha256: str) -> bool:
    return part is not None and part.record.sha256 == sha256


def _are_same(records: Sequence[SourceRecord], others: Sequence[SourceRecord]) -> bool:
    """Compare what matters: a file that was only touched is no reason to write anything."""

    def keys(sources: Sequence[SourceRecord]) -> list[tuple[str, str, str]]:
        return [(source.name, source.path, source.sha256) for source in sources]

    return keys(records) == keys(others)


def _moved(part: _Part, source: Source) -> _Part:
    """Return the part of an unchanged file where the file is now."""
    path, status = str(source.path), source.path.stat()
    if part.document.source != path:
        part = replace(part, document=replace(part.document, source=path))
    update = {"path": path, "size": status.st_size, "mtime_ns": status.st_mtime_ns}
    return replace(part, record=part.record.model_copy(update=update))


def _record(source: Source, document: Document) -> SourceRecord:
    status = source.path.stat()
    return SourceRecord(
        name=document.name,
        path=str(source.path),
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        sha256=document.sha256,
        encoding=document.encoding,
        n_repairs=len(document.repairs),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
