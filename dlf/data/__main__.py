"""Data sets on the command line.

python -m dlf.data list             what there is, and where
python -m dlf.data fetch [NAME …]   download what is not here
python -m dlf.data verify [NAME …]  compare the files here with their hashes

No NAME, or `all`, stands for all of them.
"""

import argparse
import sys
from collections.abc import Sequence

from dlf.data import catalogue, files


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status, 1 where anything failed.

    Args:
        arguments: words of the command line; None for those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m dlf.data",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("list", "fetch", "verify"))
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    real = [n for n, m in catalogue.SETS.items() if m in catalogue.REAL]
    names = [] if "all" in options.names else options.names
    for name in names:
        if name not in catalogue.SETS:
            parser.error(
                f"{name!r} is no data set; there are {', '.join(real)} to "
                "fetch, and the others are embedded"
            )
    try:
        files.homes()
    except FileNotFoundError as error:
        parser.error(str(error))
    if options.command == "list":
        return show(names or list(catalogue.SETS))
    chosen = [n for n in names or real if n in real]
    if options.command == "verify":
        return 0 if all([verify(name) for name in chosen]) else 1
    announce(chosen)
    return 0 if all([fetch(name) for name in chosen]) else 1


def show(names: Sequence[str]) -> int:
    """Print what each data set is and where.

    Args:
        names: keys of `catalogue.SETS`.
    """
    for name in names:
        print(catalogue.about(catalogue.SETS[name]))
        print(f"    {name}: {catalogue.where(name)}")
    return 0


def announce(names: Sequence[str]) -> None:
    """Print how much there is to download, before it begins.

    Args:
        names: of data sets with files.
    """
    sizes = {name: catalogue.missing(name) for name in names}
    for name, size in sizes.items():
        print(f"{name:14} {size / 1e6:6.1f} MB" if size else f"{name:14} here")
    print(f"{'to download':14} {sum(sizes.values()) / 1e6:6.1f} MB", flush=True)


def fetch(name: str) -> bool:
    """Download what is not here; stop at the first file not to be had.

    Args:
        name: of a data set with files.
    """
    try:
        for file in catalogue.SETS[name].FILES:
            print(f"{name}: {files.fetch(file)}")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return False
    return True


def verify(name: str) -> bool:
    """Compare every file with its hash; tell whether all are as published.

    Args:
        name: of a data set with files.
    """
    wrong = 0
    for file in catalogue.SETS[name].FILES:
        path = files.find(file)
        try:
            if path is None:
                raise FileNotFoundError(
                    f"data: {file.path} is not here. `python -m dlf.data "
                    f"fetch {name}` downloads it"
                )
            files.check(file, path)
            print(f"{name}: {path} is as published")
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr)
            wrong += 1
    return not wrong


if __name__ == "__main__":
    sys.exit(main())
