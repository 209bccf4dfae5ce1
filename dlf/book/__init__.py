"""What chapters call. Importing it sets one thread and the figure style."""

import os
import warnings

for _library in ("OMP", "OPENBLAS", "MKL"):  # for libraries still to load
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

from threadpoolctl import threadpool_limits  # noqa: E402

from dlf.book.page import check, glue, grade, show  # noqa: E402
from dlf.book.style import style  # noqa: E402

# said by torch.func and by PyTorch Geometric on import: not the reader's doing
warnings.filterwarnings("ignore", r"`torch\.jit\.script", FutureWarning)
threadpool_limits(1)  # for libraries already loaded
style()

__all__ = ["check", "glue", "grade", "show"]
