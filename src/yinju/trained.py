"""The project's own weights: layers and heads on the bundled encoder, which lends its word embeddings.

A file holds float16 tensors under the encoder's own names, without the word embeddings, and ``NAME.weight`` and
``NAME.bias`` for each head. How the files were made: ``training/README.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from yinju.bundled import bundled_model
from yinju.errors import ModelError


@dataclass(frozen=True, slots=True)
class Trained:
    """An encoder with heads, ready to be asked.

    Attributes:
        encoder: Called with ``input_ids`` and ``attention_mask``; its ``last_hidden_state`` is (1, tokens, hidden).
        heads: Linear layers by name.
        tokenizer: Of the bundled model.
    """

    encoder: Any
    heads: dict[str, Any]
    tokenizer: Any


def weights_path(file_name: str) -> Path:
    """Return where weights are installed."""
    return Path(str(resources.files("yinju"))) / "assets" / file_name


def load_trained(path: Path, cache_dir: Path, heads: Sequence[str]) -> Trained:
    """Load weights.

    Args:
        path: A safetensors file.
        cache_dir: Where the bundled encoder is kept (``Settings.cache_dir``).
        heads: Names of the heads in the file.

    Raises:
        ModelError: The weights are missing or do not fit the encoder.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel

    folder = bundled_model(cache_dir)
    try:
        state = {name: tensor.float() for name, tensor in load_file(path).items()}
        made = {name: _linear(state.pop(f"{name}.weight"), state.pop(f"{name}.bias")) for name in heads}
        config = AutoConfig.from_pretrained(folder)
        config.num_hidden_layers = len({name.split(".")[2] for name in state if name.startswith("encoder.layer.")})
        # Built with one word, then given the real ones: filling them at random first would take a second.
        config.vocab_size, config.pad_token_id = 1, 0
        encoder = AutoModel.from_config(config, add_pooling_layer=False)
        outcome = encoder.load_state_dict(state, strict=False)
        encoder.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(_words(folder))  # type: ignore[no-untyped-call]
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise _unfit(path, str(error).splitlines()[0]) from error
    if outcome.unexpected_keys or set(outcome.missing_keys) - {"embeddings.word_embeddings.weight"}:
        raise _unfit(path, "other layers than the encoder's")
    return Trained(encoder.eval(), made, _tokenizer(folder))


def _linear(weight: Any, bias: Any) -> Any:
    import torch

    head = torch.nn.Linear(weight.shape[1], weight.shape[0])
    head.load_state_dict({"weight": weight, "bias": bias})
    return head.eval()


@lru_cache(maxsize=1)
def _words(folder: Path) -> Any:
    """The word embeddings, float32 (words, hidden), held once for all who borrow them."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="pt") as file:
        return file.get_tensor("embeddings.word_embeddings.weight").float()


@lru_cache(maxsize=1)
def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def _unfit(path: Path, detail: str) -> ModelError:
    return ModelError(f"The trained weights {path} cannot be used: {detail}.", "Install yinju again.")
