"""Score whole conversations: each answer against its gold, and each rewritten question against its reference.

`python evals/score_conversations.py [--split dev|frozen|all] [--indexes DIR] [--misses]` prints one table. What counts
as right is defined in evals/README.md, under "Conversations".
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yinju.assistant import Assistant
from yinju.config import Settings
from yinju.evalset import Gold, Question, Text
from yinju.evaluate import find_document
from yinju.index import build_index, load_index
from yinju.metrics import judge
from yinju.text import Language, fold
from yinju.types import Answer, Reason

SET = Path(__file__).with_name("conversations.jsonl")

Kind = Literal[
    "first", "ellipsis", "pronoun", "comparison", "ordinal", "correction", "topic", "after_abstention", "ambiguous",
    "choice",
]  # fmt: skip


class Turn(BaseModel):
    """One question of a conversation with what it means and how it should come out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    question: Text
    standalone: tuple[Text, ...] = ()
    readings: tuple[Text, ...] = ()
    gold: Gold
    evidence: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "ambiguous") != (len(self.readings) > 1) or bool(self.standalone) == bool(self.readings):
            raise ValueError("an ambiguous turn has two or more readings, every other turn has a standalone question")
        if (self.gold.status == "abstained") == bool(self.gold.parts()):
            raise ValueError("a turn that can be answered has parts to meet, an abstention has none")
        if (self.gold.status == "abstained") == bool(self.evidence):
            raise ValueError("a turn that can be answered has evidence, an abstention has none")
        return self


class Conversation(BaseModel):
    """One line of the set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    split: Literal["dev", "frozen"]
    language: Language
    document: Text
    turns: Annotated[tuple[Turn, ...], Field(min_length=2, max_length=6)]


@dataclass(frozen=True, slots=True)
class Score:
    """One turn as it came out.

    Attributes:
        name: Conversation and number of the turn, from 1.
        rewritten: Whether it was understood as the reference says; ``None`` for the first turn, which has no history.
        answered: Whether the answer is right.
        answer: What came.
        why: What the answer lacks; empty when it is right.
    """

    name: str
    turn: Turn
    rewritten: bool | None
    answered: bool
    answer: Answer
    why: str


def read_conversations(path: Path = SET, split: str = "all") -> tuple[Conversation, ...]:
    """Read the conversations of one half, or all; lines are validated."""
    lines = filter(None, path.read_text(encoding="utf-8").split("\n"))
    found = (
        Conversation.model_validate_json(line) for line in lines if split == "all" or f'"split": "{split}"' in line
    )
    return tuple(found)


# ── rewriting ───────────────────────────────────────────────────────────────────────────────

# Words by which sums, distances and conversions are asked for, folded; which of them is used makes no difference.
_OPERATIONS = (
    (re.compile(r"换算[成为]|换成|折合成?|折算成?|\bconverted (?:in)?to\b"), " → "),
    (re.compile(r"加起来|加在一起|相加|加总|合计|总共|一共|之和|总和|\b(?:altogether|in total|combined|sum)\b"), " Σ "),
    (
        re.compile(r"相差|差距|差额|之差|(?:[多少高低大小]出?|差了?)(?=多少|[几幾])|\bdifference(?: between)?\b"),
        " Δ ",
    ),
)
# Asking words with their measure words, copulas, particles: what a sentence needs and a question does not turn on.
_EMPTY = re.compile(
    r"(?:多少|[几幾])(?:个?百分点|[个家户座所人项件名只吨头部亿元钱次位天倍]?)|"
    r"分别|其中|[的了呢吗是有在和与跟及到达为年区省把被那这请问所各都]|"
    r"\b(?:a|an|the|of|in|is|was|were|are|be|do|does|did|has|have|had|what|how|which|many|much|and|for|to|about|by|as"
    r"|than|from|between|there|it|that|s)\b"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[\u3400-\u9fffΣΔ→]")
_OPTIONAL = re.compile(r"\([^()]*\)")


def content(question: str) -> frozenset[str]:
    """Return what a question turns on: its numbers, Latin words and characters, folded, in no order."""
    text = fold(question).replace("'s", " ")
    for words, name in _OPERATIONS:
        text = words.sub(name, text)
    if "Δ" in text:
        text = text.replace("比", "")
    return frozenset(token.removesuffix("s") for token in _TOKEN.findall(_EMPTY.sub(" ", text)))


def equivalent(question: str, reference: str) -> bool:
    """Whether a question holds all of a reference's content and no other; parts in (brackets) may be left out."""
    required, allowed = content(_OPTIONAL.sub("", reference)), content(re.sub(r"[()]", "", reference))
    return required <= content(question) <= allowed | required


def understood(turn: Turn, answer: Answer) -> bool:
    """Whether a turn was understood: as one of its references, or as open between exactly its readings."""
    asks_back = answer.reason is Reason.AMBIGUOUS
    if turn.readings:
        choices = getattr(answer, "choices", ())
        matched = all(any(equivalent(choice, reading) for choice in choices) for reading in turn.readings)
        return asks_back and matched and len(choices) == len(turn.readings)
    return not asks_back and any(equivalent(answer.standalone_question, each) for each in turn.standalone)


# ── scoring ─────────────────────────────────────────────────────────────────────────────────


def score_conversation(assistant: Assistant, conversation: Conversation) -> Iterator[Score]:
    """Hold one conversation, the program's own earlier answers included, and score every turn."""
    chat = assistant.chat()
    for number, turn in enumerate(conversation.turns, 1):
        answer = chat.ask(turn.question)
        verdict = judge(_question(conversation, number), answer)
        rewritten = understood(turn, answer) if number > 1 else None
        right = verdict.right and (rewritten is not False or turn.kind != "ambiguous")
        yield Score(f"{conversation.id}.{number}", turn, rewritten, right, answer, verdict.why)


def _question(conversation: Conversation, number: int) -> Question:
    turn = conversation.turns[number - 1]
    return Question.model_construct(
        id=f"{conversation.id}.{number}", type="followup", split=conversation.split, question=turn.question,
        language=conversation.language, document=conversation.document, gold=turn.gold, evidence=turn.evidence,
    )  # fmt: skip


def score_all(conversations: Sequence[Conversation], indexes: Path) -> list[Score]:
    """Score conversations, each on an index of its own document alone; documents that are not here are left out."""
    scores: list[Score] = []
    for document in dict.fromkeys(conversation.document for conversation in conversations):
        settings = Settings.load(index=indexes / Path(document).stem)
        source = find_document(document, SET, settings)
        if source is None:
            sys.stderr.write(f"{document} is not here: its conversations are left out\n")
            continue
        build_index([source], settings)
        assistant = Assistant(load_index(settings))
        for conversation in conversations:
            if conversation.document == document:
                scores.extend(score_conversation(assistant, conversation))
    return scores


def table(scores: Iterable[Score]) -> str:
    """Return turns right and questions understood, in percent, by kind of turn."""
    counts: dict[str, Counter[str]] = {}
    for score in scores:
        for name in ("all turns", score.turn.kind) if score.rewritten is None else ("all turns", "follow-ups",
                                                                                     score.turn.kind):  # fmt: skip
            counts.setdefault(name, Counter()).update(
                turns=1, right=score.answered, later=score.rewritten is not None, understood=bool(score.rewritten)
            )
    rows = [f"{'':18}{'turns':>6}{'right %':>9}{'understood %':>14}"]
    for name, count in counts.items():
        understood_share = f"{100 * count['understood'] / count['later']:.1f}" if count["later"] else ""
        rows.append(f"{name:18}{count['turns']:6}{100 * count['right'] / count['turns']:9.1f}{understood_share:>14}")
    return "\n".join(rows)


def _miss(score: Score) -> str:
    marks = ("" if score.rewritten is not False else "M") + ("" if score.answered else "A")
    expected = score.turn.standalone or score.turn.readings
    return (
        f"{marks:2} {score.name} [{score.turn.kind}] {score.turn.question}\n"
        f"     as {score.answer.standalone_question}\n"
        f"     not {' / '.join(expected)}\n     {score.why} {score.answer.text}"
    )


def main() -> None:
    """Score the set from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "frozen", "all"), default="dev")
    parser.add_argument("--indexes", type=Path, help="folder that keeps the indexes for the next run")
    parser.add_argument("--misses", action="store_true", help="print every turn that is not right")
    chosen = parser.parse_args()
    conversations = read_conversations(split=chosen.split)
    with tempfile.TemporaryDirectory(prefix="yinju-conversations-") as folder:
        scores = score_all(conversations, chosen.indexes or Path(folder))
    missed = [score for score in scores if not score.answered or score.rewritten is False]
    for score in missed if chosen.misses else ():
        sys.stdout.write(_miss(score) + "\n")
    sys.stdout.write(table(scores) + "\n")


if __name__ == "__main__":
    main()
