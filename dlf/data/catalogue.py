"""Every data set by name, and where its files are."""

from types import ModuleType

from dlf.data import (
    citeseer,
    cora,
    corpus,
    digits,
    fashion_mnist,
    files,
    glyphs,
    graph_toys,
    imdb,
    karate,
    mnist,
    mnist1d,
    pubmed,
    signs,
    tinyshakespeare,
    toys,
)

EMBEDDED = corpus, digits, glyphs, graph_toys, karate, mnist1d, signs, toys
REAL = mnist, fashion_mnist, cora, citeseer, pubmed, imdb, tinyshakespeare
SETS = {m.__name__.rpartition(".")[2]: m for m in EMBEDDED + REAL}


def where(name: str) -> str:
    """Say where a data set is, or what is missing and how to get it.

    Args:
        name: a key of `SETS`.

    Raises:
        ValueError: there is no data set of that name.
    """
    kit = _files("where", name)
    if not kit:
        return "embedded"
    size = missing(name)
    paths = [files.find(file) for file in kit]
    if not size:
        folders = {str(path.parent) for path in paths if path is not None}
        return " and ".join(sorted(folders))
    return (
        f"{paths.count(None)} of {len(kit)} files missing; "
        f"`python -m dlf.data fetch {name}` downloads {size / 1e6:.1f} MB"
    )


def missing(name: str) -> int:
    """Give the bytes to download until all files of a data set are here.

    Args:
        name: a key of `SETS`.

    Raises:
        ValueError: there is no data set of that name.
    """
    kit = _files("missing", name)
    return sum(file.size for file in kit if files.find(file) is None)


def _files(function: str, name: str) -> tuple[files.File, ...]:
    if name not in SETS:
        raise ValueError(
            f"{function}: `name` must be one of {', '.join(SETS)}; got {name!r}"
        )
    return getattr(SETS[name], "FILES", ())


def table() -> list[str]:
    """Give a line for each data set: its name and where it is."""
    try:
        return [f"{name:14} {where(name)}" for name in SETS]
    except FileNotFoundError as error:
        return [str(error)]


def about(module: ModuleType) -> str:
    """Give the first line of a data set's description.

    Args:
        module: of a data set, a value of `SETS`.
    """
    return str(module.__doc__).splitlines()[0]
