"""Hypothesis strategies shared by the tests."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

UNITS = ("元", "美元", "平方公里", "平方米", "家", "件", "個百分點", "%", "噸", "公里", "人", "倍", "畝")

values = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10) ** 14, places=2)
units = st.sampled_from(UNITS)
texts = st.text(
    alphabet=st.sampled_from(
        "一二三十百千萬亿億万兩半多餘余約近超0123456789.,，、:∶%‰-—～至到的個家人元年月日分之成第前翻番“”()GDP km"
    ),
    max_size=60,
)
"""Text made of what numbers are made of: the likeliest to break a reader of numbers."""
