from __future__ import annotations

import json
import random
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth import LINEAR, growth
from yinju.likelihood import likelihood
from yinju.repair import FILLER, LOST, apply_repairs, find_repairs

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SEED = (ROOT / "seeds" / "nanshan.txt").read_text(encoding="utf-8")

SIMPLIFIED = [
    "坚持以科技创新引领产业创新，加快培育新能源汽车、生物医药、高端装备等战略性新兴产业集群。",
    "学校组织学生到博物馆参观古代青铜器展览，老师讲解了每一件文物的来历和制作工艺。",
    "医院门诊大楼昨天正式启用，市民可以通过手机预约挂号，排队时间明显缩短了。",
    "由于连续降雨，河流水位上涨，当地政府组织群众及时转移，没有造成人员伤亡。",
    "图书馆新增了阅览座位，并且延长了开放时间，受到广大读者的欢迎和好评。",
    "这家公司去年的销售收入大幅增长，主要原因是海外市场的需求持续扩大。",
]


def misread(raw: bytes, codec: str, mark: str) -> str:
    """Decode like a converter that steps over a pair it does not know, writing ``mark`` for it."""
    read, at = [], 0
    while at < len(raw):
        pair = raw[at : at + 2]
        if pair[0] < 0x80:
            read.append(chr(pair[0]))
            at += 1
        elif len(pair) < 2 or pair[1] < 0x40:
            read.append(mark)
            at += 1
        else:
            read.append(pair.decode(codec, "ignore") or mark)
            at += 2
    return "".join(read)


def damage(text: str, byte: int, codec: str, mark: str = "") -> str:
    raw = text.encode(codec)
    return misread(raw[:byte] + raw[byte + 1 :], codec, mark)


def n_equal(one: str, other: str) -> int:
    """Length of the common beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def shared_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(SHARED.rglob("*.txt")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((SHARED / "reading").glob("*.json")):
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                yield path.name, paragraph["context"]


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")


# ── the seed ────────────────────────────────────────────────────────────────────────────────


def test_the_seed_has_two_damaged_runs_and_they_read_right() -> None:
    repairs = find_repairs(SEED)

    assert [repair.span.of(SEED) for repair in repairs] == ["?!薄I钲谝詣撔买寗拥陌l", "?;谧匝写竽P?"]
    assert [repair.codec for repair in repairs] == ["gbk", "gbk"]
    assert repairs[0].text.replace(FILLER, "") == f"{LOST}”。深圳以創新驅動的發"
    assert "自研大模" in repairs[1].text


def test_the_repaired_seed_can_be_searched_and_keeps_its_offsets() -> None:
    readable = apply_repairs(SEED, find_repairs(SEED))

    assert len(readable) == len(SEED)
    assert "深圳以創新驅動的發展模式,以南山為原點" in readable
    end = SEED.index("展模式,以南山為原點")
    assert readable[end:].startswith("展模式,以南山為原點")
    assert sum(a != b for a, b in zip(SEED, readable, strict=True)) <= 21


# ── clean text stays as it is ───────────────────────────────────────────────────────────────


@needs_shared
def test_no_clean_text_is_repaired() -> None:
    n_texts = 0
    for name, text in shared_texts():
        n_texts += 1
        assert find_repairs(text) == (), f"{name} was 'repaired'"
    assert n_texts > 5000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "plain ASCII only, nothing else?",
        "これは日本語の文章です。ファーストリテイリングとストーリーについて。",
        "Съешь ещё этих мягких французских булок, да выпей чаю.",
        "Η ταχύτητα του φωτός στο κενό είναι σταθερή.",
        "鹌鹑、蚯蚓、蟾蜍、蝙蝠、鸬鹚、麒麟、貔貅、饕餮、魑魅魍魉、耄耋、龃龉、踟蹰。",
        "饕餮紋、夔龍紋、蟠螭紋,以及瓿、罍、斝、觥、盉等器形。",
        "√2≈1.414，α、β、γ，①②③，┌─┐│└┘",
        "? ? ? ！！！？？？ 。。。",
        "\U0001f600\U00020000字\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    ],
)
def test_rare_and_foreign_characters_are_not_damage(text: str) -> None:
    assert find_repairs(text) == ()


# ── made damage ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mark", ["", "?", "\ufffd"])
@pytest.mark.parametrize("text", SIMPLIFIED)
def test_a_byte_lost_from_gbk_is_found_and_most_of_the_run_comes_back(text: str, mark: str) -> None:
    broken = damage(text, 10, "gbk", mark)
    assert text[8:16] not in broken

    repairs = find_repairs(broken)
    readable = apply_repairs(broken, repairs)

    assert [repair.codec for repair in repairs] == ["gbk"]
    blocks = SequenceMatcher(None, text[8:], readable[5:], autojunk=False).get_matching_blocks()
    assert sum(block.size for block in blocks) >= 0.45 * len(text[8:])


def test_letters_folded_to_half_width_after_the_damage_are_read_as_bytes() -> None:
    text = "今年以来，全市深入推进国有企业改革，不断完善现代企业制度。"
    broken = damage(text, 16, "gbk").translate({0xFF01 + i: 0x21 + i for i in range(94)})

    readable = apply_repairs(broken, find_repairs(broken))

    assert "业改革" in readable


def traditional_lines(n_lines: int) -> list[str]:
    path = SHARED / "reading" / "drcd_dev.json"
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]][:n_lines]


def simplified_lines(n_lines: int) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "reports").glob("*.txt"))[:4]]
    return [line for text in texts for line in text.splitlines() if len(line) > 30][:n_lines]


@needs_shared
@pytest.mark.parametrize(("codec", "simplified"), [("gbk", True), ("gbk", False), ("big5", False)])
@pytest.mark.parametrize("mark", ["", "?"])
def test_a_good_share_of_made_damage_is_found(codec: str, simplified: bool, mark: str) -> None:
    choose = random.Random(7)
    lines = simplified_lines(100) if simplified else traditional_lines(1000 if codec == "big5" else 150)
    n_damaged = n_found = 0
    for line in lines:
        try:
            n_bytes = len(line.encode(codec))
        except UnicodeEncodeError:
            continue
        broken = damage(line, choose.randrange(n_bytes // 2), codec, mark)
        before = n_equal(line, broken)
        after = n_equal(line[:before:-1], broken[:before:-1])
        if len(broken) - before - after < 8:  # back in step at once: too little is damaged to be told from noise
            continue
        n_damaged += 1
        repairs = find_repairs(broken)
        n_found += any(repair.span.start <= before + 6 for repair in repairs)
        assert all(repair.span.end >= before for repair in repairs), "a run was found before the damage"
    assert n_damaged >= 15
    assert n_found >= 0.7 * n_damaged


# ── form ────────────────────────────────────────────────────────────────────────────────────


@given(st.text(st.characters(codec="utf-8")) | st.binary().map(lambda raw: misread(raw, "gb18030", "?")))
def test_repairs_keep_length_and_order_whatever_the_text(text: str) -> None:
    repairs = find_repairs(text)

    assert len(apply_repairs(text, repairs)) == len(text)
    for before, after in pairwise(repairs):
        assert before.span.end <= after.span.start


def test_damage_is_found_far_into_a_long_text_at_the_right_offset() -> None:
    clean = "".join(SIMPLIFIED) + "\n"
    broken = damage(SIMPLIFIED[0], 10, "gbk")
    text = clean * 6000 + broken

    repairs = find_repairs(text)

    assert len(repairs) == 1
    assert repairs[0].span.start >= len(clean) * 6000


def test_time_is_linear_in_the_length_of_clean_text() -> None:
    text = ("".join(SIMPLIFIED) + "\n") * 4000
    assert find_repairs(text) == ()
    assert growth(lambda n: find_repairs(text[:n]), len(text) // 4) < LINEAR


def test_sense_is_likelier_than_nonsense() -> None:
    assert likelihood(SIMPLIFIED[0]) > likelihood(damage(SIMPLIFIED[0], 0, "gbk")) + 1
    assert likelihood("") == 0.0
