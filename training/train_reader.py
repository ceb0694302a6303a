"""Train the reader: the bundled encoder with two span heads, on CMRC 2018, DRCD and the project's own questions.

    python training/train_reader.py --data ../shared/data/reading --minutes 90 --out build/reader

The word embeddings stay frozen (they are shared with the embedder). A context that does not answer points to the
first token, as in SQuAD 2.0 (Devlin et al. 2018). The sets mark answers each in its own manner (CMRC whole phrases),
the project bare names and figures with their units: so there is a head for each, and an example teaches them by its
weights. Sums are done in bfloat16 where the processor has it (1.6 times as fast), weights are kept in float32. The
learning rate is held for a share of the time given and then falls linearly to zero, so that a run uses the time there
is; the model card records the number of steps. Checkpoints are written every few minutes and ``--start`` goes on from
one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import rjieba
import torch
from examples import Example, Pool, crop, hard_negatives, load, split_drcd_dev, vary
from own import own_questions
from safetensors.torch import load_file

from yinju.bench import exact_match, f1
from yinju.text import language_of, to_language
from yinju.told import CHARS_OF_LATIN

MAX_TOKENS = 256
MAX_QUESTION_TOKENS = 48
MAX_CONTEXT_CHARS = 300
BATCH = 8
PEAK_RATE = 1.5e-4
HEAD_RATE = 1e-3
WARM_UP = 0.04
OF_CMRC, OF_DRCD = (0.25, 1.0), (0.5, 1.0)
"""How much the own head and the sets' head learn from each set."""
OLD_SHARE = 0.25
"""Of the older questions of our own, which earlier stages learned: how many are in an epoch."""
NEGATIVE_SHARE = 0.18
OTHER_SHARE = 0.6
"""Of the questions without an answer: how many are put to another passage that comes near."""
WITHOUT_ANSWER_SHARE = 0.05
OTHER_NAMES: dict[str, list[str]] = {"nr": [], "ns": [], "nt": [], "nz": []}
"""Names in the questions, by the part-of-speech tag of jieba."""
NEAR_MISS_SHARE = 0.5
"""Of the questions that name a year or a number: how many are asked with another one, and so have no answer."""
NEAR_NAME_SHARE = 0.3
"""Of the other questions that name a person, place or organisation: the same, with another name of that kind."""


def main() -> None:
    arguments = _arguments()
    torch.manual_seed(arguments.seed)
    torch.set_flush_denormal(True)
    rng = random.Random(arguments.seed)
    tokenizer, model = load_model(arguments.encoder)
    if arguments.start:
        start_from(model, arguments.start)
    for layer in model.encoder.encoder.layer[: arguments.frozen]:
        layer.requires_grad_(False)
    cmrc = load(arguments.data / "cmrc2018_train.json", OF_CMRC)
    drcd = load(arguments.data / "drcd_train_subset.json", OF_DRCD)
    drcd_dev, held_out = split_drcd_dev(arguments.data / "drcd_dev.json", OF_DRCD)
    trial = load(arguments.data / "cmrc2018_trial.json")
    collect_names([*cmrc, *drcd, *drcd_dev])
    pool: Pool = []
    for part in (cmrc, drcd + drcd_dev):
        pool += list(zip(part, hard_negatives(part), strict=True))
    own = own_questions(arguments.data) if arguments.own else ([], [])
    n_own = f"{len(own[0])} + {len(own[1])}"
    say(f"{len(pool)} + {n_own} questions for training; held out: {len(held_out)} DRCD, {len(trial)} CMRC trial")
    train(model, tokenizer, (pool, own), held_out, trial, arguments, rng)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the converted bundled model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--start", type=Path, help="go on from a checkpoint (.pt) or from installed weights")
    parser.add_argument("--own", type=float, default=0.0, help="share of the project's own questions, below 1")
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers of the encoder that learn nothing more")
    parser.add_argument("--hold", type=float, default=0.0, help="share of the time before the rate begins to fall")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the examples")
    return parser.parse_args()


def say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16; one that has to imitate it is fifty times as slow."""
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


class Reader(torch.nn.Module):
    """The encoder and two heads, each with two scores a token: answer starts here, answer ends here."""

    def __init__(self, encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Linear(encoder.config.hidden_size, 2)
        self.sets_head = torch.nn.Linear(encoder.config.hidden_size, 2)

    def forward(self, input_ids, attention_mask):
        """Return the scores (heads, 2, examples, tokens), the project's own head first."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training and has_bfloat16()):
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        states = states.float()
        return torch.stack([self.head(states), self.sets_head(states)]).permute(0, 3, 1, 2)


def load_model(folder: Path):
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa", add_pooling_layer=False
    )
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return tokenizer, Reader(encoder)


def start_from(model: Reader, path: Path) -> None:
    """Go on from a checkpoint, or from weights as installed, which lack the word embeddings."""
    if path.suffix == ".pt":
        model.load_state_dict(torch.load(path, weights_only=True))
        return
    state = {name: tensor.float() for name, tensor in load_file(path).items()}
    state = {name if "head." in name else f"encoder.{name}": tensor for name, tensor in state.items()}
    for part in ("weight", "bias"):  # weights from before there were two heads
        state.setdefault(f"sets_head.{part}", state[f"head.{part}"])
    outcome = model.load_state_dict(state, strict=False)
    if outcome.unexpected_keys or any("layer." in name or "head" in name for name in outcome.missing_keys):
        raise SystemExit(f"{path} does not fit the encoder.")


def encode(tokenizer, example: Example):
    """Return (token ids, start token, end token, mask of context tokens); (0, 0) when not answerable."""
    question = tokenizer(example.question, add_special_tokens=False)["input_ids"][:MAX_QUESTION_TOKENS]
    room = MAX_TOKENS - len(question) - 4
    context = tokenizer(example.context, add_special_tokens=False, return_offsets_mapping=True)
    ids, offsets = context["input_ids"][:room], context["offset_mapping"][:room]
    bos, eos = tokenizer.bos_token_id or tokenizer.cls_token_id, tokenizer.eos_token_id or tokenizer.sep_token_id
    first = len(question) + 3
    tokens = [bos, *question, eos, eos, *ids, eos]
    start = end = 0
    if example.start >= 0:
        inside = [i for i, (a, b) in enumerate(offsets) if a < example.end and b > example.start and b > a]
        if not inside:
            return None
        start, end = first + inside[0], first + inside[-1]
    return tokens, start, end, (first, first + len(ids)), offsets, example.weights


def batches(pool: Pool, owned: tuple[Pool, Pool], share: float, tokenizer, rng: random.Random):
    """Yield batches for ever, each of examples of like length; own questions make the given share of them.

    All the newer of them are in an epoch, and some of the older.
    """
    new, old = owned
    while True:
        own = new + rng.sample(old, round(OLD_SHARE * len(old)))
        n_others = round(len(own) * (1 - share) / share) if own else len(pool)
        epoch = rng.sample(pool, min(len(pool), n_others)) + own
        rng.shuffle(epoch)
        for begin in range(0, len(epoch) - BATCH * 8, BATCH * 8):
            encoded = [row for pair in epoch[begin : begin + BATCH * 8] if (row := encode(tokenizer, draw(*pair, rng)))]
            encoded.sort(key=lambda row: len(row[0]))
            groups = [encoded[j : j + BATCH] for j in range(0, len(encoded), BATCH)]
            rng.shuffle(groups)
            yield from groups


def draw(example: Example, negatives: list[Example], rng: random.Random) -> Example:
    if negatives and rng.random() < (NEGATIVE_SHARE if example.start >= 0 else OTHER_SHARE):
        example = rng.choice(negatives)
    elif rng.random() < WITHOUT_ANSWER_SHARE:
        example = without_answer(example)
    elif rng.random() < NEAR_MISS_SHARE:
        example = near_miss(example, rng)
    elif rng.random() < NEAR_NAME_SHARE:
        example = near_name(example, rng)
    return crop(vary(example, rng), _room(example.context, rng), rng)


def _room(context: str, rng: random.Random) -> int:
    """Choose to how many characters a context is cropped: a table is left whole, a Latin text has longer words."""
    if is_table(context):
        return len(context)
    latin = sum(char.isascii() for char in context) > len(context) / 2
    return rng.randint(120, MAX_CONTEXT_CHARS) * (CHARS_OF_LATIN if latin else 1)


def is_table(context: str) -> bool:
    """Tell whether a context holds a table, as Markdown or with cells between tabs or commas."""
    lines = context.splitlines()
    in_cells = sum(line.count("\t") > 1 or line.count(",") > 1 for line in lines)
    return "|--" in context or in_cells > max(3, len(lines) / 2)


def without_answer(example: Example) -> Example:
    """Drop the sentence that answers from the context: what is left is close, and does not say it."""
    left = max((example.context.rfind(mark, 0, example.start) for mark in "。！？"), default=-1) + 1
    rights = [r for mark in "。！？" if (r := example.context.find(mark, example.end)) >= 0]
    context = example.context[:left] + example.context[(min(rights) + 1) if rights else len(example.context) :]
    if len(context) < 40 or example.answer in context:
        return example
    return replace(example, context=context, start=-1, end=-1)


def near_miss(example: Example, rng: random.Random) -> Example:
    """Ask for another year or number than the question does; a question without one stays as it is."""
    numbers = [found for found in re.finditer(r"\d{2,4}", example.question) if found.group() in example.context]
    if not numbers:
        return example
    found = rng.choice(numbers)
    other = str(int(found.group()) + rng.choice((-11, -7, -3, -2, -1, 1, 2, 3, 5, 10)))
    if other in example.context:
        return example
    question = example.question[: found.start()] + other + example.question[found.end() :]
    return replace(example, question=question, start=-1, end=-1)


def near_name(example: Example, rng: random.Random) -> Example:
    """Ask for another person, place or organisation than the question does, one that the context does not name."""
    for word, tag in rng.sample(found := names_in(example.question), len(found)):
        other = to_language(rng.choice(OTHER_NAMES[tag]), language_of(example.question))
        if word in example.context and word not in example.answer and other not in example.context:
            return replace(example, question=example.question.replace(word, other), start=-1, end=-1)
    return example


def names_in(text: str) -> list[tuple[str, str]]:
    """Return the names in a text with their tags: persons, places, organisations, others."""
    return [(word, tag) for word, tag in rjieba.tag(text) if tag in OTHER_NAMES and len(word) > 1]


def collect_names(examples) -> None:
    """Fill the stock from which other names are taken."""
    for example in examples:
        for word, tag in names_in(example.question):
            OTHER_NAMES[tag].append(word)


def pad(rows, pad_id: int):
    width = max(len(row[0]) for row in rows)
    ids = torch.full((len(rows), width), pad_id)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    allowed = torch.zeros((len(rows), width), dtype=torch.bool)
    for i, (tokens, _, _, (first, last), _, _) in enumerate(rows):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        mask[i, : len(tokens)] = 1
        allowed[i, first:last] = True
        allowed[i, 0] = True
    return ids, mask, allowed


def train(model, tokenizer, pools, held_out, trial, arguments, rng) -> None:
    head = [*model.head.parameters(), *model.sets_head.parameters()]
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [
        {"params": body, "peak": arguments.rate},
        {"params": head, "peak": HEAD_RATE / PEAK_RATE * arguments.rate},
    ]
    parameters = body + head
    optimizer = torch.optim.AdamW(groups, lr=PEAK_RATE, weight_decay=0.01, fused=True)
    begin, saved, n_steps, n_seen, running = time.time(), time.time(), 0, 0, 0.0
    arguments.out.mkdir(parents=True, exist_ok=True)
    model.train()
    for rows in batches(*pools, arguments.own, tokenizer, rng):
        steer(arguments)
        done = (time.time() - begin) / (arguments.minutes * 60)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            fall = min(1.0, (1 - done) / (1 - arguments.hold))
            group["lr"] = group["peak"] * min(1.0, done / WARM_UP + 0.01) * fall
        ids, mask, allowed = pad(rows, tokenizer.pad_token_id)
        loss = loss_of(model(ids, mask).masked_fill(~allowed, -1e4), rows)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        n_steps, n_seen, running = n_steps + 1, n_seen + len(rows), 0.98 * running + 0.02 * loss.item()
        if n_steps % 20 == 0:
            rate = n_seen / (time.time() - begin)
            say(
                f"step {n_steps}, {n_seen} examples, {rate:.1f}/s, loss {running / (1 - 0.98**n_steps):.3f}, {done:.0%}"
            )
        if time.time() - saved > 900:
            saved = time.time()
            save(model, arguments.out, n_steps, n_seen)
            model.eval()
            drcd, cmrc = (score(model, tokenizer, part[:150]) for part in (held_out, trial))
            say(f"checkpoint: {drcd} DRCD, {cmrc} CMRC")
            model.train()
    save(model, arguments.out, n_steps, n_seen)
    model.eval()
    say(f"DRCD held out: {score(model, tokenizer, held_out)}; CMRC trial: {score(model, tokenizer, trial)}")


def loss_of(scores, rows):
    """Return the mean over heads and examples by their weights of the cross entropy of start and end."""
    total = 0.0
    for head in range(2):
        weights = torch.tensor([row[5][head] for row in rows])
        for place in range(2):
            truth = torch.tensor([row[1 + place] for row in rows])
            each = torch.nn.functional.cross_entropy(scores[head, place], truth, reduction="none")
            total = total + (each * weights).sum()
    return total / sum(sum(row[5]) for row in rows)


def steer(arguments) -> None:
    """Follow ``steer.json`` beside the checkpoint while running: ``{"threads": 1, "minutes": 80}``."""
    path = arguments.out / "steer.json"
    if path.is_file():
        wanted = json.loads(path.read_text())
        arguments.minutes = wanted.get("minutes", arguments.minutes)
        torch.set_num_threads(wanted.get("threads", torch.get_num_threads()))


def save(model, folder: Path, n_steps: int, n_seen: int) -> None:
    torch.save(model.state_dict(), folder / "checkpoint.part")
    (folder / "checkpoint.part").replace(folder / "checkpoint.pt")
    (folder / "progress.json").write_text(json.dumps({"steps": n_steps, "examples": n_seen}))


@torch.inference_mode()
def score(model, tokenizer, examples) -> str:
    """Exact match and F1 over contexts cropped at random: a quick look, `yinju bench reading` reads them whole."""
    rng, n_right, n_partly = random.Random(1), 0, 0.0
    for example in examples:
        cut = crop(example, MAX_CONTEXT_CHARS, rng)
        row = encode(tokenizer, cut)
        if row is None:
            continue
        ids, mask, allowed = pad([row], tokenizer.pad_token_id)
        allowed[:, 0] = False
        starts, ends = model(ids, mask)[1, :, 0].masked_fill(~allowed, -1e4)
        pairs = torch.triu(starts[:, None] + ends[None, :]) + torch.tril(torch.full((len(starts),) * 2, -1e5), -1)
        pairs = pairs.masked_fill(torch.triu(torch.ones_like(pairs), 40).bool(), -1e5)
        best = int(pairs.argmax())
        first, offsets = row[3][0], row[4]
        a, b = best // len(starts) - first, best % len(starts) - first
        text = cut.context[offsets[a][0] : offsets[b][1]]
        n_right += exact_match(text, cut.answer)
        n_partly += f1(text, cut.answer)
    return f"EM {100 * n_right / len(examples):.1f} F1 {100 * n_partly / len(examples):.1f} (n={len(examples)})"


if __name__ == "__main__":
    main()
