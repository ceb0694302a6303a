"""What is installed, what is missing, and whether it works without a network."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from yinju.config import BUNDLED_MODEL, Settings
from yinju.errors import YinjuError

_LIBRARIES = ("torch", "sentence-transformers", "transformers", "llama-index-core", "faiss-cpu", "bm25s", "gradio")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``text`` says what was found, ``hint`` what to do if it is not ``ok``."""

    name: str
    ok: bool
    text: str
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the check as plain JSON values."""
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """Look at Python, the libraries, the model, the index and the browser used by tests; nothing is changed."""
    return [
        _python(),
        *map(_library, _LIBRARIES),
        _guarded("model", lambda: _model(settings)),
        _guarded("index", lambda: _index(settings)),
        _network(settings),
        _llm(settings),
        _browser(),
    ]


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, f"Python {platform.python_version()}", "Install Python 3.11 or newer.")


def _library(name: str) -> Check:
    try:
        return Check(name, True, f"{name} {importlib.metadata.version(name)}")
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, f"{name} is not installed", "Run `make build`, or `pip install -c constraints.txt .`")


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except YinjuError as error:
        return Check(name, False, error.message, error.hint)


def _model(settings: Settings) -> Check:
    from yinju.embed import load_embedder

    embedder = load_embedder(settings)
    n_dimensions = embedder.queries(["2024年"]).shape[1]
    return Check("model", True, f"embedding model {embedder.name} works, {n_dimensions} dimensions")


def _index(settings: Settings) -> Check:
    from yinju.index import load_index
    from yinju.index.report import counted

    index = load_index(settings)
    held = (index.documents, "document"), (index.passages, "passage"), (index.ledger, "figure")
    text = ", ".join(counted(len(values), noun) for values, noun in held)
    return Check("index", True, f"index {settings.index}: {text}")


def _network(settings: Settings) -> Check:
    if settings.embed_model == BUNDLED_MODEL:
        return Check("network", True, "works without a network: the embedding model is bundled")
    text = f"embedding model {settings.embed_model} may need a network the first time"
    return Check("network", True, text, "Use a local folder, or the bundled model.")


def _llm(settings: Settings) -> Check:
    if not settings.llm_base_url:
        return Check("llm", True, "no LLM is set; answers are extractive")
    return Check("llm", bool(settings.llm_model), f"LLM server {settings.llm_base_url}", "Set YINJU_LLM_MODEL.")


def _browser() -> Check:
    found = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    text = f"chromium for the browser tests: {found or 'absent, those tests will skip (apt-get install chromium)'}"
    return Check("browser", True, text)
