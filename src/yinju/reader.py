"""The trained reader: span heads on the bundled encoder, fine-tuned on reading comprehension.

Weights: ``assets/reader.safetensors`` (float16; the word embeddings are those of the bundled model and are not in
the file). How they were made, on what data, and how good they are: ``training/README.md``.
Method: Devlin et al. 2018, section 4.3 (SQuAD 2.0): a text that does not answer points to the first token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from yinju.trained import load_trained, weights_path
from yinju.types import Span

WEIGHTS = "reader.safetensors"
MAX_QUESTION_TOKENS = 48
WINDOW = 200
"""Tokens of text read at once; a longer text is read in windows that overlap by half."""
_N_CANDIDATES = 40


class Manner(StrEnum):
    """How much of a text is marked as the answer; each has a head of its own, named by its value.

    Attributes:
        BARE: The name alone, the figure with its unit: what an answer says.
        SETS: As the public sets do, each in its manner: whole phrases in CMRC 2018, names in DRCD.
    """

    BARE = "head"
    SETS = "sets_head"


MAX_ANSWER_TOKENS = {Manner.BARE: 40, Manner.SETS: 100}
"""One in eight answers of CMRC 2018 is longer than 40 tokens."""


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

    def __init__(self, encoder: Any, heads: Mapping[str, Any], tokenizer: Any) -> None:
        self._encoder, self._heads, self._tokenizer = encoder, heads, tokenizer

    def read(self, question: str, text: str, n_best: int = 3, manner: Manner = Manner.BARE) -> list[SpanScore]:
        """Find the spans of a text that best answer the question.

        One text at a time: a batch would change the last digits with its make-up, and answers have to be repeatable.

        Args:
            question: A standalone question.
            text: A passage of any length.
            n_best: How many spans, at most; they do not overlap.
            manner: How much of the text an answer takes.

        Returns:
            Best first; empty for a text without words.
        """
        offsets, windows = self._look(question, text, manner)
        candidates = [
            SpanScore(_stripped(text, offsets[begin + first][0], offsets[begin + last][1]), score)
            for begin, pairs in windows
            for score, first, last in _best(pairs)
        ]
        return _without_overlap(sorted(candidates, key=lambda found: (-found.score, found.span)), n_best)

    def weigh(self, question: str, text: str, spans: Sequence[Span]) -> list[float]:
        """Score given spans of a text as the answer to a question, each by its best part.

        Args:
            question: A standalone question.
            text: A passage of any length.
            spans: Code points of the text; may overlap.

        Returns:
            A score for each span, as in :class:`SpanScore`; minus infinity for one without words.
        """
        offsets, windows = self._look(question, text, Manner.BARE)
        tokens = [[i for i, (a, b) in enumerate(offsets) if a < span.end and b > span.start] for span in spans]
        scores = [float("-inf")] * len(spans)
        for begin, pairs in windows:
            for place, row in enumerate(tokens):
                if row and row[0] >= begin and row[-1] < begin + len(pairs):
                    part = slice(row[0] - begin, row[-1] - begin + 1)
                    scores[place] = max(scores[place], float(pairs[part, part].max()))
        return scores

    def _look(self, question: str, text: str, manner: Manner) -> tuple[list[tuple[int, int]], list[tuple[int, Any]]]:
        """Return the places of a text's tokens, and for each window its first token and the scores of its spans."""
        asked = self._tokens(question)[0][:MAX_QUESTION_TOKENS]
        ids, offsets = self._tokens(text)
        pieces = ((begin, ids[begin : begin + WINDOW]) for begin in _windows(len(ids)))
        return offsets, [(begin, self._pairs(asked, piece, manner)) for begin, piece in pieces]

    def _tokens(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return encoded["input_ids"], encoded["offset_mapping"]

    def _pairs(self, asked: list[int], ids: list[int], manner: Manner) -> Any:
        """Return the scores of spans by first and last token, a tensor (tokens, tokens); -inf for what is none."""
        import torch

        start, separator = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        tokens = torch.tensor([[start, *asked, separator, separator, *ids, separator]])
        first = len(asked) + 3
        with torch.inference_mode():
            states = self._encoder(input_ids=tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
            starts, ends = self._heads[manner](states)[0].unbind(-1)
            null = starts[0] + ends[0]
            starts, ends = starts[first : first + len(ids)], ends[first : first + len(ids)]
            pairs = starts[:, None] + ends[None, :] - null
            allowed = torch.ones_like(pairs, dtype=torch.bool).triu().tril(MAX_ANSWER_TOKENS[manner] - 1)
            return pairs.masked_fill(~allowed, float("-inf"))


def _best(pairs: Any) -> Iterator[tuple[float, int, int]]:
    """Yield (score, first token, last token) of the best spans of a window."""
    n_tokens = len(pairs)
    best = pairs.flatten().topk(min(_N_CANDIDATES, n_tokens))
    for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        yield score, *divmod(place, n_tokens)


def _windows(n_tokens: int) -> Iterator[int]:
    """Yield the first token of each window over a text."""
    begin = 0
    while begin < n_tokens:
        yield begin
        if begin + WINDOW >= n_tokens:
            return
        begin = min(begin + WINDOW // 2, n_tokens - WINDOW)


def _stripped(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    bare = text[start:end]
    left = len(bare) - len(bare.lstrip())
    return Span(start + left, start + max(left, len(bare.rstrip())))


def _without_overlap(ranked: Sequence[SpanScore], n_best: int) -> list[SpanScore]:
    found: list[SpanScore] = []
    for candidate in ranked:
        if candidate.span and not any(candidate.span.overlaps(other.span) for other in found):
            found.append(candidate)
        if len(found) == n_best:
            break
    return found


# ── weights ─────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def load_reader(cache_dir: Path) -> Reader:
    """Load the reader, once for the process.

    Args:
        cache_dir: Where the bundled encoder is kept (``Settings.cache_dir``); it lends its word embeddings.

    Raises:
        ModelError: The weights are missing or do not fit the encoder.
    """
    trained = load_trained(weights_path(WEIGHTS), cache_dir, list(Manner))
    return Reader(trained.encoder, trained.heads, trained.tokenizer)
