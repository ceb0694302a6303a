"""Documents, an assistant that asks a scripted model, and evidence, for the tests of LLM mode."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from small_world import RemainderEmbedder, answerer, indexed
from yinju.assistant import Assistant
from yinju.generate.evidence import Archive, Evidence
from yinju.index import Index, load_index
from yinju.types import Answer

CHINESE = (
    "東嶺市2023年統計公報\n"
    "2023年,東嶺市地區生產總值為412.6億元,比上年增長6.4%,常住人口為38.4萬人。白河區地區生產總值為300億元,下降2.1%。\n"
    "全市共有216家上市企業,其中製造業企業超過80家,占比近四成。2022年,東嶺市地區生產總值為387.8億元。\n"
    "東嶺市計劃到2025年地區生產總值達到500億元。市長陳立文表示,“創新是第一動力”。\n"
    "東嶺市、白河區的綠地面積分別為120平方公里和45平方公里。東嶺市每萬人擁有專利23.5件。5G基站共有1200座。\n"
)
ENGLISH = (
    "Easton statistical bulletin 2023\n"
    "In 2023, the population of Easton was 384,000 people, and its gross domestic product was 41.2 billion yuan. "
    "The Port of Easton handled 125 million tonnes of cargo in 2023.\n"
    "The mayor of Easton is Helen Marsh. She opened the new library in May 2022.\n"
)
QUESTION = "2023年東嶺市地區生產總值是多少?"
SIMPLIFIED = "2023年东岭市地区生产总值是多少?"
IN_ENGLISH = "What was the population of Easton in 2023?"
RIGHT = "2023年,東嶺市地區生產總值為412.6億元[1]。"
KEY = "sk-test-secret"


def evidence(index: Index, question: str) -> tuple[Answer, Evidence]:
    """The extractive answer and what a model would be given."""
    answers = answerer(index)
    answer = answers.answer(question, question)
    hits = answers._retriever.retrieve(question, 8)
    return answer, Archive(index.documents, index.ledger).gather(answer, hits)


def assistant(folder: Path, text: str, url: str, **settings: object) -> Assistant:
    """An assistant over one document that asks the server at ``url``."""
    index = indexed(folder, {"a.txt": text})
    more = {"llm_base_url": url, "llm_model": "scripted", "llm_api_key": SecretStr(KEY), "llm_timeout": 20.0}
    chosen = index.settings.model_copy(update={**more, **settings})
    return Assistant(load_index(chosen), RemainderEmbedder())  # type: ignore[arg-type]
