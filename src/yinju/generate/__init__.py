"""LLM mode: prose from evidence, written by a language model and checked sentence by sentence."""
