"""`python -m docparse` is the command `docparse`."""

from docparse.cli import main

main()
