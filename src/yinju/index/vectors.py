"""The dense half of the index: LlamaIndex nodes in a FAISS vector store, persisted by LlamaIndex.

Vectors have unit length, so the inner product that FAISS computes is the cosine. The store knows nodes by their
order, which is the order of the passages; FAISS alone is read when a question is asked, as LlamaIndex takes
seconds to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yinju.types import Passage

FloatArray = npt.NDArray[np.float32]

STORE = "llama_index"
VECTORS = f"{STORE}/default__vector_store.json"
"""The FAISS file, binary in spite of the name that LlamaIndex gives it."""
INDEX_ID = "yinju"


class DenseIndex:
    """Cosine search over the vectors of the passages."""

    def __init__(self, faiss_index: Any) -> None:
        self._faiss = faiss_index

    @classmethod
    def build(cls, vectors: FloatArray) -> DenseIndex:
        """Hold vectors, float32 (n, dim), unit length."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes) -> DenseIndex:
        """Read the content of a FAISS file.

        Raises:
            ValueError: It is not one.
        """
        import faiss

        try:
            return cls(faiss.deserialize_index(np.frombuffer(content, np.uint8)))
        except RuntimeError as error:
            raise ValueError(f"not a FAISS file: {str(error).splitlines()[0]}") from error

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._faiss.d)

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def vectors(self) -> FloatArray:
        """Return all vectors, float32 (n, dim)."""
        if not len(self):
            return np.empty((0, self.dimension), np.float32)
        held: FloatArray = self._faiss.reconstruct_n(0, len(self))
        return held

    def search(self, vector: npt.ArrayLike, top_k: int) -> list[tuple[int, float]]:
        """Return up to ``top_k`` (position, cosine), best first, equal ones by position."""
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        top_k = min(top_k, len(self))
        if top_k < 1:
            return []
        cosines, positions = self._faiss.search(query, top_k)
        found = [(int(p), float(c)) for p, c in zip(positions[0], cosines[0], strict=True) if p >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def save_store(folder: Path, passages: Sequence[Passage], vectors: FloatArray) -> None:
    """Persist nodes and vectors as a LlamaIndex storage context in ``folder / STORE``."""
    import faiss
    from llama_index.core import MockEmbedding, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(vectors.shape[1]))
    context = StorageContext.from_defaults(vector_store=store)
    nodes = [_node(passage, vector) for passage, vector in zip(passages, vectors, strict=True)]
    index = VectorStoreIndex(nodes, storage_context=context, embed_model=MockEmbedding(embed_dim=vectors.shape[1]))
    index.set_index_id(INDEX_ID)
    context.persist(str(folder / STORE))


def load_store(folder: Path, embed_model: Any) -> Any:
    """Load the persisted nodes and vectors as LlamaIndex's ``VectorStoreIndex``."""
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.vector_stores.faiss import FaissVectorStore

    persisted = str(folder / STORE)
    store = FaissVectorStore.from_persist_dir(persisted)
    context = StorageContext.from_defaults(vector_store=store, persist_dir=persisted)
    return load_index_from_storage(context, index_id=INDEX_ID, embed_model=embed_model)


def _node(passage: Passage, vector: FloatArray) -> Any:
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    metadata = {"document": passage.document, "start": passage.span.start, "end": passage.span.end}
    if passage.page is not None:
        metadata["page"] = passage.page
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata=metadata,
        # Offsets are no help to a model that reads or embeds the node.
        excluded_embed_metadata_keys=["document", "start", "end", "page"],
        excluded_llm_metadata_keys=["start", "end"],
        start_char_idx=passage.span.start,
        end_char_idx=passage.span.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
        embedding=vector.tolist(),
    )
