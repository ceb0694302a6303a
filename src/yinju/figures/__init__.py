"""The numeric tool: a ledger of every figure, exact look-up, arithmetic, contradictions."""
