"""Median milliseconds of one forward by libtorch's own TorchScript executor: executor.py FILE BATCH THREADS."""
import sys
import time

import torch

file, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
module = torch.jit.load(file).eval()
torch.manual_seed(0)
image = torch.randn(batch, 3, 224, 224)
times, begin = [], time.perf_counter()
with torch.inference_mode():
    while len(times) < 8 or (time.perf_counter() - begin < 8 and len(times) < 60):
        start = time.perf_counter()
        module(image)
        times.append((time.perf_counter() - start) * 1e3)
times = sorted(times[3:])
print(f"{times[len(times) // 2]:.2f}")
