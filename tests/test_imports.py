"""The import order of docs/architecture.md holds, also for imports inside functions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "yinju"

# Each module may import only from modules earlier in this list.
ORDER = """
    errors types vocabulary logistic config text dictionary
    likelihood repair formats office ingest chunk deferred bundled trained embed
    figures.units figures.numerals figures.qualifiers figures.quantity figures.times figures.names
    figures.subjects figures.reading figures.phrases figures.roles figures.lists figures.tables figures.grid
    figures.attribution figures.context figures.ledger figures.cues figures.periods
    figures.claims figures.parser figures.operations figures.comparatives figures.terms figures.query figures.compute
    figures.profiles
    figures.constraints figures.sameness figures.matching figures.belief figures.search figures.derive figures.rest
    figures.abstention figures.stated figures.shares figures.operands figures.changes figures.calculation
    figures.lookup
    figures.intervals figures.findings figures.conflicts figures.wholes figures.relations figures.audit figures
    index.manifest index.storage index.lexical index.vectors index.load index.report index.build
    index
    retrieve reader asked evidence read told established consult question wording answer
    generate.prose generate.numbers generate.words generate.evidence generate.check generate.client generate.prompt
    generate.tools generate.write generate
    followup.pieces followup.topic followup.parallel followup.naming followup.slots followup.subjectless
    followup.ellipsis
    followup.coordination followup.reference
    followup.comparison followup.chinese followup.readings followup.english followup conversation
    engines assistant
    batch doctor evalset metrics baseline report evaluate bench suggest
    ui_document ui_gate ui_visit ui_frame ui_actions ui_cite ui_render ui_figures ui_feedback ui_history ui_shelves
    ui_suggest ui_stages ui_builds ui_panels ui_endpoints ui_openai ui cli __main__
""".split()


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "yinju":
            inner = node.module.removeprefix("yinju").removeprefix(".")
            names |= {inner} if inner else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.removeprefix("yinju.") for a in node.names if a.name.startswith("yinju.")}
    return names


def test_every_module_has_its_place_in_the_order() -> None:
    assert set(modules()) <= set(ORDER)


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_point_upwards(name: str) -> None:
    allowed = set(ORDER[: ORDER.index(name)])
    if name in ("figures", "index"):
        allowed |= {n for n in ORDER if n.startswith(f"{name}.")}
    internal = {n for n in imported(modules()[name]) if n in ORDER}
    assert internal <= allowed, f"{name} imports from below: {sorted(internal - allowed)}"


def test_faiss_and_gradio_stay_in_their_modules() -> None:
    homes = {"faiss": {"index.vectors"}, "gradio": {"ui", "ui_panels", "ui_endpoints"}}
    for library, allowed in homes.items():
        users = {
            name
            for name, path in modules().items()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if (isinstance(node, ast.Import) and any(a.name.split(".")[0] == library for a in node.names))
            or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library)
        }
        assert users <= allowed, f"{library} is imported by {sorted(users)}"
