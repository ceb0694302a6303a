"""Settings: where they come from, which wins, what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from yinju.config import Settings
from yinju.errors import SettingsError


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without settings, and an environment without any."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("YINJU_")]:
        monkeypatch.delenv(name)


def test_defaults() -> None:
    settings = Settings.load()
    assert (settings.index, settings.seeds) == (Path("index"), Path("seeds"))
    assert settings.embed_model == "bundled"
    assert settings.vector_store == "faiss"
    assert settings.llm_base_url == ""
    assert settings.cache_dir.name == "yinju"


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "yinju.toml").write_text("top_k = 3\npassage_chars = 100\nthreads = 1\n")
    monkeypatch.setenv("YINJU_TOP_K", "4")
    monkeypatch.setenv("YINJU_PASSAGE_CHARS", "200")
    settings = Settings.load(top_k=5, index=None)
    assert (settings.top_k, settings.passage_chars, settings.threads) == (5, 200, 1)
    assert settings.index == Path("index")


def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_TOP_K", "")
    assert Settings.load().top_k == Settings().top_k


@pytest.mark.parametrize("source", ["environment", "file", "call"])
def test_unknown_settings_are_refused(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if source == "environment":
        monkeypatch.setenv("YINJU_COLOUR", "blue")
    if source == "file":
        (tmp_path / "yinju.toml").write_text('colour = "blue"\n')
    with pytest.raises(SettingsError) as caught:
        Settings.load(**({"colour": "blue"} if source == "call" else {}))
    assert "'colour'" in caught.value.message
    assert "YINJU_COLOUR" in caught.value.message
    assert "top_k" in caught.value.hint


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("top_k", "0"),
        ("top_k", "many"),
        ("top_k", "1.5"),
        ("vector_store", "pickle"),
        ("max_file_mb", "-1"),
        ("passage_chars", "10"),
        ("threads", "-1"),
        ("max_question_chars", "1"),
    ],
)
def test_values_that_cannot_be_used_are_named(key: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"YINJU_{key.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert f"'{key}'" in caught.value.message
    assert repr(value) in caught.value.message
    assert f"YINJU_{key.upper()}" in caught.value.hint


@pytest.mark.parametrize("content", [b"top_k = ", b"top_k: 3", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "yinju.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="not a TOML file"):
        Settings.load()


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "yinju.toml").write_text("top_k = 3\n", encoding="utf-8-sig")
    assert Settings.load().top_k == 3


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().top_k = 3  # type: ignore[misc]


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_LLM_API_KEY", "very-secret")
    settings = Settings.load()
    assert settings.llm_api_key.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(settings) + settings.model_dump_json()
    with pytest.raises(SettingsError) as caught:
        Settings.load(llm_api_key=["very-secret"])
    assert "very-secret" not in str(caught.value)


def test_fingerprints_know_what_matters() -> None:
    plain = Settings()
    for unimportant in ({"index": Path("other")}, {"cache_dir": Path("c")}, {"threads": 2}, {"llm_api_key": "k"}):
        assert Settings(**unimportant).fingerprint() == plain.fingerprint()  # type: ignore[arg-type]
        assert Settings(**unimportant).index_fingerprint() == plain.index_fingerprint()  # type: ignore[arg-type]
    assert Settings(top_k=3).fingerprint() != plain.fingerprint()
    assert Settings(top_k=3).index_fingerprint() == plain.index_fingerprint()
    for important in ({"passage_chars": 100}, {"embed_model": "other"}, {"embed_passage_prefix": ""}):
        assert Settings(**important).index_fingerprint() != plain.index_fingerprint()  # type: ignore[arg-type]
        assert Settings(**important).fingerprint() != plain.fingerprint()  # type: ignore[arg-type]
