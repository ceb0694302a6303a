"""Write a training checkpoint as installed: float16, without the word embeddings; print the checksum.

python training/export.py build/reader/checkpoint.pt src/yinju/assets/reader.safetensors
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file


def main() -> None:
    """Convert the file named first into the file named second."""
    source, target = map(Path, sys.argv[1:3])
    state = torch.load(source, weights_only=True)
    kept = {
        name.removeprefix("encoder."): tensor.half().contiguous()
        for name, tensor in state.items()
        if "word_embeddings" not in name and "position_ids" not in name and "token_type_ids" not in name
    }
    save_file(kept, target)
    checksum = hashlib.sha256(target.read_bytes()).hexdigest()
    sys.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB, sha256 {checksum}\n")


if __name__ == "__main__":
    main()
