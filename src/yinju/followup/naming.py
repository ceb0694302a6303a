"""Whether a noun names somebody or something measured or counted, and whether the documents tell of it."""

from __future__ import annotations

import re

from yinju.followup.pieces import AREA_NOUNS, INSTITUTION, MEASURE, tokens
from yinju.followup.topic import Sources, folded_lines
from yinju.text import fold

_NAME_TAGS = frozenset({"ns", "nr", "nt", "nrt"})
_MAYBE_TAGS = frozenset({"nz", "eng", "x"})
# Ends of nouns that are counted or measured, and so name nobody.
_COMMON_END = re.compile(r"(?:企业|产业|业|级|型|类|人员|学生|用户|项目|数)$")
# What a class of things begins with rather than a name (全國重點實驗室).
_CLASS = re.compile(r"全国|国家|省级|市级|区级|县级|[几各多]|高新|规上|规模以上|新型|大型|中小")


def names_entity(noun: str, index: Sources) -> bool:
    """Whether a noun names somebody rather than something measured: by its ending, its tag, or the ledger."""
    folded = fold(noun)
    if _CLASS.match(folded):
        return False
    if INSTITUTION.search(folded):
        return True
    if MEASURE.search(folded) or _COMMON_END.search(folded):
        return False
    if any(tag in _NAME_TAGS and word not in AREA_NOUNS for word, tag, _start in tokens(folded)):
        return True
    entities = metrics = 0
    for figure in index.ledger:
        entities += folded in fold(figure.entity)
        metrics += folded in fold(figure.metric)
    return entities > metrics


def may_name(folded: str) -> bool:
    """Whether a folded noun may name somebody, for all that grammar tells."""
    is_common = MEASURE.search(folded) or _COMMON_END.search(folded)
    return not is_common and any(tag in _MAYBE_TAGS for _word, tag, _start in tokens(folded))


def is_one_name_word(folded: str) -> bool:
    """Whether a folded text is one word that the dictionary has as some name."""
    return [tag for _word, tag, _start in tokens(folded)] == ["nz"]


def is_told(one: str, other: str, index: Sources) -> bool:
    """Whether a sentence of the documents has both words."""
    for document in index.documents.values():
        for line in folded_lines(document.readable):
            if one in line and any(one in part and other in part for part in re.split("[。;；]", line)):
                return True
    return False
