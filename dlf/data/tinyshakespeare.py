"""Tiny Shakespeare: 1,115,394 characters of plays, 65 of them distinct.

Download: 1 MB. The text is in the public domain; the repository that put it
together has the MIT license.
Source: Karpathy (2015), char-rnn, ``data/tinyshakespeare/input.txt``.
"""

from dlf.data import files

FILES = (
    files.File(
        "tinyshakespeare/input.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        1_115_394,
        (
            "https://raw.githubusercontent.com/karpathy/char-rnn/master/"
            "data/tinyshakespeare",
        ),
    ),
)


def load() -> str:
    """Return the text, ASCII, as it was published.

    `dlf.data.corpus.encode` turns it into numbers.

    Raises:
        ValueError: the file found is not the published one.
        OSError: it is not here and could not be downloaded or kept.
    """
    return files.read(FILES[0]).decode("ascii")
