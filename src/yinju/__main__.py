"""``python -m yinju`` is the command line."""

from yinju.cli import main

main()
