"""Follow-up question + earlier turns → a question that stands on its own; no model, the same every time.

A follow-up leaves out what the conversation has established. It is read as one of a few moves (a correction, a
comparison with what was said, a pronoun, a fragment that changes one slot, a predicate without its subject) and
written out from the previous standalone question. A question that lacks nothing comes back as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yinju import wording
from yinju.followup.chinese import write_out_chinese
from yinju.followup.english import write_out_english
from yinju.followup.readings import choose, readings_of
from yinju.followup.topic import Context, Sources, in_script, standalone
from yinju.text import Language, language_of, to_language
from yinju.types import Answer, Reason, Status, Turn

_NO_TOPIC = (Reason.NOT_A_QUESTION, Reason.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question means in its conversation.

    Attributes:
        standalone: The question written out; as asked where it is open.
        choices: Its readings, each a question that stands on its own, where the conversation leaves it open; else
            empty. At least two when there are any.
    """

    standalone: str
    choices: tuple[str, ...] = ()


def understand(question: str, turns: Sequence[Turn], index: Sources) -> Understanding:
    """Read a question in the light of what was said before.

    Args:
        question: As asked.
        turns: What was asked and answered before, oldest first.
        index: Documents and ledger, looked at where grammar leaves it open what a word names.

    Returns:
        A question in the language and script of ``question``; ``question`` itself, unchanged, where there is nothing
        before it or where it lacks nothing; or the readings to choose from.
    """
    if turns and turns[-1].answer.choices and (chosen := choose(question, turns[-1].answer.choices)):
        return Understanding(chosen)
    asked = tuple(turn for turn in turns if turn.answer.reason not in _NO_TOPIC)
    if not asked or not question.strip():
        return Understanding(question)
    script = _script(question, asked)
    context = Context(tuple(in_script(turn, script) for turn in asked), index, script)
    readings = () if script == "en" else readings_of(question.strip(), context)
    if readings:
        return Understanding(question, tuple(_written(reading, question, script) for reading in readings))
    found = (write_out_english if script == "en" else write_out_chinese)(question.strip(), context)
    return Understanding(question if found is None else _written(found, question, script))


def rewrite(question: str, turns: Sequence[Turn], index: Sources) -> str:
    """Write a follow-up question out so that it stands on its own; see :func:`understand`."""
    return understand(question, turns, index).standalone


def ask_back(question: str, choices: Sequence[str]) -> Answer:
    """Ask which of several readings is meant: an abstention with the readings to choose from."""
    language = language_of(question) if language_of(question) == "en" else language_of(choices[0])
    text = wording.ask_back(choices, language)
    return Answer(
        question, question, Status.ABSTAINED, text, language, reason=Reason.AMBIGUOUS, choices=tuple(choices),
        confidence=1.0,
    )  # fmt: skip


def _written(found: str, question: str, script: Language) -> str:
    if found == question.strip():
        return question
    if script == "zh-Hans":
        return "".join(to_language(character, script) for character in found)
    return found


def _script(question: str, turns: Sequence[Turn]) -> Language:
    """The script to write in: that of the question, else the one that the conversation last showed."""
    last = language_of(standalone(turns[-1]))
    if language_of(question) == "en":
        return "en" if len(re.findall(r"[A-Za-z]{2,}", question)) > 2 else last
    shown = (script for text in (question, *(turn.question for turn in reversed(turns))) if (script := _shown(text)))
    return next(shown, "zh-Hant" if last == "en" else last)


def _shown(text: str) -> Language | None:
    """The script that a text shows; ``None`` where all its characters are in both."""
    if any(to_language(character, "zh-Hans") != character for character in text):
        return "zh-Hant"
    return "zh-Hans" if any(_is_simplified(character) for character in text) else None


def _is_simplified(character: str) -> bool:
    """Whether a character belongs to Simplified alone (后, 里, 占 are in both)."""
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return to_language(character, "zh-Hant") != character
    return False
