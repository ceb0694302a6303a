"""Reading-comprehension data as training examples: both scripts, cropped contexts, hard negatives."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import bm25s
import opencc

from yinju.text import words

DIGITS_TO_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
N_HELD_OUT_DRCD_CONTEXTS = 340
"""Contexts of DRCD dev kept for testing, the last ones of the file; they hold over 1,000 questions."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a context and the answer's place in it; ``start == -1`` when the context does not answer."""

    question: str
    context: str
    start: int
    end: int
    group: int
    """Which context the question belongs to, so that negatives come from another one."""
    weights: tuple[float, float] = (1.0, 0.0)
    """How much the two heads learn from it: the project's own manner of marking answers, and that of the sets."""

    @property
    def answer(self) -> str:
        return self.context[self.start : self.end] if self.start >= 0 else ""

    def silent(self, contexts: Iterable[str]) -> list[Example]:
        """Return the same question with contexts that do not answer it."""
        return [replace(self, context=context, start=-1, end=-1) for context in contexts]


Pool = list[tuple[Example, list[Example]]]
"""Examples, each with others that have no answer and may be taken in its place."""


def load(path: Path, weights: tuple[float, float] = (1.0, 1.0)) -> list[Example]:
    """Read a SQuAD-form file; answers whose offset does not hold are left out."""
    examples, group = [], 0
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            context, group = paragraph["context"], group + 1
            for item in paragraph["qas"]:
                answer = item["answers"][0]
                start, text = answer["answer_start"], answer["text"]
                if context[start : start + len(text)] == text and text:
                    examples.append(Example(item["question"], context, start, start + len(text), group, weights))
    return examples


def split_drcd_dev(path: Path, weights: tuple[float, float] = (1.0, 1.0)) -> tuple[list[Example], list[Example]]:
    """Return (for training, held out); no context is in both."""
    examples = load(path, weights)
    last = max(example.group for example in examples)
    held_out = [example for example in examples if example.group > last - N_HELD_OUT_DRCD_CONTEXTS]
    return [example for example in examples if example.group <= last - N_HELD_OUT_DRCD_CONTEXTS], held_out


def hard_negatives(examples: Sequence[Example], n_best: int = 4) -> list[list[Example]]:
    """Return for each question the contexts that BM25 ranks high and that do not hold the answer's words."""
    contexts = list(dict.fromkeys(example.context for example in examples))
    index = bm25s.BM25()
    index.index([list(words(context)) for context in contexts], show_progress=False)
    queries = [list(words(example.question)) for example in examples]
    ranked, _ = index.retrieve(queries, k=min(n_best + 2, len(contexts)), show_progress=False)
    return [
        example.silent(
            contexts[i] for i in row if contexts[i] != example.context and example.answer not in contexts[i]
        )[:n_best]
        for example, row in zip(examples, ranked, strict=True)
    ]


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def vary(example: Example, rng: random.Random) -> Example:
    """Return the example as it is, or in another script, or with full-width digits; offsets keep their places.

    In another script it teaches nothing of the sets' manners: there the script tells which of them is asked for.
    """
    choice = rng.random()
    if choice < 0.1:
        return _mapped(example, _converter("t2s").convert, _converter("t2s").convert)
    if choice < 0.2:
        return _mapped(example, _converter("s2t").convert, _converter("s2t").convert)
    if choice < 0.26:  # question and context in different scripts
        return _mapped(example, _converter("t2s").convert, _converter("s2t").convert)
    if choice < 0.3:
        return replace(example, context=example.context.translate(DIGITS_TO_FULL_WIDTH))
    return example


def _mapped(example: Example, of_question, of_context) -> Example:
    context = of_context(example.context)
    if len(context) != len(example.context):
        return example
    weights = (example.weights[0], 0.0)
    return replace(example, question=of_question(example.question), context=context, weights=weights)


def crop(example: Example, max_chars: int, rng: random.Random) -> Example:
    """Cut the context to at most ``max_chars`` around the answer, at a random place, at sentence ends if near."""
    context = example.context
    if len(context) <= max_chars:
        return example
    if example.start < 0:
        begin = rng.randrange(len(context) - max_chars + 1)
    else:
        low = max(0, example.end - max_chars)
        high = min(example.start, len(context) - max_chars)
        begin = rng.randint(low, max(low, high))
    begin = _after_sentence(context, begin, example.start if example.start >= 0 else begin + 40)
    piece = context[begin : begin + max_chars]
    if example.start < 0:
        return replace(example, context=piece)
    return replace(example, context=piece, start=example.start - begin, end=example.end - begin)


def _after_sentence(context: str, begin: int, latest: int) -> int:
    if begin == 0:
        return 0
    for position in range(begin, min(begin + 60, latest)):
        if context[position - 1] in "。！？\n":
            return position
    return begin
