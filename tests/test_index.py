"""The index: what is kept, what is done again, what is refused, and that no moment of a build can harm it."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinju import index as index_package
from yinju.config import Settings
from yinju.errors import IndexCorruptError, IndexMissingError, ModelError, NothingToIndexError, YinjuError
from yinju.index import BuildReport, Index, build_index, load_index, search_text
from yinju.index.lexical import _B, _K1, LexicalIndex
from yinju.index.load import read_array
from yinju.index.storage import CURRENT
from yinju.index.vectors import DenseIndex
from yinju.text import words

FloatArray = npt.NDArray[np.float32]

ALPHA = "甲地2024年產值為100億元。乙地沒有公布。\n\n丙地人口為20萬人,比上年增長3%。"
BETA = "丁地面積為185平方公里。\n\n戊地企業有300家。"


class FakeEmbedder:
    """Counts four characters; a vector can be worked out by hand. Remembers what it was asked to embed."""

    COUNTED = "甲乙丙丁"
    dimension = len(COUNTED) + 1
    name = "fake"

    def __init__(self, checksum: str = "1") -> None:
        self.checksum = checksum
        self.embedded: list[str] = []
        self.before_embedding: Callable[[], None] = lambda: None

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        counts = np.array([[1.0, *map(text.count, self.COUNTED)] for text in texts], np.float32)
        counts = counts.reshape(len(texts), self.dimension)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def queries(self, texts: Sequence[str]) -> FloatArray:
        return self._vectors(texts)

    def passages(self, texts: Sequence[str], progress: Any = None) -> FloatArray:
        self.before_embedding()
        self.embedded += texts
        return self._vectors(texts)

    def fits(self, text: str) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "alpha.txt").write_text(ALPHA, encoding="utf-8")
    (folder / "beta.txt").write_text(BETA, encoding="utf-8")
    return folder


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", cache_dir=tmp_path / "cache")


def build(chosen: Settings, *paths: Path, embedder: FakeEmbedder | None = None, progress: Any = None) -> BuildReport:
    return build_index(list(paths), chosen, embedder=embedder or FakeEmbedder(), progress=progress)  # type: ignore[arg-type]


def generation(chosen: Settings) -> Path:
    return chosen.index / (chosen.index / CURRENT).read_text().strip()


def names(chosen: Settings) -> list[str]:
    return list(load_index(chosen).documents)


# ── what an index holds ──


def test_a_build_holds_every_passage_figure_and_vector(folder: Path, chosen: Settings) -> None:
    report = build(chosen, folder)
    index = load_index(chosen)
    assert report.added == ("alpha.txt", "beta.txt") == tuple(index.documents)
    assert (report.changed, report.unchanged, report.removed, report.skipped, report.rebuilt) == ((), (), (), (), "")
    assert (report.n_documents, report.n_passages, report.n_figures) == (2, len(index.passages), len(index.ledger))
    assert report.encodings == {"alpha.txt": "utf-8", "beta.txt": "utf-8"}
    for passage in index.passages:
        assert passage.span.of(index.documents[passage.document].text) == passage.text
    fake = FakeEmbedder()
    np.testing.assert_array_equal(index.dense.vectors(), fake.passages([search_text(p) for p in index.passages]))
    assert index.figure_vectors.shape == (len(index.ledger), fake.dimension)
    assert {figure.quantity.surface for figure in index.ledger} >= {"100億元", "20萬人", "3%", "185平方公里", "300家"}


def test_searches_find_what_can_be_worked_out_by_hand(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    index = load_index(chosen)
    best, cosine = index.search_dense(FakeEmbedder().queries(["丁"])[0], 3)[0]
    assert "丁地" in index.passages[best].text
    assert cosine == pytest.approx(float(index.dense.vectors()[best] @ np.array([1, 0, 0, 0, 1]) / math.sqrt(2)))
    best, score = index.search_lexical(words("企業"), 3)[0]
    assert "企業" in index.passages[best].text
    assert score > 0
    assert index.search_lexical(words("企业"), 3)[0] == (best, score)
    assert index.search_lexical(["沒有這個詞"], 3) == index.search_lexical([], 3) == []
    assert index.search_dense(FakeEmbedder().queries(["丁"])[0], 0) == []


def test_manifest_says_how_the_index_was_made(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    manifest = load_index(chosen).manifest
    assert manifest.settings == chosen.index_fingerprint()
    assert (manifest.model.name, manifest.model.checksum, manifest.model.dimension) == ("fake", "1", 5)
    assert manifest.paths == (str(folder),)
    content = (folder / "alpha.txt").read_bytes()
    record = manifest.sources[0]
    assert (record.path, record.size, record.sha256) == (
        str(folder / "alpha.txt"), len(content), hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    on_disk = {p.relative_to(generation(chosen)).as_posix() for p in generation(chosen).rglob("*") if p.is_file()}
    assert on_disk == {"manifest.json", *manifest.files}


def test_llama_index_reads_the_same_nodes(folder: Path, chosen: Settings) -> None:
    from llama_index.core import MockEmbedding

    build(chosen, folder)
    index = load_index(chosen)

    class Embedder(FakeEmbedder):
        def as_llama_index(self) -> Any:
            return MockEmbedding(embed_dim=self.dimension)

    nodes = index.as_llama_index(Embedder()).as_retriever(similarity_top_k=99).retrieve("丁")  # type: ignore[arg-type]
    assert {node.node.node_id for node in nodes} == {passage.id for passage in index.passages}
    for node in nodes:
        span = slice(node.metadata["start"], node.metadata["end"])
        assert index.documents[node.metadata["document"]].text[span] == node.text


def test_the_same_sources_give_the_same_files(folder: Path, chosen: Settings, tmp_path: Path) -> None:
    build(chosen, folder)
    other = chosen.model_copy(update={"index": tmp_path / "other"})
    build(other, folder)
    assert load_index(chosen).manifest.files == load_index(other).manifest.files


# ── incremental builds ──


def test_unchanged_files_are_not_done_again(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    before = generation(chosen)
    os.utime(folder / "alpha.txt", (1, 1))
    fake = FakeEmbedder()
    report = build(chosen, folder, embedder=fake)
    assert report.unchanged == ("alpha.txt", "beta.txt")
    assert fake.embedded == []
    assert generation(chosen) == before


def test_only_added_and_changed_files_are_embedded(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    kept = load_index(chosen)
    (folder / "gamma.txt").write_text("己地有學校50所。", encoding="utf-8")
    (folder / "beta.txt").write_text("庚地有醫院7家。", encoding="utf-8")
    fake = FakeEmbedder()
    report = build(chosen, folder, embedder=fake)
    assert (report.added, report.changed, report.unchanged) == (("gamma.txt",), ("beta.txt",), ("alpha.txt",))
    assert not any("甲地" in text or "丙地" in text for text in fake.embedded)
    index = load_index(chosen)
    assert [p for p in index.passages if p.document == "alpha.txt"] == [
        p for p in kept.passages if p.document == "alpha.txt"
    ]
    assert not any("丁地" in passage.text for passage in index.passages)
    assert not any(figure.quantity.surface == "300家" for figure in index.ledger)
    assert index.search_lexical(words("醫院"), 1) != []
    assert index.search_lexical(words("面積"), 1) == []


def test_step_by_step_gives_what_one_build_gives(folder: Path, chosen: Settings, tmp_path: Path) -> None:
    build(chosen, folder / "beta.txt")
    build(chosen, folder / "alpha.txt")
    build(chosen, folder)
    other = chosen.model_copy(update={"index": tmp_path / "other"})
    build(other, folder)
    assert load_index(chosen).manifest.files == load_index(other).manifest.files


def test_a_removed_file_is_gone_without_loading_a_model(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    (folder / "beta.txt").unlink()
    report = build_index([folder], chosen)  # there is no model to load in this cache folder
    assert (report.unchanged, report.removed) == (("alpha.txt",), ("beta.txt",))
    index = load_index(chosen)
    assert list(index.documents) == ["alpha.txt"]
    assert {p.document for p in index.passages} == {f.document for f in index.ledger} == {"alpha.txt"}
    assert len(index.dense) == len(index.passages)
    assert index.search_lexical(words("企業"), 9) == []


def test_a_moved_folder_is_not_read_again(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    fake = FakeEmbedder()
    report = build(chosen, folder.rename(folder.with_name("elsewhere")), embedder=fake)
    assert report.unchanged == ("alpha.txt", "beta.txt")
    assert fake.embedded == []
    assert load_index(chosen).documents["alpha.txt"].source == str(folder.with_name("elsewhere") / "alpha.txt")


@pytest.mark.parametrize("change", [{"passage_chars": 100}, {"embed_passage_prefix": ""}])
def test_other_settings_refuse_to_load_and_rebuild(folder: Path, chosen: Settings, change: dict[str, Any]) -> None:
    build(chosen, folder)
    other = chosen.model_copy(update=change)
    with pytest.raises(IndexCorruptError) as caught:
        load_index(other)
    (key,) = change
    assert key in caught.value.message
    assert f"yinju build {folder} --index {chosen.index}" in caught.value.hint
    report = build(other, folder)
    assert key in report.rebuilt
    assert any(key in line for line in report.lines())
    assert names(other) == ["alpha.txt", "beta.txt"]


def test_other_weights_rebuild_everything(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    (folder / "gamma.txt").write_text("己地有學校50所。", encoding="utf-8")
    fake = FakeEmbedder(checksum="2")
    report = build(chosen, folder, embedder=fake)
    assert "model" in report.rebuilt
    assert any("甲地" in text for text in fake.embedded)
    assert load_index(chosen).manifest.model.checksum == "2"


def test_a_loaded_model_is_compared_with_the_one_of_the_index(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    index = load_index(chosen)
    index.check_model(FakeEmbedder())  # type: ignore[arg-type]
    with pytest.raises(IndexCorruptError, match="other weights") as caught:
        index.check_model(FakeEmbedder(checksum="2"))  # type: ignore[arg-type]
    assert "yinju build" in caught.value.hint


def test_another_version_of_the_program_rebuilds(
    folder: Path, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(chosen, folder)
    monkeypatch.setattr("yinju.index.build.code_fingerprint", lambda: "other")
    assert "version" in build(chosen, folder).rebuilt


# ── files that cannot be indexed ──


def test_bad_files_are_named_and_the_others_indexed(folder: Path, chosen: Settings) -> None:
    (folder / "copy.txt").write_bytes((folder / "beta.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blob.txt").write_bytes(bytes(range(256)) * 20)
    report = build(chosen, folder, folder / "missing.txt")
    assert {name for name, _ in report.skipped} == {"empty.txt", "blob.txt", "missing.txt"}
    assert report.duplicates == (("copy.txt", "beta.txt"),)
    assert names(chosen) == ["alpha.txt", "beta.txt"]
    assert json.loads(json.dumps(report.to_json()))["skipped"][0]["message"]


def test_nothing_to_index_leaves_the_old_index(folder: Path, chosen: Settings, tmp_path: Path) -> None:
    build(chosen, folder)
    before = generation(chosen)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToIndexError):
        build(chosen, empty)
    (empty / "nothing.txt").write_bytes(b"")
    with pytest.raises(NothingToIndexError, match=r"nothing\.txt"):
        build(chosen, empty)
    assert generation(chosen) == before
    assert names(chosen) == ["alpha.txt", "beta.txt"]


def test_the_index_does_not_index_itself(folder: Path, chosen: Settings) -> None:
    inside = chosen.model_copy(update={"index": folder / "index"})
    inside.index.mkdir()
    (inside.index / "README.md").write_text("about this folder")
    build(inside, folder)
    build(inside, folder)
    assert names(inside) == ["alpha.txt", "beta.txt"]
    assert (inside.index / "README.md").read_text() == "about this folder"


def test_a_failing_model_leaves_the_old_index(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    (folder / "beta.txt").write_text("辛地有橋3座。", encoding="utf-8")
    fake = FakeEmbedder()

    def fail() -> None:
        raise ModelError("The model is gone.", "Get another.")

    fake.before_embedding = fail
    with pytest.raises(ModelError):
        build(chosen, folder, embedder=fake)
    assert any("丁地" in passage.text for passage in load_index(chosen).passages)


def test_a_full_disk_leaves_the_old_index(folder: Path, chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(chosen, folder / "alpha.txt")
    with monkeypatch.context() as patched:
        full = OSError(errno.ENOSPC, "No space left on device")
        patched.setattr("yinju.index.build.save_store", lambda *_: (_ for _ in ()).throw(full))
        with pytest.raises(YinjuError, match="No space left") as caught:
            build(chosen, folder)
    assert "--index" in caught.value.hint
    assert names(chosen) == ["alpha.txt"]
    assert {path.name for path in chosen.index.iterdir()} == {CURRENT, ".lock", generation(chosen).name}


# ── indexes that are refused ──


def test_no_index_is_missing_not_corrupt(chosen: Settings) -> None:
    for _ in range(2):
        with pytest.raises(IndexMissingError) as caught:
            load_index(chosen)
        assert "yinju build" in caught.value.hint
        chosen.index.mkdir(exist_ok=True)


def files_of_an_index() -> list[str]:
    bm25 = ["data.csc.index.npy", "indices.csc.index.npy", "indptr.csc.index.npy", "params.index.json"]
    store = ["default__vector_store.json", "docstore.json", "index_store.json"]
    return [
        "manifest.json", "documents.jsonl", "passages.jsonl", "figures.jsonl", "figure_vectors.npy",
        *(f"bm25/{name}" for name in bm25), "bm25/vocab.index.json", *(f"llama_index/{name}" for name in store),
    ]  # fmt: skip


def test_a_changed_byte_or_missing_file_is_refused_and_mended(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    assert {p.relative_to(generation(chosen)).as_posix() for p in generation(chosen).rglob("*.*")} >= set(
        files_of_an_index()
    )
    for path in [path for path in generation(chosen).rglob("*") if path.is_file()]:
        content = path.read_bytes()
        spoilt = bytearray(content)
        spoilt[len(spoilt) // 2] ^= 1
        for damage in (bytes(spoilt), content[:-1], b""):
            path.write_bytes(damage)
            with pytest.raises(IndexCorruptError) as caught:
                load_index(chosen)
            assert "yinju build" in caught.value.hint
        path.unlink()
        with pytest.raises(IndexCorruptError, match=path.name):
            load_index(chosen)
        path.write_bytes(content)
    (generation(chosen) / "documents.jsonl").write_bytes(b"{}")
    report = build(chosen, folder)
    assert "damaged" in report.rebuilt
    assert names(chosen) == ["alpha.txt", "beta.txt"]


@pytest.mark.parametrize("pointer", ["", "v-000009-0123456789abcdef", "../../etc", "/etc", "\x00", "é" * 5])
def test_a_wrong_pointer_is_refused(folder: Path, chosen: Settings, pointer: str) -> None:
    build(chosen, folder)
    (chosen.index / CURRENT).write_text(pointer, encoding="utf-8")
    with pytest.raises(IndexCorruptError):
        load_index(chosen)
    build(chosen, folder)
    assert names(chosen) == ["alpha.txt", "beta.txt"]


def test_a_foreign_folder_is_refused_and_not_touched(folder: Path, chosen: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "photos").mkdir(parents=True)
    (home / "thesis.txt").write_text("years of work")
    (home / "README.md").write_text("mine")
    before = sorted(home.rglob("*"))
    with pytest.raises(IndexCorruptError, match="is not an index") as caught:
        build(chosen.model_copy(update={"index": home}), folder)
    assert "--index" in caught.value.hint
    assert sorted(home.rglob("*")) == before
    with pytest.raises(IndexCorruptError):
        build(chosen.model_copy(update={"index": home / "thesis.txt"}), folder)
    assert (home / "thesis.txt").read_text() == "years of work"


def test_pickled_arrays_are_never_loaded(folder: Path, chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Payload:
        def __reduce__(self) -> tuple[Any, ...]:
            return (pytest.fail, ("a pickle was loaded",))

    held = np.empty(1, object)
    held[0] = Payload()
    path = folder.parent / "pickled.npy"
    np.save(path, held, allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        read_array(path.read_bytes())
    build(chosen, folder)
    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, lambda *_, **__: pytest.fail("a pickle was loaded"))
    assert names(chosen) == ["alpha.txt", "beta.txt"]


# ── killed and simultaneous builds ──


class Crash(BaseException):
    """Ends a build the way a kill would: nothing catches it."""


def test_a_crash_at_any_step_leaves_the_old_index_or_the_new(
    folder: Path, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step by which a build changes the disk is made the last one, in turn."""
    build(chosen, folder / "alpha.txt")
    steps = [(os, "fsync"), (os, "open"), (Path, "write_bytes"), (Path, "write_text"), (Path, "rename"),
             (Path, "replace"), (Path, "unlink"), (index_package.storage.shutil, "rmtree")]  # type: ignore[attr-defined]  # fmt: skip
    outcomes, last, survived = set(), 0, False
    while not survived:
        last += 1
        with monkeypatch.context() as patched:
            count = 0

            def counted(real: Callable[..., Any]) -> Callable[..., Any]:
                def step(*args: Any, **kwargs: Any) -> Any:
                    nonlocal count
                    count += 1
                    if count >= last:  # noqa: B023  # used within this round only
                        raise Crash
                    return real(*args, **kwargs)

                return step

            for owner, name in steps:
                patched.setattr(owner, name, counted(getattr(owner, name)))
            try:
                build(chosen, folder)
                survived = True
            except Crash:
                pass
        held = names(chosen)
        assert held in (["alpha.txt"], ["alpha.txt", "beta.txt"])
        outcomes.add(len(held))
        if len(held) == 2 and not survived:
            build(chosen, folder / "alpha.txt")
    assert outcomes == {1, 2}
    assert last > 20
    left = {path.name for path in chosen.index.iterdir()}
    assert left == {CURRENT, ".lock", generation(chosen).name}


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
import llama_index.core, llama_index.vector_stores.faiss, bm25s
from test_index import FakeEmbedder, names
from yinju.config import Settings
from yinju.index import build_index

root = Path(sys.argv[2])
chosen = Settings(index=root / "index")
sources = [root / "sources" / "alpha.txt", root / "sources" / "beta.txt"]

def build_for_ever():
    while True:
        for some in (sources, sources[:1]):
            build_index(some, chosen, embedder=FakeEmbedder())

def span_of_one_build():
    started = time.perf_counter()
    child = os.fork()
    if not child:
        build_index(sources, chosen, embedder=FakeEmbedder())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return time.perf_counter() - started

longest = 2 * span_of_one_build()
seen = []
while len(seen) < int(sys.argv[3]) or (len(set(seen)) < 2 and len(seen) < 20 * int(sys.argv[3])):
    moment = len(seen)
    child = os.fork()
    if not child:
        build_for_ever()
    time.sleep(random.Random(moment).uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen.append(len(names(chosen)))
child = os.fork()
if not child:
    build_index(sources, chosen, embedder=FakeEmbedder())
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert len(names(chosen)) == 2
print(sorted(set(seen)), len(list((root / "index").iterdir())))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_kill_minus_9_at_random_moments(folder: Path, chosen: Settings) -> None:
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(folder.parent), "8"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "[1, 2] 3"  # both were seen; CURRENT, the lock and one generation are left
    assert names(chosen) == ["alpha.txt", "beta.txt"]


def test_two_builds_at_once_one_after_the_other(folder: Path, chosen: Settings) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()
    embedding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        embedding.set()
        assert go_on.wait(30)

    first.before_embedding = hold
    told: list[str] = []

    def tell(stage: str, done: int = 0, total: int | None = None) -> None:
        told.append(stage)
        if "another build" in stage:
            go_on.set()

    builds = [
        threading.Thread(target=build, args=(chosen, folder / "alpha.txt"), kwargs={"embedder": first}),
        threading.Thread(target=build, args=(chosen, folder), kwargs={"embedder": second, "progress": tell}),
    ]
    builds[0].start()
    assert embedding.wait(30)
    builds[1].start()
    for thread in builds:
        thread.join(60)
    assert "another build" in told[0]
    assert not any("甲地" in text for text in second.embedded)
    assert names(chosen) == ["alpha.txt", "beta.txt"]


def test_readers_never_fail_while_builds_go_on(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    done = threading.Event()

    def build_on() -> None:
        for _ in range(6):
            build(chosen, folder / "alpha.txt")
            build(chosen, folder)
        done.set()

    builder = threading.Thread(target=build_on)
    builder.start()
    n_loaded = 0
    while not done.is_set():
        assert names(chosen) in (["alpha.txt"], ["alpha.txt", "beta.txt"])
        n_loaded += 1
    builder.join(60)
    assert n_loaded > 3


def test_a_loaded_index_outlives_its_files(folder: Path, chosen: Settings) -> None:
    build(chosen, folder)
    index = load_index(chosen)
    before = index.search_lexical(words("企業"), 3)
    build(chosen, folder / "alpha.txt")
    assert index.search_lexical(words("企業"), 3) == before
    assert "丁地" in index.passages[index.search_dense(FakeEmbedder().queries(["丁"])[0], 1)[0][0]].text


# ── against brute force ──


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 40), top_k=st.integers(1, 50))
@settings(deadline=None, max_examples=40)
def test_faiss_agrees_with_brute_force(seed: int, n: int, top_k: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n + 1, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = DenseIndex.build(vectors[:-1]).search(vectors[-1], top_k)
    cosines = vectors[:-1] @ vectors[-1]
    expected = np.argsort(-cosines, kind="stable")[:top_k]
    assert [position for position, _ in found] == expected.tolist()
    np.testing.assert_allclose([cosine for _, cosine in found], cosines[expected], atol=1e-6)


@given(st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1, max_size=9), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_bm25_agrees_with_the_formula(texts: list[list[str]]) -> None:
    """Robertson and Zaragoza (2009), with Lucene's idf and without its constant factor k1 + 1."""
    scores = LexicalIndex.build(texts).scores(["甲", "丙", "甲", "己"])
    mean = sum(map(len, texts)) / len(texts)
    for text, score in zip(texts, scores, strict=True):
        expected = 0.0
        for word in ("甲", "丙", "甲"):
            n_with = sum(word in other for other in texts)
            idf = math.log(1 + (len(texts) - n_with + 0.5) / (n_with + 0.5))
            n_here = text.count(word)
            expected += idf * n_here / (n_here + _K1 * (1 - _B + _B * len(text) / mean))
        assert score == pytest.approx(expected, rel=1e-4, abs=1e-5)


@given(st.lists(st.text("甲乙丙丁戊己庚辛壬癸,。1234億元%", min_size=2, max_size=60), min_size=1, max_size=4))
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saved_and_loaded_searches_are_the_same(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    root = tmp_path_factory.mktemp("property")
    for number, text in enumerate(texts):
        (root / f"{number}.txt").write_text(text, encoding="utf-8")
    chosen = Settings(index=root / "index")
    try:
        build(chosen, *sorted(root.glob("*.txt")))
    except NothingToIndexError:
        return
    index = load_index(chosen)
    passages = [search_text(passage) for passage in index.passages]
    fake = FakeEmbedder()
    dense, lexical = DenseIndex.build(fake.passages(passages)), LexicalIndex.build([words(text) for text in passages])
    for text in texts:
        assert index.search_dense(fake.queries([text])[0], 5) == dense.search(fake.queries([text])[0], 5)
        assert index.search_lexical(words(text), 5) == lexical.search(words(text), 5)
    assert [figure.id for figure in load_index(chosen).ledger] == [figure.id for figure in index.ledger]


# ── with the real model ──


@pytest.mark.slow
def test_the_seed_with_the_real_model(tmp_path: Path) -> None:
    from yinju.embed import load_embedder

    cache = Path(os.environ["YINJU_CACHE_DIR"]) if "YINJU_CACHE_DIR" in os.environ else tmp_path / "cache"
    chosen = Settings(index=tmp_path / "index", cache_dir=cache, threads=1)
    seed = Path(__file__).parents[1] / "seeds" / "nanshan.txt"
    report = build_index([seed], chosen)
    assert (report.n_documents, report.n_repairs) == (1, 2)
    index: Index = load_index(chosen)
    embedder = load_embedder(chosen)
    assert index.manifest.model.checksum == embedder.checksum
    target = index.passages[7]
    assert index.search_dense(embedder.passages([search_text(target)])[0], 1)[0][0] == 7
    retrieved = index.as_llama_index(embedder).as_retriever(similarity_top_k=3).retrieve(target.text)
    assert target.id in {node.node.node_id for node in retrieved}
