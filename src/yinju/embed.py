"""Texts → vectors: the bundled model, or any sentence-transformers model, behind one small face.

Vectors are float32 of unit length, so that an inner product is a cosine. Nothing here asks the network for the
bundled model, and pickled weights are refused for every model.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yinju.bundled import bundled_model, checksum_of
from yinju.config import BUNDLED_MODEL, Settings
from yinju.deferred import light_imports
from yinju.errors import ModelError

Progress = Callable[[str], None]
Count = Callable[[int, int], None]
FloatArray = npt.NDArray[np.float32]

# One passage at a time is as fast on a CPU as sixteen (4.9 against 5.0 s for the 52 paragraphs of the seed document),
# and its vector then never depends on its neighbours: adding a file gives the same bytes as building anew.
BATCH = 1


class Embedder:
    """A loaded embedding model.

    Attributes:
        name: ``Settings.embed_model``.
        folder: What sentence-transformers was given: a folder or a name.
        dimension: Length of a vector.
        max_tokens: The model's window, in tokens, prefix and special tokens included.
    """

    def __init__(self, model: Any, folder: str, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self.name = settings.embed_model
        self.folder = folder
        self.dimension = int(model.get_embedding_dimension())
        self.max_tokens = int(model.max_seq_length or 512)

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of transformers that goes with the model."""
        return self._model.tokenizer

    @property
    def checksum(self) -> str:
        """Identify the weights (hex digits): the same model gives the same, in every process."""
        if self.name == BUNDLED_MODEL:
            return checksum_of(Path(self.folder))
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        return digest.hexdigest()[:16]

    def queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed questions, each by itself, so that a vector does not depend on its neighbours.

        Returns:
            float32 (n, dimension), unit length.
        """
        prefix = self._settings.embed_query_prefix
        return self._stacked([self._encode([prefix + text]) for text in texts])

    def passages(self, texts: Sequence[str], progress: Count | None = None) -> FloatArray:
        """Embed passages, longest first, :data:`BATCH` of like length at a time.

        Args:
            texts: The passages; longer ones than the window are cut off at it.
            progress: Called with (done, all) after each batch.

        Returns:
            float32 (n, dimension), unit length, in the order of ``texts``.
        """
        prefix = self._settings.embed_passage_prefix
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._encode([prefix + texts[i] for i in batch])
            if progress:
                progress(start + len(batch), len(texts))
        return vectors

    def fits(self, text: str) -> bool:
        """Tell whether a passage, with its prefix, lies within the model's window."""
        prefixed = _encodable(self._settings.embed_passage_prefix + text)
        n_tokens = len(self.tokenizer(prefixed, truncation=False, verbose=False)["input_ids"])
        return n_tokens <= self.max_tokens

    def as_llama_index(self) -> Any:
        """Return LlamaIndex's ``HuggingFaceEmbedding`` for this model, prefixes included."""
        with _quiet():
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding

            return HuggingFaceEmbedding(
                model_name=self.folder,
                query_instruction=self._settings.embed_query_prefix,
                text_instruction=self._settings.embed_passage_prefix,
                device="cpu",
                normalize=True,
                model_kwargs={"use_safetensors": True},
            )

    def _encode(self, texts: list[str]) -> FloatArray:
        vectors = self._model.encode(
            [_encodable(text) for text in texts],
            batch_size=len(texts),
            prompt="",
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, np.float32)

    def _stacked(self, rows: list[FloatArray]) -> FloatArray:
        return np.concatenate(rows) if rows else np.empty((0, self.dimension), np.float32)


def _encodable(text: str) -> str:
    """Replace lone surrogates, which a command line may hand on and no tokenizer takes."""
    return text.encode("utf-8", "replace").decode()


def load_embedder(settings: Settings, progress: Progress | None = None) -> Embedder:
    """Load the model that the settings name; convert the bundled one first when that has not been done.

    Args:
        settings: ``embed_model``, the prefixes, ``cache_dir`` and ``threads`` are used.
        progress: Called with one line of text at each step of a conversion.

    Raises:
        ModelError: The model cannot be found, converted or loaded.
    """
    bundled = settings.embed_model == BUNDLED_MODEL
    with _quiet():
        folder = str(bundled_model(settings.cache_dir, progress)) if bundled else settings.embed_model
        model = _load(folder, local=bundled)
    if settings.threads:
        import torch

        torch.set_num_threads(settings.threads)
    return Embedder(model, folder, settings)


def _load(folder: str, local: bool) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            folder,
            device="cpu",
            trust_remote_code=False,
            local_files_only=local,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, ImportError, KeyError, TypeError) as error:
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"The embedding model {folder!r} cannot be loaded: {first_line}",
            "Name a sentence-transformers model with safetensors weights in YINJU_EMBED_MODEL, or unset it to use "
            "the bundled model.",
        ) from error
    return model.eval()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from drawing progress bars, counting users and forking with busy tokenizers."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with light_imports():
        import sentence_transformers  # noqa: F401  # here, so that everything it imports is light
        from transformers.utils import logging

    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()
