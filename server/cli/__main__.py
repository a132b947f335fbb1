"""``python -m server.cli``, where the command itself is not installed."""

from server.cli import main

main()
