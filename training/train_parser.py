"""Train the question parser: the reader's first layers, tagging a question's operands and naming its operation.

    python training/train_parser.py --encoder FOLDER --reader build/reader/checkpoint.pt --out build/parser

Data: ``training/questions/operations*.jsonl``, written for this, and some questions of ``passages.jsonl`` and
``figures.jsonl``, none of which wants arithmetic. One question in eight is kept out, to say how good it is. (With more
of those, or with those of ``reports.jsonl``, which alone name real provinces, the parser takes questions for lookups
by their style.)
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from yinju.figures.operations import find_operation
from yinju.figures.parser import LIST_OPERATIONS, OPERATIONS, TAGS, decode
from yinju.text import fold, to_language

FOLDER = Path(__file__).parent / "questions"
BATCH = 16
ANNOTATED = ["operations.jsonl", "operations_2.jsonl", "operations_3.jsonl"]
HELD_OUT = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its operation and the tag of each character."""

    question: str
    operation: str
    tags: tuple[int, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the converted bundled model")
    parser.add_argument("--reader", type=Path, required=True, help="checkpoint or weights of the reader to start from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that learn nothing more")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument(
        "--lookups", type=float, default=0.15, help="plain questions in an epoch for each annotated one"
    )
    parser.add_argument("--questions", nargs="+", default=ANNOTATED, help="files of questions/")
    parser.add_argument("--start", type=Path, help="go on from a parser's checkpoint instead")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    rng = random.Random(0)
    rows, lookups = arithmetic(arguments.questions), plain()
    rng.shuffle(rows)
    rng.shuffle(lookups)
    n = len(rows) // HELD_OUT
    held, rows = rows[:n] + lookups[: n // 2], rows[n:]
    lookups = lookups[n // 2 :]
    say(f"{len(rows)} with arithmetic or like it, {len(lookups)} without; {len(held)} kept out")
    tokenizer, model = load(arguments)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start, weights_only=True))
    train(model, tokenizer, rows, lookups, arguments, rng)
    report(model, tokenizer, held)
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), arguments.out / "checkpoint.pt")


def arithmetic(names: list[str]) -> list[Row]:
    """Return the annotated questions, which want arithmetic or look like it."""
    rows = []
    for line in (line for name in names for line in (FOLDER / name).open(encoding="utf-8")):
        given = json.loads(line)
        question = given["q"]
        tags = [TAGS.index("out")] * len(question)
        listed = given["op"] in LIST_OPERATIONS
        for place, piece in enumerate(given["items"]):
            start = question.find(piece)
            inside = TAGS.index("item") if listed else TAGS.index("first") + place
            tags[start : start + len(piece)] = [inside] * len(piece)
            if listed:
                tags[start] = TAGS.index("begin")
        for piece in given["shared"]:
            start = question.find(piece)
            tags[start : start + len(piece)] = [TAGS.index("shared")] * len(piece)
        rows.append(Row(question, given["op"], tuple(tags)))
    return rows


def plain() -> list[Row]:
    """Return the questions of the reader, which want no arithmetic."""
    asked = []
    for name in ("passages.jsonl", "figures.jsonl"):
        for line in (FOLDER / name).open(encoding="utf-8"):
            asked += [item["q"] for item in json.loads(line)["questions"]]
    return [Row(question, "lookup", (TAGS.index("out"),) * len(question)) for question in dict.fromkeys(asked)]


class Parser(torch.nn.Module):
    """The first layers of an encoder, an operation from the first token and a tag for each token."""

    def __init__(self, encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.operation = torch.nn.Linear(encoder.config.hidden_size, len(OPERATIONS))
        self.tags = torch.nn.Linear(encoder.config.hidden_size, len(TAGS))

    def forward(self, input_ids, attention_mask):
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return self.operation(states[:, 0]), self.tags(states)


def load(arguments):
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(arguments.encoder)
    encoder = AutoModel.from_pretrained(
        arguments.encoder, dtype=torch.float32, attn_implementation="sdpa", add_pooling_layer=False
    )
    encoder.load_state_dict(reader_state(arguments.reader), strict=False)
    encoder.encoder.layer = encoder.encoder.layer[: arguments.layers]
    encoder.config.num_hidden_layers = arguments.layers
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.1 if arguments.epochs > 4 else 0.0
    encoder.embeddings.requires_grad_(False)
    encoder.encoder.layer[: arguments.frozen].requires_grad_(False)
    return tokenizer, Parser(encoder)


def reader_state(path: Path) -> dict:
    """Return the encoder's part of a reader: of a checkpoint, or of weights as installed."""
    if path.suffix == ".pt":
        state = torch.load(path, weights_only=True)
        return {name.removeprefix("encoder."): part for name, part in state.items() if name.startswith("encoder.")}
    return {name: part.float() for name, part in load_file(path).items() if "head." not in name}


def encode(tokenizer, row: Row):
    encoded = tokenizer(row.question, return_offsets_mapping=True, truncation=True, max_length=96)
    tags = []
    for start, end in encoded["offset_mapping"]:
        inside = row.tags[start:end]
        # A token may begin with the white space before it.
        tags.append(max(set(inside), key=inside.count) if inside else -100)
    for place, (start, end) in enumerate(encoded["offset_mapping"]):
        if TAGS.index("begin") in row.tags[start:end]:
            tags[place] = TAGS.index("begin")
    return encoded["input_ids"], OPERATIONS.index(row.operation), tags


def varied(row: Row, rng: random.Random) -> Row:
    """Return the question in a script drawn by chance, where that leaves the places as they are."""
    kind = rng.random()
    if kind < 0.45:
        return row
    text = to_language(row.question, "zh-Hant" if kind < 0.7 else "zh-Hans")
    if rng.random() < 0.1:
        text = text.rstrip("?？")
    return (
        Row(text, row.operation, row.tags[: len(text)])
        if len(text) in {len(row.question), len(row.question) - 1}
        else row
    )


def train(model, tokenizer, rows, lookups, arguments, rng) -> None:
    heads = [*model.operation.parameters(), *model.tags.parameters()]
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [{"params": body, "peak": arguments.rate}, {"params": heads, "peak": 5 * arguments.rate}]
    optimizer = torch.optim.AdamW(groups, fused=True)
    n_lookups = min(len(lookups), int(len(rows) * arguments.lookups))
    n_steps = arguments.epochs * ((len(rows) + n_lookups) // BATCH)
    step, begin, running = 0, time.time(), 0.0
    for epoch in range(arguments.epochs):
        model.train()
        drawn = rows + rng.sample(lookups, n_lookups)
        rng.shuffle(drawn)
        encoded = [encode(tokenizer, varied(row, rng)) for row in drawn]
        for at in range(0, len(encoded) - BATCH + 1, BATCH):
            group = encoded[at : at + BATCH]
            done = step / n_steps
            for parameters in optimizer.param_groups:
                parameters["lr"] = parameters["peak"] * min(1.0, done / 0.06 + 0.01) * max(0.0, 1 - done)
            width = max(len(ids) for ids, _, _ in group)
            ids = torch.full((BATCH, width), tokenizer.pad_token_id)
            mask = torch.zeros((BATCH, width), dtype=torch.long)
            tags = torch.full((BATCH, width), -100)
            for i, (tokens, _, marks) in enumerate(group):
                ids[i, : len(tokens)], mask[i, : len(tokens)] = torch.tensor(tokens), 1
                tags[i, : len(marks)] = torch.tensor(marks)
            operations, marked = model(ids, mask)
            wanted = torch.tensor([operation for _, operation, _ in group])
            loss = torch.nn.functional.cross_entropy(operations, wanted, label_smoothing=0.05)
            loss = loss + torch.nn.functional.cross_entropy(marked.flatten(0, 1), tags.flatten(), ignore_index=-100)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            optimizer.step()
            step, running = step + 1, 0.98 * running + 0.02 * loss.item()
            if step % 100 == 0:
                say(f"step {step} of {n_steps}: loss {running / (1 - 0.98**step):.3f}, {time.time() - begin:.0f} s")
        say(f"epoch {epoch + 1}: loss {running / (1 - 0.98**step):.3f}, {time.time() - begin:.0f} s")


@torch.inference_mode()
def report(model, tokenizer, held: list[Row]) -> None:
    """Print how many of the questions kept out are read right: operation, and operands besides."""
    model.eval()
    n_operation = n_whole = n_rules = n_false = n_plain = 0
    for row in held:
        encoded = tokenizer(row.question, return_offsets_mapping=True)
        operations, tags = model(
            torch.tensor([encoded["input_ids"]]), torch.ones(1, len(encoded["input_ids"]), dtype=torch.long)
        )
        read = decode(row.question, encoded["offset_mapping"], operations[0].softmax(-1), tags[0])
        gold = pieces(row)
        right = read.operation == row.operation
        n_operation += right
        n_whole += right and read.items == gold
        n_rules += str(find_operation(fold(row.question))[0]) == row.operation
        n_plain += row.operation == "lookup"
        n_false += row.operation == "lookup" and not right
        if not (right and read.items == gold):
            say(f"  {row.question} | {row.operation} {gold} | {read.operation} {read.probability:.2f} {read.items}")
    n = len(held)
    say(f"operation {n_operation / n:.1%}, with operands {n_whole / n:.1%}; by rules {n_rules / n:.1%}")
    say(f"arithmetic seen in {n_false} of {n_plain} questions without any")


def pieces(row: Row) -> tuple[str, ...]:
    """Return the operands of an annotated question."""
    marks = torch.nn.functional.one_hot(torch.tensor(row.tags), len(TAGS)).float()
    probabilities = torch.nn.functional.one_hot(torch.tensor(OPERATIONS.index(row.operation)), len(OPERATIONS)).float()
    return decode(row.question, [(i, i + 1) for i in range(len(row.question))], probabilities, marks).items


def say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
