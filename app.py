"""The web page: `python app.py`, the same as `yinju serve`."""

from __future__ import annotations

import sys

from yinju.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
