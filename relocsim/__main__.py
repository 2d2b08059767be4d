"""`python -m relocsim` is the command `relocsim`."""

from relocsim.cli import main

if __name__ == "__main__":
    main()
