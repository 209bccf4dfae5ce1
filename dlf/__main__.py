"""What stands here to run the book: `dlf info` or `python -m dlf`."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

from dlf import __version__

OPTIONAL = {
    "torch": "dlf.nn and every page's PyTorch",
    "captum": "attribution",
    "torch-geometric": "graphs",
    "distributed": "claims on a Dask cluster",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the command asks for; return the exit status.

    Args:
        arguments: words of the command line; None for those of this process.
    """
    parser = argparse.ArgumentParser(prog="dlf", description=__doc__)
    parser.add_argument(
        "command",
        choices=["info"],
        nargs="?",
        default="info",
        help="versions, device, BLAS, data",
    )
    parser.add_argument(
        "--version", action="version", version=f"dlf {__version__}"
    )
    parser.parse_args(arguments)
    for title, lines in {
        "Versions": versions(),
        "Device": device(),
        "BLAS": blas(),
        "Data": data(),
        "Optional packages": optional(),
    }.items():
        print(title)
        print("\n".join(f"  {line}" for line in lines))
    return 0


def versions() -> Iterator[str]:
    """Give the versions that results depend on."""
    yield f"dlf {version('dlf')}"
    yield f"Python {platform.python_version()}, {platform.platform()}"
    for package in (
        "numpy",
        "scipy",
        "sympy",
        "python-flint",
        "matplotlib",
        "scikit-learn",
    ):
        yield f"{package} {version(package)}"


def device() -> Iterator[str]:
    """Give the processor, and what PyTorch would compute on."""
    yield f"{platform.machine()}, {os.cpu_count()} cores"
    try:
        import torch
    except ImportError:
        yield "no PyTorch: pip install torch"
        return
    yield f"torch {torch.__version__}, {torch.get_num_threads()} threads"
    if torch.cuda.is_available():
        yield f"CUDA {torch.version.cuda}: {torch.cuda.get_device_name()}"
    elif torch.accelerator.is_available():
        yield f"accelerator: {torch.accelerator.current_accelerator()}"
    else:
        yield "no GPU: the book needs none"


def blas() -> Iterator[str]:
    """Give the linear-algebra and thread libraries that are loaded."""
    import numpy  # noqa: F401  loads its own
    from threadpoolctl import threadpool_info

    for library in threadpool_info():
        name = f"{library['internal_api']} {library['version'] or ''}".strip()
        kernels = library.get("architecture", library["user_api"])
        yield f"{name} ({kernels}), {library['num_threads']} threads"


def data() -> Iterator[str]:
    """Give every data set, where it is or how to get it."""
    from dlf.data import catalogue, files

    yield f"downloads go to {files.cache()}; DLF_DATA_HOME is " + (
        os.environ.get("DLF_DATA_HOME") or "not set"
    )
    yield from catalogue.table()


def optional() -> Iterator[str]:
    """Give the packages that some pages use, and which are missing."""
    for package, use in OPTIONAL.items():
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} is missing ({use}): pip install {package}"


if __name__ == "__main__":
    sys.exit(main())
