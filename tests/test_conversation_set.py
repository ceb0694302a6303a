"""The set of conversations and its scorer: the lines are in the form, and questions are compared as documented."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from scripts import script
from yinju.config import Settings
from yinju.evaluate import find_document
from yinju.types import Answer, Reason, Status

scoring = script("evals/score_conversations.py")


def test_there_are_enough_conversations_over_six_documents() -> None:
    conversations = scoring.read_conversations()
    assert len({conversation.id for conversation in conversations}) == len(conversations) >= 150
    assert len({conversation.document for conversation in conversations}) == 6
    splits = Counter(conversation.split for conversation in conversations)
    assert abs(splits["dev"] - splits["frozen"]) <= 6
    assert {conversation.language for conversation in conversations} == {"zh-Hant", "zh-Hans", "en"}
    assert {turn.kind for conversation in conversations for turn in conversation.turns} == set(scoring.Kind.__args__)


def test_evidence_is_verbatim() -> None:
    for conversation in scoring.read_conversations():
        source = find_document(conversation.document, scoring.SET, Settings())
        if source is None:
            continue
        text = source.read_text(encoding="utf-8")
        for turn in conversation.turns:
            assert all(len(quote) <= 40 and quote in text for quote in turn.evidence), conversation.id


def test_every_reference_is_equivalent_to_itself_in_full_and_without_its_brackets() -> None:
    for conversation in scoring.read_conversations():
        for turn in conversation.turns:
            for reference in (*turn.standalone, *turn.readings):
                assert scoring.equivalent(reference.replace("(", "").replace(")", ""), reference)
                assert scoring.equivalent(scoring._OPTIONAL.sub("", reference), reference)


@pytest.mark.parametrize(
    ("question", "reference", "same"),
    [
        ("2024年南山區GDP是多少?", "南山区2024年GDP有多少", True),
        ("2024年南山區GDP是多少?", "南山区2023年GDP有多少", False),
        ("2024年南山區GDP是多少?", "2024年GDP是多少", False),
        ("南山區GDP是多少?", "(2024年)南山區GDP是多少", True),
        ("2023年南山區GDP是多少?", "(2024年)南山區GDP是多少", False),
        ("甲比乙多多少家?", "甲和乙相差多少", True),
        ("甲和乙總共幾家?", "甲和乙加起來是多少", True),
        ("甲和乙總共幾家?", "甲和乙相差多少", False),
        ("How many firms does Nanshan have?", "How many firms are there in Nanshan?", True),
        ("How many firms does Nanshan have?", "How many schools does Nanshan have?", False),
    ],
)
def test_questions_are_compared_by_content(question: str, reference: str, *, same: bool) -> None:
    assert scoring.equivalent(question, reference) is same


def test_an_ambiguous_turn_wants_its_readings_as_choices() -> None:
    turn = scoring.Turn(
        kind="ambiguous", question="它呢?", readings=("甲有多少家?", "乙有多少家?"),
        gold={"status": "abstained", "reason": "ambiguous"},
    )  # fmt: skip
    asked = Answer("它呢?", "它呢?", Status.ABSTAINED, "…", "zh-Hant", reason=Reason.AMBIGUOUS)
    assert not scoring.understood(turn, asked)
    assert not scoring.understood(turn, Answer("它呢?", "甲有多少家?", Status.ANSWERED, "…", "zh-Hant"))


def test_a_turn_is_either_open_or_has_a_reference() -> None:
    with pytest.raises(ValidationError):
        scoring.Turn(kind="ellipsis", question="它呢?", gold={"status": "abstained"})
