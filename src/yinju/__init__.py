"""Question answering over documents full of figures, where every answer carries its proof.

import yinju

yinju.build(["seeds"], index="index")
assistant = yinju.open("index")
print(assistant.ask("2024年南山區GDP是多少?").text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yinju.assistant import Assistant, Chat, build
    from yinju.assistant import open_assistant as open  # the public name
    from yinju.config import Settings
    from yinju.errors import YinjuError
    from yinju.types import Answer, Citation, Figure, Status

__version__ = "0.1.0"
__all__ = ["Answer", "Assistant", "Chat", "Citation", "Figure", "Settings", "Status", "YinjuError", "build", "open"]

_HOMES = {
    "Assistant": "assistant", "Chat": "assistant", "build": "assistant", "open": "assistant",
    "Settings": "config", "YinjuError": "errors",
    "Answer": "types", "Citation": "types", "Figure": "types", "Status": "types",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load public names when they are first used, so that ``import yinju`` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'yinju' has no attribute {name!r}")
    module = import_module(f"yinju.{_HOMES[name]}")
    return getattr(module, "open_assistant" if name == "open" else name)
