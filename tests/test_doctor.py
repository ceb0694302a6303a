"""The doctor: what is there, what is missing, what to do."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from yinju.config import Settings
from yinju.doctor import Check, examine


def by_name(checks: list[Check]) -> dict[str, Check]:
    assert len({check.name for check in checks}) == len(checks)
    return {check.name: check for check in checks}


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yinju.doctor._model", lambda settings: Check("model", True, "not looked at"))


@pytest.mark.slow
def test_everything_is_well(seed_index: Path) -> None:
    checks = by_name(examine(Settings.load(index=seed_index)))
    assert [check.text for check in checks.values() if not check.ok] == []
    assert "384 dimensions" in checks["model"].text
    assert "1 document, " in checks["index"].text
    assert "without a network" in checks["network"].text
    assert checks["torch"].text == f"torch {importlib.metadata.version('torch')}"
    json.dumps([check.to_json() for check in checks.values()])


def test_no_index_is_a_finding_with_a_next_step(tmp_path: Path, no_model: None) -> None:
    check = by_name(examine(Settings(index=tmp_path / "none")))["index"]
    assert not check.ok
    assert "yinju build" in check.hint


def test_a_library_that_is_missing(tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "gradio":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    checks = by_name(examine(Settings(index=tmp_path)))
    assert not checks["gradio"].ok
    assert "install" in checks["gradio"].hint
    assert checks["torch"].ok


def test_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    check = by_name(examine(Settings(index=tmp_path, embed_model=str(folder))))["model"]
    assert not check.ok
    assert str(folder) in check.text
    assert check.hint


def test_settings_of_networks_and_servers(tmp_path: Path, no_model: None) -> None:
    named = by_name(
        examine(Settings(index=tmp_path, embed_model="someone/model", llm_base_url="http://localhost:1/v1"))
    )
    assert "someone/model" in named["network"].text
    assert not named["llm"].ok
    assert "YINJU_LLM_MODEL" in named["llm"].hint
    assert by_name(examine(Settings(index=tmp_path)))["llm"].ok


def test_nothing_is_changed(tmp_path: Path, no_model: None) -> None:
    examine(Settings(index=tmp_path / "index"))
    assert list(tmp_path.iterdir()) == []
