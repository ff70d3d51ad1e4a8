"""What the machine's processors are good at, and how they are kept busy."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from vectorstore.errors import ModelError

Item = TypeVar("Item")

# Either gives matrix products in bfloat16; without them torch emulates it, slower than float32.
_BFLOAT16_FEATURES = frozenset({"amx_bf16", "avx512_bf16"})


def choose_device(device: str | None) -> str:
    """Return `cpu` or `cuda`; None is CUDA where there is one. Raises ModelError."""
    import torch

    present = torch.cuda.is_available()
    if device is None:
        return "cuda" if present else "cpu"
    if device not in ("cpu", "cuda"):
        raise ModelError(f"there is no device {device!r}: use cpu or cuda")
    if device == "cuda" and not present:
        raise ModelError("device cuda was asked for but torch finds none: use cpu, or install torch for CUDA")
    return device


def choose_dtype(dtype: str | None, device: str) -> str:
    """Return `float32` or `bfloat16`; None is what the device is good at. Raises ModelError."""
    if dtype is None:
        return "bfloat16" if bfloat16_is_fast(device) else "float32"
    if dtype not in ("float32", "bfloat16"):
        raise ModelError(f"there is no number format {dtype!r}: use float32 or bfloat16")
    return dtype


def bfloat16_is_fast(device: str) -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware."""
    import torch

    if device == "cuda":
        return torch.cuda.get_device_capability() >= (8, 0)
    return bool(_BFLOAT16_FEATURES & processor_features())


def processor_features() -> frozenset[str]:
    """Return the names of what the processor can do, as far as the system tells."""
    import torch

    if hasattr(torch.cpu, "get_capabilities"):
        return frozenset(name for name, present in torch.cpu.get_capabilities().items() if present is True)
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())


def run_on_cores(function: Callable[[Item], None], items: Sequence[Item]) -> None:
    """Call a torch function on each item, on as many cores as there are, each item on one core.

    Dividing each operation between cores, as torch does by itself, makes all of them wait for the slowest at every
    step: on a busy two-core machine a question then took 0.4 s to embed instead of 0.01 s, and bulk half as long again.
    """
    tasks = [_cores().submit(function, item) for item in items]
    try:
        for task in tasks:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


def core_count() -> int:
    """Return how many cores this process may use; OMP_NUM_THREADS lowers it."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, max(int(wanted), 1)) if wanted.isdigit() else allowed


@lru_cache(maxsize=1)
def _cores() -> ThreadPoolExecutor:
    import torch

    return ThreadPoolExecutor(core_count(), "torch", initializer=torch.set_num_threads, initargs=(1,))
