"""Let sentence-transformers load without the libraries that it imports and yinju never calls.

Importing it brings in scikit-learn and much of SciPy for two functions, about a fifth of the whole time (measured:
1.7 of 8.0 s of processor time). Inside :func:`light_imports` those functions are stand-ins that import the real
ones when they are called; asking these modules for anything else gives the real module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

# Module → functions of it that sentence-transformers 6 and transformers 5 import by name and seldom call.
_SELDOM = {
    "sklearn": frozenset[str](),
    "sklearn.metrics": frozenset({"pairwise_distances"}),
    "scipy.optimize": frozenset({"linear_sum_assignment"}),
}


class _Deferred(ModuleType):
    """Stands for a module until something of it is needed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None) if "." in name else find_spec(name)
        self.__path__: list[str] = []

    def __getattr__(self, attribute: str) -> Any:
        name = self.__name__
        if attribute in _SELDOM[name]:
            return _stand_in(name, attribute)
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(_real(name), attribute)


def _stand_in(module: str, function: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(_real(module), function)(*args, **kwargs)

    call.__name__ = call.__qualname__ = function
    return call


def _real(name: str) -> ModuleType:
    _withdraw()
    return import_module(name)


def _withdraw() -> None:
    for name in _SELDOM:
        if isinstance(sys.modules.get(name), _Deferred):
            del sys.modules[name]


@contextmanager
def light_imports() -> Iterator[None]:
    """Import sentence-transformers or transformers inside this; modules already loaded stay as they are."""
    for name in _SELDOM:
        if name not in sys.modules and find_spec(name.partition(".")[0]) is not None:
            sys.modules[name] = _Deferred(name)
    try:
        yield
    finally:
        _withdraw()
