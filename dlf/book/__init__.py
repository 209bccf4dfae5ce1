"""What chapters call. Importing it sets one thread and the figure style."""

import logging
import os
import warnings

for _library in ("OMP", "OPENBLAS", "MKL"):  # for libraries still to load
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

from threadpoolctl import threadpool_limits  # noqa: E402

from dlf.book.page import check, glue, grade, measured, show  # noqa: E402
from dlf.book.style import style  # noqa: E402

# said by torch.func and by PyTorch Geometric on import: not the reader's doing
warnings.filterwarnings("ignore", r"`torch\.jit\.script", FutureWarning)
# said by torch.compile where a CUDA toolkit stands without a GPU: likewise
logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)
threadpool_limits(1)  # for libraries already loaded
style()

__all__ = ["check", "glue", "grade", "measured", "show"]
