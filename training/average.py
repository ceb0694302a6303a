"""Average weights as installed: runs that go on from each other differ little, and their mean is better than either.

    python training/average.py ONE.safetensors OTHER.safetensors OUT.safetensors

Source: Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
increasing inference time".
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from safetensors.torch import load_file, save_file


def main() -> None:
    """Write the mean of the first two files to the third; print its checksum."""
    one, other, target = map(Path, sys.argv[1:4])
    first, second = load_file(one), load_file(other)
    if first.keys() != second.keys():
        raise SystemExit(f"{one} and {other} do not hold the same tensors.")
    save_file({name: (0.5 * first[name].float() + 0.5 * second[name].float()).half() for name in second}, target)
    sys.stdout.write(f"{target}: sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}\n")


if __name__ == "__main__":
    main()
