"""Settings: plain values, read once from the environment and ``yinju.toml``, then passed explicitly.

Two fingerprints are taken from them: :meth:`Settings.index_fingerprint` covers what changes the index,
:meth:`Settings.fingerprint` covers everything that can change an answer. Secrets enter neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from yinju.errors import SettingsError

PREFIX = "YINJU_"
FILE_NAME = "yinju.toml"
BUNDLED_MODEL = "bundled"


class Settings(BaseModel):
    """All settings, frozen. Environment variables are the names in capitals after ``YINJU_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Path = Field(Path("index"), description="Folder of the index.")
    seeds: Path = Field(Path("seeds"), description="What `yinju build` indexes when no path is given.")
    cache_dir: Path = Field(
        default_factory=lambda: Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "yinju",
        description="Where converted models are kept.",
    )
    embed_model: str = Field(
        BUNDLED_MODEL, min_length=1, description="'bundled', or any sentence-transformers name or folder."
    )
    embed_query_prefix: str = Field("query: ", description="Put before questions; e5 models want it.")
    embed_passage_prefix: str = Field("passage: ", description="Put before passages; e5 models want it.")
    vector_store: Literal["faiss"] = Field("faiss", description="Where vectors are kept.")
    max_file_mb: Annotated[float, Field(gt=0)] = Field(50.0, description="Larger files are refused, in MiB.")
    passage_chars: Annotated[int, Field(ge=50, le=2000)] = Field(
        280, description="Aimed-at longest passage, in characters; the model's window is a hard limit besides."
    )
    top_k: Annotated[int, Field(ge=1, le=100)] = Field(8, description="Passages looked at for one question.")
    max_question_chars: Annotated[int, Field(ge=10)] = Field(2000, description="Longer questions are refused.")
    password: SecretStr = Field(SecretStr(""), description="Asked for by `yinju serve`; empty asks for nothing.")
    public: bool = Field(False, description="Serve other machines although there is no password.")
    feedback: Path = Field(Path("feedback.jsonl"), description="Where readers' verdicts on answers are kept.")
    threads: Annotated[int, Field(ge=0)] = Field(0, description="CPU threads for the model; 0 leaves it to torch.")
    llm_base_url: str = Field("", description="An OpenAI-compatible server; empty means no LLM.")
    llm_model: str = Field("", description="Model name on that server.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Key for that server.")
    llm_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(
        60.0, description="Longest time the model may take for one answer, retries included, in seconds."
    )
    llm_retries: Annotated[int, Field(ge=0, le=10)] = Field(2, description="How often a failed request is repeated.")
    llm_max_tokens: Annotated[int, Field(ge=16, le=32768)] = Field(600, description="Longest reply asked for.")
    llm_tools: bool = Field(True, description="Offer the model the numeric tools (look up, calculate).")

    @classmethod
    def load(cls, **overrides: Any) -> Settings:
        """Read ``yinju.toml`` in the working folder, then the environment, then ``overrides``; later wins.

        ``None`` among the overrides means "not given". An environment variable set to the empty string counts
        as unset.

        Raises:
            SettingsError: A key is unknown, a value cannot be used, or the file is not TOML.
        """
        values = {**_from_file(Path(FILE_NAME)), **_from_environment(os.environ)}
        values.update({key: value for key, value in overrides.items() if value is not None})
        try:
            return cls(**values)
        except ValidationError as error:
            raise _explain(error) from error

    def index_fingerprint(self) -> str:
        """Hash of the settings that change what is in an index (16 hex digits)."""
        keys = ("embed_model", "embed_passage_prefix", "vector_store", "passage_chars")
        return _digest({key: getattr(self, key) for key in keys})

    def fingerprint(self) -> str:
        """Hash of every setting that can change an answer (16 hex digits)."""
        idle = {"llm_api_key", "index", "seeds", "cache_dir", "threads", "password", "public", "feedback"}
        if not self.llm_base_url:
            idle |= {"llm_timeout", "llm_retries", "llm_max_tokens", "llm_tools"}
        return _digest(self.model_dump(mode="json", exclude=idle))


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}.", "Mend it or remove it.") from error


def _from_environment(environment: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    return {key[len(PREFIX) :].lower(): value for key, value in environment.items() if key.startswith(PREFIX) and value}


def _explain(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else "?"
    known = ", ".join(sorted(Settings.model_fields))
    if first["type"] == "extra_forbidden":
        return SettingsError(f"The setting '{key}' ({PREFIX}{key.upper()}) is unknown.", f"Known settings: {known}.")
    shown = "(hidden)" if key in ("llm_api_key", "password") else repr(first["input"])
    return SettingsError(
        f"The setting '{key}' cannot be {shown}: {first['msg']}.",
        f"Set {PREFIX}{key.upper()} or `{key}` in {FILE_NAME} to a value that fits.",
    )
