"""The numeric tool: a ledger of every figure, exact look-up, arithmetic, contradictions."""

from __future__ import annotations

from yinju.figures.ledger import COLUMNS, Ledger, describe, read_figures
from yinju.figures.quantity import read_cell, read_quantities, write_quantity
from yinju.figures.units import canonical_unit, convert

__all__ = [
    "COLUMNS",
    "Ledger",
    "canonical_unit",
    "convert",
    "describe",
    "read_cell",
    "read_figures",
    "read_quantities",
    "write_quantity",
]
