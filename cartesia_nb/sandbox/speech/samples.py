"""What the engines hand each other: mono sound as float32, shape (n,), full scale at 1."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.float32]

# Samples per second, as the English engine speaks. Outputs are resampled at the very end.
RATE = 24000
