"""Follow-up question + earlier turns → a question that stands on its own; no model, the same every time.

A follow-up leaves out what the conversation has established. It is read as one of a few moves (a correction, a
comparison with what was said, a pronoun, a fragment that changes one slot, a predicate without its subject) and
written out from the previous standalone question. A question that lacks nothing comes back as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from yinju.followup.chinese import write_out_chinese
from yinju.followup.english import write_out_english
from yinju.followup.topic import Context, Sources, in_script, standalone
from yinju.text import Language, language_of, to_language
from yinju.types import Reason, Turn


def rewrite(question: str, turns: Sequence[Turn], index: Sources) -> str:
    """Write a follow-up question out so that it stands on its own.

    Args:
        question: As asked.
        turns: What was asked and answered before, oldest first.
        index: Documents and ledger, looked at where grammar leaves it open what a word names.

    Returns:
        A question in the language and script of ``question``; ``question`` itself, unchanged, where there is nothing
        before it or where it lacks nothing.
    """
    asked = tuple(turn for turn in turns if turn.answer.reason is not Reason.NOT_A_QUESTION)
    if not asked or not question.strip():
        return question
    script = _script(question, asked)
    context = Context(tuple(in_script(turn, script) for turn in asked), index, script)
    found = (write_out_english if script == "en" else write_out_chinese)(question.strip(), context)
    if found is None or found == question.strip():
        return question
    if script == "zh-Hans":
        return "".join(to_language(character, script) for character in found)
    return found


def _script(question: str, turns: Sequence[Turn]) -> Language:
    """The script to write in: that of the question, or of the last one where the question's characters are in both."""
    last = language_of(standalone(turns[-1]))
    if language_of(question) == "en":
        return last
    if any(to_language(character, "zh-Hans") != character for character in question):
        return "zh-Hant"
    if any(_is_simplified(character) for character in question):
        return "zh-Hans"
    return "zh-Hant" if last == "en" else last


def _is_simplified(character: str) -> bool:
    """Whether a character belongs to Simplified alone (后, 里, 占 are in both)."""
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return to_language(character, "zh-Hant") != character
    return False
