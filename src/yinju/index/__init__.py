"""The index: everything an answer can come from, in one folder that is built once and loaded often."""

from yinju.index.build import build_index, search_text
from yinju.index.load import Index, load_index
from yinju.index.manifest import Manifest
from yinju.index.report import BuildReport, Progress

__all__ = ["BuildReport", "Index", "Manifest", "Progress", "build_index", "load_index", "search_text"]
