"""Tiny Shakespeare: 1,115,394 characters of plays, 65 different ones.

Download: 1.1 MB. The text is in the public domain, its compilation MIT.
Source: Karpathy (2015), char-rnn, data/tinyshakespeare; nanoGPT trains on the
first nine tenths and validates on the last.
"""

from dlf.data import files

FILES = (
    files.File(
        "tinyshakespeare/input.txt",
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        1_115_394,
        (
            "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/"
            "tinyshakespeare",
        ),
    ),
)
TRAINED = 0.9  # of the characters; the others validate


def load() -> tuple[str, str]:
    """Load the text that is learned from, and the text that validates.

    Raises:
        OSError: it could not be had.
    """
    text = files.fetch(FILES[0]).read_text(encoding="ascii")
    cut = int(TRAINED * len(text))
    return text[:cut], text[cut:]
