"""Make the book: `python -m dlf.book execute | sync | build | verify | …`."""

import argparse
import sys
from pathlib import Path


def main() -> int:
    """Do what the command line says; return its exit status."""
    parser = argparse.ArgumentParser("python -m dlf.book", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("execute", help="run the pages that have changed")
    run.add_argument("--workers", type=int, default=2)
    run.add_argument("--force", action="store_true", help="run every page")
    verbs.add_parser("build", help="write _build/html; warnings are errors")
    verbs.add_parser("sync", help="write pairs and tables that are out of step")
    verify = verbs.add_parser("verify", help="run the gates over the book")
    verify.add_argument("--only", metavar="GATE", help="run this gate alone")
    verbs.add_parser("count", help="publish what is proved, compared, graded")
    verbs.add_parser("pairs", help="list the notebooks that nbval compares")
    mutants = verbs.add_parser("mutants", help="count what tests kill")
    mutants.add_argument("--sample", type=int, default=0, help="try this many")
    corpus = verbs.add_parser("corpus", help="freeze the prose as a data set")
    corpus.add_argument("version", type=int)
    wheel = verbs.add_parser("wheel", help="run every pair from the wheel")
    wheel.add_argument("--python", default="python3.12")
    wheel.add_argument("--workers", type=int, default=2)
    wheel.add_argument("--folder", type=Path, default=Path("_build/colab"))
    dist = verbs.add_parser("dist", help="write the archives to download")
    dist.add_argument("--folder", type=Path, default=Path("dist"))
    pdf = verbs.add_parser("pdf", help="print the book into one file")
    pdf.add_argument("--file", type=Path, default=Path("dist/dlf.pdf"))
    epub = verbs.add_parser("epub", help="write the e-book")
    epub.add_argument("--file", type=Path, default=Path("dist/dlf.epub"))
    new = verbs.add_parser("new", help="write a chapter with its whole row")
    new.add_argument("name", metavar="part/slug")
    args = parser.parse_args()
    root = Path.cwd()
    if not (root / "_toc.yml").exists():
        parser.error(f"{root} holds no _toc.yml: call this in the checkout")
    try:
        return globals()[f"_{args.verb}"](args, root)
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept", file=sys.stderr)
        return 130


def _execute(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.execute import execute

    failed = execute(root, args.workers, args.force)
    for run in failed:
        print(f"\nFAILED: {run.failure}", file=sys.stderr)
    return bool(failed)


def _build(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.build import build

    return build(root)


def _sync(args: argparse.Namespace, root: Path) -> int:
    from dlf.book import where
    from dlf.book.sync import sync

    for file in [*where.write(root), *sync(root)]:
        print(file.relative_to(root))
    return 0


def _verify(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.gates import GATES, verify

    gates = [g for g in GATES if args.only in (None, g.__name__)]
    if not gates:
        known = ", ".join(g.__name__ for g in GATES)
        print(f"verify: no gate {args.only!r}; there are {known}")
        return 2
    complaints = verify(root, gates)
    print("\n".join(complaints) or f"{len(gates)} gates passed")
    return bool(complaints)


def _count(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.count_coverage import publish

    print(publish(root))
    return 0


def _pairs(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.paths import pages

    for page in pages(root):
        print(page.with_suffix(".ipynb").relative_to(root))
    return 0


def _mutants(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.mutants import mutate

    print(mutate(root, sample=args.sample))
    return 0


def _corpus(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.freeze_corpus import freeze

    try:
        print(freeze(root, args.version).relative_to(root))
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _wheel(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.wheel import check

    return check(root, args.python, args.workers, args.folder.resolve())


def _dist(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.dist import dist

    try:
        for file in dist(root, args.folder.resolve()):
            print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _pdf(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.chromium import chromium
    from dlf.book.pdf import pdf

    try:
        with chromium() as browser:
            file = pdf(root, args.file, browser)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


def _epub(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.epub import epub

    try:
        file = epub(root, args.file)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


def _new(args: argparse.Namespace, root: Path) -> int:
    from dlf.book.new import new

    try:
        files = new(args.name, root)
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 2
    slug = args.name.split("/")[1]
    for file in files:
        path = file.relative_to(root)
        example = "_example." in path.name or path.name == "example.py"
        beside = f" (what {slug} has there is kept)" if example else ""
        print(f"{path}{beside}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
