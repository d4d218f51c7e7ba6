"""`python -m comeback` is the same as `comeback`."""

from comeback.cli import main

main()
