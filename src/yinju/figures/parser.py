"""The trained question parser: which operation a question wants, and which of its words name the operands.

Weights: ``assets/parser.safetensors`` (float16; the word embeddings are those of the bundled model). How they were
made, and how good they are: ``training/README.md``. Token tagging with a label for the whole: Chen et al. 2019, "BERT
for joint intent classification and slot filling".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import rjieba

from yinju.text import fold
from yinju.trained import Trained, load_trained, weights_path
from yinju.types import Span

WEIGHTS = "parser.safetensors"
MAX_TOKENS = 96
"""Tokens of a question that are read."""
MAX_GAP = 2
"""Characters between two pieces of one operand."""
CACHED_QUESTIONS = 64

OPERATIONS = (
    "lookup", "difference", "times", "share", "growth", "change", "sum", "mean", "per_unit", "per_year", "argmax",
    "argmin", "years_between", "start_value", "whole", "part_amount",
)  # fmt: skip
_OF_ONE = frozenset({"change", "per_year", "start_value", "whole", "part_amount"})
LIST_OPERATIONS = frozenset({"sum", "mean", "argmax", "argmin"})
N_OPERANDS = {
    operation: range(2, 10) if operation in LIST_OPERATIONS else range(1, 2) if operation in _OF_ONE else range(2, 3)
    for operation in OPERATIONS[1:]
} | {"lookup": range(1)}
"""How many operands each operation takes."""
TAGS = ("out", "shared", "first", "second", "begin", "item")
"""What a token is: nothing, of all operands, of the first or second, the beginning or the rest of a listed one."""


@dataclass(frozen=True, slots=True)
class Parse:
    """A question taken apart.

    Attributes:
        operation: One of :data:`OPERATIONS`.
        probability: Of the operation, 0 to 1.
        operands: Where each operand stands in the question, in the operation's order; empty for a lookup.
        shared: Where the words stand that belong to all of them.
        items: The operands' words.
    """

    operation: str
    probability: float
    operands: tuple[Span, ...]
    shared: tuple[Span, ...]
    items: tuple[str, ...]


def decode(question: str, offsets: Sequence[tuple[int, int]], operations: Any, tags: Any) -> Parse:
    """Read the scores of the two heads.

    Args:
        question: As asked.
        offsets: Code points of each token; empty ones for the tokens at the ends.
        operations: Probabilities, a tensor (operations,).
        tags: Scores, a tensor (tokens, tags).
    """
    best = int(operations.argmax())
    operation = OPERATIONS[best]
    allowed = ["begin", "item"] if operation in LIST_OPERATIONS else ["first", "second"]
    if operation == "lookup":
        return Parse(operation, float(operations[best]), (), (), ())
    kept = [TAGS.index(tag) for tag in ("out", "shared", *allowed)]
    marks = [TAGS[kept[int(i)]] for i in tags[:, kept].argmax(-1)]
    words = [(Span(a, b), mark) for (a, b), mark in zip(offsets, marks, strict=True) if b > a]
    runs = _runs(words, {"shared"})
    shared = tuple(_tidy(question, run) for run in runs)
    if operation in LIST_OPERATIONS:
        operands = _listed(words)
    elif operation in _OF_ONE:
        found = _runs(words, {"first", "second"})
        operands = (Span(found[0].start, found[-1].end),) if found else ()
    else:
        operands = tuple(_main_run(found) for tag in allowed if (found := _runs(words, {tag})))
    followed = (_led_out(_led_in(span, runs), runs) for span in operands)
    operands = tuple(span for span in (_tidy(question, span) for span in followed) if span)
    operands = _apart(operands)
    shared = tuple(span for span in shared if not any(span.end == operand.end for operand in operands))
    return Parse(
        operation,
        float(operations[best]),
        operands,
        tuple(span for span in shared if span),
        tuple(span.of(question) for span in operands),
    )


def _runs(words: Sequence[tuple[Span, str]], tags: set[str]) -> list[Span]:
    """Return the stretches of tokens with one of some tags."""
    runs: list[Span] = []
    going_on = False
    for span, tag in words:
        if tag in tags and going_on:
            runs[-1] = Span(runs[-1].start, span.end)
        elif tag in tags:
            runs.append(span)
        going_on = tag in tags
    return runs


def _main_run(runs: Sequence[Span]) -> Span:
    """Return the longest run, with those beside it that only a word or so parts from it."""
    return max(joined(runs, MAX_GAP), key=len)


def joined(spans: Sequence[Span], gap: int = 0) -> list[Span]:
    """Return spans, in order, with those as one that at most ``gap`` characters part; overlapping ones too."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end <= gap:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _listed(words: Sequence[tuple[Span, str]]) -> tuple[Span, ...]:
    """Return the stretches that each begin where one is said to, or after a word outside."""
    found: list[Span] = []
    before = "out"
    for span, tag in words:
        inside = before in {"begin", "item"}
        if inside and (tag == "item" or (tag == "begin" and span.start <= found[-1].end)):
            found[-1] = Span(found[-1].start, span.end)
        elif tag in {"begin", "item"}:
            found.append(span)
        before = tag
    return tuple(found)


def _led_in(span: Span, shared: Sequence[Span]) -> Span:
    """Return the span with what is shared right before it, which it may cut a word from: 科技|城."""
    before = next((other for other in shared if other.end == span.start), None)
    return Span(before.start, span.end) if before else span


def _led_out(span: Span, shared: Sequence[Span]) -> Span:
    """Return the span with a word or so right after it that is no more shared than the rest of it: 深圳|全市."""
    after = next((other for other in shared if other.start == span.end and len(other) <= MAX_GAP), None)
    return Span(span.start, after.end) if after else span


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans with those as one that overlap: 单项 and 项冠军."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].overlaps(span):
            found[-1] = Span(min(found[-1].start, span.start), max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _tidy(question: str, span: Span) -> Span:
    """Return the span with whole words where it cuts letters, without white space and punctuation at its ends."""
    start, end = span.start, span.end
    while start and _LETTERS.fullmatch(question[start - 1 : start + 1]):
        start -= 1
    while _LETTERS.fullmatch(question[end - 1 : end + 1]):
        end += 1
    start = min((word.start for word in _nouns(question) if word.start < start < word.end), default=start)
    text = question[start:end]
    left = len(text) - len(text.lstrip(_EDGES))
    return Span(start + left, max(start + left, end - (len(text) - len(text.rstrip(_EDGES)))))


@lru_cache(maxsize=64)
def _nouns(question: str) -> tuple[Span, ...]:
    """Return where the nouns of a question stand that the dictionary has: 鐘樓 is not cut."""
    found, at = [], 0
    for word, tag in rjieba.tag(fold(question), False):
        if tag.startswith("n") and len(word) == _WHOLE:
            found.append(Span(at, at + len(word)))
        at += len(word)
    return tuple(found)


_WHOLE = 2
"""Characters of a noun that is never cut: longer ones may be compounds."""
_LETTERS = re.compile(r"[A-Za-z0-9’'-]{2}")
_EDGES = " ,，、。:：?？"


class Parser:
    """A loaded parser; :meth:`parse` is deterministic and safe to call from several threads."""

    def __init__(self, trained: Trained) -> None:
        self._trained = trained
        self.parse = lru_cache(CACHED_QUESTIONS)(self._parse)

    def _parse(self, question: str) -> Parse:
        """Take a question apart."""
        import torch

        encoded = self._trained.tokenizer(
            question, return_offsets_mapping=True, truncation=True, max_length=MAX_TOKENS, verbose=False
        )
        tokens = torch.tensor([encoded["input_ids"]])
        with torch.inference_mode():
            states = self._trained.encoder(input_ids=tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
            operations = self._trained.heads["operation"](states[0, 0]).softmax(-1)
            tags = self._trained.heads["tags"](states[0])
        return decode(question, encoded["offset_mapping"], operations, tags)


@lru_cache(maxsize=1)
def load_parser(cache_dir: Path) -> Parser:
    """Load the parser, once for the process; arguments and errors as for :func:`yinju.reader.load_reader`."""
    return Parser(load_trained(weights_path(WEIGHTS), cache_dir, ["operation", "tags"]))
