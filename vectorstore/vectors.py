"""Vectors: float32 matrices of shape (n, dimension) whose rows have unit norm, made so here and nowhere else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit_norm(matrix: NDArray[np.floating]) -> Vectors:
    """Return the rows scaled to unit norm, float32 (n, dimension); a row of zeros stays as it is."""
    rows = np.asarray(matrix, np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = rows / np.where(norms == 0, np.float32(1), norms)
    return scaled
