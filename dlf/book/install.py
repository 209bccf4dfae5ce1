"""Make a virtual environment and install what the book needs, pinned.

    python3 dlf/book/install.py [--venv .venv] [--torch auto|cpu|cuda]

`make` calls this with whatever Python it finds, before anything is installed:
so it uses the standard library alone and reads on any Python 3.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
OLDEST = (3, 11)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
ANSWER_S = 5.0  # an index that takes longer is taken to be out of reach
DONE = ".installed"  # the mark of an environment that was finished


class Stop(Exception):
    """Why nothing can be installed, and what to do about it."""


def main(arguments=None):
    """Install, say what is being done, and return the exit status.

    Args:
        arguments: words of the command line; None for those of this process.
    """
    top = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    top.add_argument("--venv", default=".venv")
    top.add_argument("--torch", choices=["auto", "cpu", "cuda"], default="auto")
    given = top.parse_args(arguments)
    try:
        check_python(sys.version_info)
        python = environment(given.venv)
        install(python, given.torch, os.path.join(given.venv, "install.log"))
    except Stop as reason:
        print(f"install: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall: stopped; the same command begins anew")
        return 130
    with open(os.path.join(given.venv, DONE), "w", encoding="utf-8"):
        pass
    return 0


def check_python(version):
    """Refuse a Python that is too old or lacks venv.

    Args:
        version: as `sys.version_info`.

    Raises:
        Stop: it does.
    """
    if tuple(version[:2]) < OLDEST:
        raise Stop(
            "the book needs Python 3.11 or newer, and this is "
            f"{version[0]}.{version[1]}; name another by "
            "`make book PYTHON=python3.12`"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "this Python lacks venv; on Debian and Ubuntu "
            "`apt-get install python3-venv` brings it"
        ) from None


def environment(folder):
    """Make the environment anew unless a finished one is there.

    One that was never finished, or that another Python made, is removed.

    Args:
        folder: of the virtual environment.

    Returns:
        The path of its Python.
    """
    inside = "Scripts" if os.name == "nt" else "bin"
    python = os.path.join(folder, inside, "python")
    if os.path.isdir(folder):
        made_by = _version_of(os.path.join(folder, "pyvenv.cfg"))
        ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if not os.path.exists(os.path.join(folder, DONE)):
            print(f"{folder} was never finished: making it anew")
            shutil.rmtree(folder)
        elif made_by != ours:
            print(
                f"{folder} is of Python {made_by}, this is {ours}: "
                "making it anew"
            )
            shutil.rmtree(folder)
    if not os.path.isdir(folder):
        print(f"making {folder}", flush=True)
        subprocess.check_call([sys.executable, "-m", "venv", folder])
    return python


def _version_of(config):
    """Major and minor version in a `pyvenv.cfg`."""
    try:
        with open(config, encoding="utf-8") as lines:
            found = re.search(r"^version\w* = (\d+\.\d+)", lines.read(), re.M)
    except OSError:
        return "unknown"
    return found.group(1) if found else "unknown"


def install(python, torch, log):
    """Install PyTorch, the other packages, and `dlf` itself.

    Args:
        python: of the environment.
        torch: ``cpu``, ``cuda`` or ``auto``.
        log: file for all that pip says.

    Raises:
        Stop: pip failed.
    """
    pins = os.path.join(ROOT, "requirements.txt")
    with open(pins, encoding="utf-8") as lines:
        wanted = re.findall(r"^torch(?![\w-]).*", lines.read(), re.M)[0]
    open(log, "w", encoding="utf-8").close()
    if wants_cpu_build(torch) and not has(python, wanted):
        print(f"PyTorch without CUDA, from {CPU_INDEX}", flush=True)
        pip(python, ["--no-deps", "--index-url", CPU_INDEX, wanted], log, 1)
    limits = os.path.join(ROOT, "constraints.txt")
    with open(limits, encoding="utf-8") as lines:
        count = sum("==" in line for line in lines)
    print(f"{count} packages; some minutes the first time", flush=True)
    pip(python, ["-r", pins, "-c", limits], log, count)
    pip(python, ["--no-deps", "--no-build-isolation", "-e", ROOT], log, 1)


def wants_cpu_build(torch):
    """Say whether to ask PyTorch's index for its build without CUDA.

    Elsewhere than on Linux the registry's own build is one already.

    Args:
        torch: ``cpu``, ``cuda`` or ``auto``, which looks for a GPU.

    Raises:
        Stop: the CPU build is forced and its index out of reach.
    """
    if torch == "cuda":
        return False
    if torch == "cpu":
        if sys.platform.startswith("linux") and not answers(CPU_INDEX):
            raise Stop(
                f"{CPU_INDEX} does not answer within {ANSWER_S:.0f} s; leave "
                "TORCH out to take the build of your package registry"
            )
        return sys.platform.startswith("linux")
    if not sys.platform.startswith("linux"):
        return False
    if sees_gpu():
        print("a GPU is here: PyTorch with CUDA (TORCH=cpu forces the other)")
        return False
    if not answers(CPU_INDEX):
        print(
            "PyTorch's CPU index is out of reach: taking the build of the "
            "package registry, which may be one with CUDA, of some GB"
        )
        return False
    return True


def sees_gpu():
    """Say whether the system shows a GPU that PyTorch could use."""
    return bool(
        shutil.which("nvidia-smi")
        or os.path.exists("/dev/nvidia0")
        or os.path.exists("/dev/kfd")
    )


def answers(address, seconds=ANSWER_S):
    """Say whether an index answers in time, name look-up included.

    Args:
        address: of the index, without a slash at the end.
        seconds: to wait.
    """
    heard = []

    def ask():
        try:
            with urllib.request.urlopen(address + "/torch/", timeout=seconds):
                heard.append(True)
        except (OSError, ValueError):
            pass

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return bool(heard)


def has(python, wanted):
    """Say whether a package is installed, in its version if it is pinned.

    Args:
        python: path of the environment's Python.
        wanted: name of a package, or ``name==version``.
    """
    name, _, version = wanted.partition("==")
    code = (
        "from importlib.metadata import version as v; import sys\n"
        f"try: found = v({name!r}).split('+')[0]\n"
        "except ImportError: sys.exit(1)\n"
        f"sys.exit({version!r} not in ('', found))"
    )
    return subprocess.call([python, "-c", code]) == 0


def pip(python, arguments, log, count):
    """Run pip install; show how far it is, and keep all it says.

    Args:
        python: of the environment.
        arguments: what to install.
        log: file that its output is added to.
        count: packages that are expected.

    Raises:
        Stop: pip failed; the message ends with what it said last.
    """
    command = [python, "-u", "-m", "pip", "install", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--retries", "2"]
    task = subprocess.Popen(
        command + arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    said, seen = [], 0
    alive = sys.stdout.isatty()
    try:
        with open(log, "a", encoding="utf-8") as kept:
            for line in task.stdout or ():
                kept.write(line)
                said.append(line)
                word, _, rest = line.strip().partition(" ")
                if word == "Collecting":
                    seen += 1
                    package = rest.partition(" ")[0]
                    note = f"  {min(seen, count)} of {count}: {package}"
                    if alive:
                        print(f"\r{note[:70]:70}", end="", flush=True)
                    elif seen % 20 == 0:
                        print(note, flush=True)
                elif line.startswith("Installing collected"):
                    print("\n  unpacking" if alive else "  unpacking")
        status = task.wait()
    except KeyboardInterrupt:
        task.terminate()
        task.wait()
        raise
    if status:
        raise Stop(
            f"pip could not install all of it (the whole log: {log}):\n"
            + "".join(said[-12:])
        )


if __name__ == "__main__":
    sys.exit(main())
