"""Question answering over documents full of figures, where every answer carries its proof."""
