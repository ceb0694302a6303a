"""What a new evaluation is held against: the last committed report, and the thresholds."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yinju.errors import EvaluationError

Percent = Annotated[float, Field(ge=0, le=100)]


# ── the last report ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Changes:
    """Questions that came out otherwise than in an earlier report, by id.

    Attributes:
        against: Where the earlier report came from; empty when there is none.
        lost: Right then, wrong now.
        won: Wrong then, right now.
        new: Not asked then.
        same_questions: The set has not been edited since.
    """

    against: str = ""
    lost: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    same_questions: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the changes as plain JSON values."""
        return {
            "against": self.against or None,
            "right_to_wrong": list(self.lost),
            "wrong_to_right": list(self.won),
            "new": list(self.new),
            "same_questions": self.same_questions,
        }


def find_changes(report: Path, questions: Mapping[str, bool], set_sha256: str) -> Changes:
    """Compare outcomes with the report last committed at ``report``, or else with the file that lies there.

    Args:
        report: Path of the JSON report.
        questions: Id → right or wrong, as of now.
        set_sha256: Hash of the question set.
    """
    against, text = "the last commit", _committed(report)
    if text is None and report.is_file():
        against, text = "the last run", report.read_text(encoding="utf-8")
    if text is None:
        return Changes()
    try:
        earlier = json.loads(text)
        before: dict[str, bool] = dict(earlier["questions"])
        same = bool(earlier["fingerprint"]["set_sha256"] == set_sha256)
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{report} is not an evaluation report.", "Remove it and run again.") from error
    return Changes(
        against,
        lost=tuple(id_ for id_, right in questions.items() if before.get(id_) is True and not right),
        won=tuple(id_ for id_, right in questions.items() if before.get(id_) is False and right),
        new=tuple(id_ for id_ in questions if id_ not in before),
        same_questions=same,
    )


def _committed(path: Path) -> str | None:
    """Return the file as of the last commit; ``None`` outside a repository, or when it was never committed."""
    folder = next(parent for parent in path.resolve().parents if parent.is_dir())
    inside = path.resolve().relative_to(folder).as_posix()
    try:
        shown = subprocess.run(
            ["git", "show", f"HEAD:./{inside}"], cwd=folder, capture_output=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return shown.stdout.decode("utf-8", errors="replace")


# ── thresholds ──────────────────────────────────────────────────────────────────────────────


class Bounds(BaseModel):
    """Lowest and highest values that metrics may have, in percent; ``types`` holds lowest accuracies by type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: dict[str, Percent] = {}
    max: dict[str, Percent] = {}
    types: dict[str, Percent] = {}


class _Thresholds(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: dict[str, dict[str, Bounds]]


def read_thresholds(path: Path, name: str) -> dict[str, Bounds]:
    """Return the bounds of one set by split (``dev``, ``frozen``, ``all``); none when the file is absent.

    Raises:
        EvaluationError: The file is not in the form.
    """
    if not path.is_file():
        return {}
    try:
        thresholds = _Thresholds(sets=tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} is not a TOML file: {error}.", "Mend it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:]))
        raise EvaluationError(
            f"{path}: {where}: {first['msg']}.", "Tables are [SET.SPLIT.min], [SET.SPLIT.max] and [SET.SPLIT.types]."
        ) from error
    return thresholds.sets.get(name, {})


def find_failures(metrics: Mapping[str, Mapping[str, Any]], bounds: Mapping[str, Bounds]) -> tuple[str, ...]:
    """Name every bound that does not hold, and a missing gate: no bounds at all for the splits scored.

    Args:
        metrics: Split → metrics as :func:`yinju.metrics.summarise` gives them, with ``types`` besides.
        bounds: Split → bounds.
    """
    checked = [split for split in metrics if split in bounds]
    if not checked:
        return (f"no thresholds are set for the split {' or '.join(metrics)}",)
    return tuple(failure for split in checked for failure in _failures(split, metrics[split], bounds[split]))


def _failures(split: str, metrics: Mapping[str, Any], bounds: Bounds) -> list[str]:
    lowest = [(name, metrics.get(name), low) for name, low in bounds.min.items()]
    lowest += [
        (f"accuracy of {t}", metrics["types"].get(t, {}).get("accuracy"), low) for t, low in bounds.types.items()
    ]
    highest = [(name, metrics.get(name), high) for name, high in bounds.max.items()]
    # A metric that is bounded but was not measured is a failure too: a misspelt name must not pass.
    found = [f"{split}: {name} is {value}, at least {low} expected" for name, value, low in lowest
             if value is None or value < low]  # fmt: skip
    return found + [f"{split}: {name} is {value}, at most {high} expected" for name, value, high in highest
                    if value is None or value > high]  # fmt: skip
