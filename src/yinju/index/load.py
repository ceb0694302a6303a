"""Load an index: every file is compared with the manifest, every value is validated, nothing is unpickled."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError

from yinju.config import Settings
from yinju.errors import IndexCorruptError
from yinju.figures.ledger import Ledger
from yinju.index.lexical import LexicalIndex
from yinju.index.manifest import Manifest
from yinju.index.storage import corrupt, current_name, read_checked, read_manifest
from yinju.index.vectors import VECTORS, DenseIndex, FloatArray, load_store
from yinju.types import Document, Figure, Passage

if TYPE_CHECKING:
    from yinju.embed import Embedder

Value = TypeVar("Value", Document, Passage, Figure)

DOCUMENTS, PASSAGES, FIGURES = "documents.jsonl", "passages.jsonl", "figures.jsonl"
FIGURE_VECTORS, LEXICAL = "figure_vectors.npy", "bm25"
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (Document, Passage, Figure)}


class Index:
    """A loaded index. Nothing of it changes, also when a newer one is built.

    Attributes:
        settings: What it was loaded with.
        manifest: Where it came from and how it was made.
        folder: The generation it was read from.
        documents: By ``Document.name``, in the order of the build.
        passages: Of all documents, in order; a position in it is what the searches return.
        ledger: Every figure of all documents.
        figure_vectors: Of ``describe(figure)``, float32 (n_figures, dim), unit length.
        dense: Cosine search over the passages.
        lexical: BM25 search over the passages.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        manifest: Manifest,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        figures: Sequence[Figure],
        figure_vectors: FloatArray,
        dense: DenseIndex,
        lexical: LexicalIndex,
    ) -> None:
        self.settings, self.folder, self.manifest = settings, folder, manifest
        self.documents: Mapping[str, Document] = MappingProxyType({d.name: d for d in documents})
        self.passages = tuple(passages)
        self.ledger = Ledger(figures, {document.name: document.text for document in documents})
        self.figure_vectors = figure_vectors
        self.dense, self.lexical = dense, lexical

    def search_dense(self, vector: npt.ArrayLike, top_k: int) -> list[tuple[int, float]]:
        """Return up to ``top_k`` (position in ``passages``, cosine) for a unit vector, best first."""
        return self.dense.search(vector, top_k)

    def search_lexical(self, words: Sequence[str], top_k: int) -> list[tuple[int, float]]:
        """Return up to ``top_k`` (position in ``passages``, BM25) for folded words, best first; no zeros."""
        return self.lexical.search(words, top_k)

    def check_model(self, embedder: Embedder) -> None:
        """Compare a loaded model with the one that made the vectors.

        Raises:
            IndexCorruptError: The weights are others, so its vectors cannot be compared with those of the index.
        """
        if embedder.checksum != self.manifest.model.checksum:
            known = " ".join(self.manifest.paths)
            raise IndexCorruptError(
                f"The index in {self.settings.index} was made with other weights of {self.manifest.model.name} "
                f"(checksum {self.manifest.model.checksum}, now {embedder.checksum}).",
                f"Build it again: `yinju build {known} --index {self.settings.index}`.",
            )

    def as_llama_index(self, embedder: Embedder | None = None) -> Any:
        """Return the same nodes and vectors as LlamaIndex's ``VectorStoreIndex``.

        Args:
            embedder: The model for questions; default is the one of the settings.

        Raises:
            IndexCorruptError: The generation was replaced by a later build: load the index again.
        """
        from yinju.embed import load_embedder

        chosen = embedder or load_embedder(self.settings)
        try:
            return load_store(self.folder, chosen.as_llama_index())
        except (OSError, ValueError) as error:
            raise corrupt(self.folder.parent, "it was built again since it was loaded") from error


def load_index(settings: Settings) -> Index:
    """Load the index in ``settings.index``.

    A build that ends in the meantime is no hindrance: then the new index is loaded.

    Raises:
        IndexMissingError: There is none.
        IndexCorruptError: It is damaged, or made with other settings or by another version.
    """
    while True:
        name = current_name(settings.index)
        try:
            return _load(settings.index / name, settings)
        except IndexCorruptError:
            if current_name(settings.index) == name:
                raise


def _load(folder: Path, settings: Settings) -> Index:
    manifest = load_manifest(folder)
    if difference := manifest.difference(settings):
        known = " ".join(manifest.paths) or "PATH"
        raise IndexCorruptError(
            f"The index in {settings.index} does not fit: {difference}.",
            f"Build it again: `yinju build {known} --index {settings.index}`.",
        )
    try:
        return _assemble(folder, settings, manifest)
    except (OSError, ValueError, KeyError) as error:
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise corrupt(settings.index, first_line) from error


def load_manifest(folder: Path) -> Manifest:
    """Load the manifest of a generation.

    Raises:
        IndexCorruptError: It is missing, changed, or of an unknown form.
    """
    content = read_manifest(folder)
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise IndexCorruptError(
            f"The index in {folder.parent} was made by another version of yinju: {error.errors()[0]['msg']}.",
            f"Build it again: `yinju build PATH --index {folder.parent}`.",
        ) from error


def _assemble(folder: Path, settings: Settings, manifest: Manifest) -> Index:
    content = {name: read_checked(folder, name, expected) for name, expected in manifest.files.items()}
    index = Index(
        settings,
        folder,
        manifest,
        list(read_lines(Document, content[DOCUMENTS])),
        list(read_lines(Passage, content[PASSAGES])),
        list(read_lines(Figure, content[FIGURES])),
        read_array(content[FIGURE_VECTORS]),
        DenseIndex.from_bytes(content[VECTORS]),
        LexicalIndex.load(folder / LEXICAL),
    )
    n_passages, n_figures = len(index.passages), len(index.ledger)
    counts = (len(index.dense), index.lexical.n_passages, len(index.figure_vectors))
    if counts != (n_passages, n_passages, n_figures):
        raise ValueError(f"{n_passages} passages and {n_figures} figures, but vectors for {counts}")
    return index


def write_lines(kind: type[Value], values: Sequence[Value]) -> bytes:
    """Write frozen values as JSON lines; decimals stay exact."""
    adapter = _ADAPTERS[kind]
    return b"".join(adapter.dump_json(value) + b"\n" for value in values)


def read_lines(kind: type[Value], content: bytes) -> Iterator[Value]:
    """Read and validate what :func:`write_lines` wrote."""
    adapter = _ADAPTERS[kind]
    for line in content.split(b"\n"):
        if line:
            yield adapter.validate_json(line)


def write_array(array: FloatArray) -> bytes:
    """Write an array in NumPy's own format."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def read_array(content: bytes) -> FloatArray:
    """Read what :func:`write_array` wrote; pickled objects are refused."""
    array: FloatArray = np.load(io.BytesIO(content), allow_pickle=False)
    return array
