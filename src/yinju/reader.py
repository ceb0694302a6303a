"""The trained reader: a span head on the bundled encoder, fine-tuned on reading comprehension.

Weights: ``assets/reader.safetensors`` (float16; the word embeddings are those of the bundled model and are not in
the file). How they were made, on what data, and how good they are: ``training/README.md``.
Method: Devlin et al. 2018, section 4.3 (SQuAD 2.0): a passage that does not answer points to the first token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from yinju.bundled import bundled_model
from yinju.config import Settings
from yinju.errors import ModelError
from yinju.types import Span

WEIGHTS = "reader.safetensors"
MAX_QUESTION_TOKENS = 48
MAX_TOKENS = 384
MAX_ANSWER_TOKENS = 40


@dataclass(frozen=True, slots=True)
class SpanScore:
    """A candidate answer in a text.

    Attributes:
        span: Code points of the text.
        score: Logit of the span minus that of "not here"; above 0 the reader believes it.
    """

    span: Span
    score: float


class Reader:
    """A loaded reader; :meth:`read` is deterministic and safe to call from several threads."""

    def __init__(self, encoder: Any, head: Any, tokenizer: Any) -> None:
        self._encoder, self._head, self._tokenizer = encoder, head, tokenizer

    def read(self, question: str, texts: Sequence[str], n_best: int = 3) -> list[list[SpanScore]]:
        """Find the spans of each text that best answer the question.

        Args:
            question: A standalone question.
            texts: Passages; what lies beyond the window of 384 tokens is not read.
            n_best: How many spans a text, at most; they do not overlap.

        Returns:
            One list a text, best first; empty for a text without words.
        """
        # One text at a time: a batch would change the last digits with its make-up, and answers have to be repeatable.
        return [self._read_one(question, text, n_best) for text in texts]

    def _read_one(self, question: str, text: str, n_best: int) -> list[SpanScore]:
        import torch

        tokens, first, offsets = self._encode(question, text)
        if not offsets:
            return []
        with torch.inference_mode():
            ids = torch.tensor([tokens])
            states = self._encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            starts, ends = self._head(states)[0].unbind(-1)
            null = starts[0] + ends[0]
            starts, ends = starts[first : first + len(offsets)], ends[first : first + len(offsets)]
            pairs = starts[:, None] + ends[None, :] - null
            allowed = torch.ones_like(pairs, dtype=torch.bool).triu().tril(MAX_ANSWER_TOKENS - 1)
            best = pairs.masked_fill(~allowed, float("-inf")).flatten().topk(min(40, allowed.sum().item()))
        return _without_overlap(best.values.tolist(), best.indices.tolist(), offsets, text, n_best)

    def _encode(self, question: str, text: str) -> tuple[list[int], int, list[tuple[int, int]]]:
        tokenize = self._tokenizer
        asked = tokenize(question, add_special_tokens=False, verbose=False)["input_ids"][:MAX_QUESTION_TOKENS]
        context = tokenize(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        room = MAX_TOKENS - len(asked) - 4
        begin, separator = tokenize.cls_token_id, tokenize.sep_token_id
        ids, offsets = context["input_ids"][:room], context["offset_mapping"][:room]
        tokens = [begin, *asked, separator, separator, *ids, separator]
        return tokens, len(asked) + 3, [(int(start), int(end)) for start, end in offsets]


def _without_overlap(
    scores: list[float], places: list[int], offsets: list[tuple[int, int]], text: str, n_best: int
) -> list[SpanScore]:
    found: list[SpanScore] = []
    for score, place in zip(scores, places, strict=True):
        first, last = divmod(place, len(offsets))
        start, end = offsets[first][0], offsets[last][1]
        while start < end and text[start].isspace():
            start += 1
        span = Span(start, max(start, end))
        if span and not any(span.overlaps(other.span) for other in found):
            found.append(SpanScore(span, score))
        if len(found) == n_best:
            break
    return found


def weights_path() -> Path:
    """Return where the weights of the reader are installed; the file may be absent."""
    return Path(str(resources.files("yinju"))) / "assets" / WEIGHTS


def weights_checksum() -> str:
    """Identify the weights (16 hex digits); empty when there are none."""
    path = weights_path()
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def load_reader(settings: Settings) -> Reader | None:
    """Load the reader on top of the bundled encoder; ``None`` when there are no weights.

    Raises:
        ModelError: The weights do not fit the encoder.
    """
    return _load(settings.cache_dir) if weights_path().is_file() else None


@lru_cache(maxsize=1)
def _load(cache_dir: Path) -> Reader:
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    path = weights_path()
    folder = bundled_model(cache_dir)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa", add_pooling_layer=False
    )
    state = {name: tensor.float() for name, tensor in load_file(path).items()}
    head = torch.nn.Linear(encoder.config.hidden_size, 2)
    head.load_state_dict({"weight": state.pop("head.weight"), "bias": state.pop("head.bias")})
    outcome = encoder.load_state_dict(state, strict=False)
    if outcome.unexpected_keys or any("word_embeddings" not in key for key in outcome.missing_keys):
        raise ModelError(f"The reader's weights do not fit the bundled encoder: {path}.", "Install yinju again.")
    return Reader(encoder.eval(), head.eval(), tokenizer)
