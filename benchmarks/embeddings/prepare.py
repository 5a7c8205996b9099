#!/usr/bin/python3
"""Fashion-MNIST as float32 .npy: prepare.py OUT, and the large sets: prepare.py OUT large. Packages: dataset-fashion-mnist, python3-numpy.

fm_raw.npy (70,000 × 784 in [0, 1], shuffled), fm50_N.npy (scores on 50 principal components of all, first N rows), fm50_N_y.npy (classes, N × 1),
lowrank.npy (10,000 × 4,096, 64 directions and noise). Large: fm50_250000.npy and fm50_1000000.npy (rows of the first drawn again, with a twentieth of each
column's deviation as noise), stream.npy (1,000,000 × 2,048, 64 directions and noise; 8.2 GB).
"""
import gzip
import os
import sys

import numpy as np

SOURCE = "/usr/share/datasets/fashion-mnist/"


def read(name, offset):
    return np.frombuffer(gzip.open(SOURCE + name).read(), np.uint8, offset=offset)


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    if sys.argv[2:] == ["large"]:
        return large(out)
    images = np.concatenate([read(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784) for part in ("train", "t10k")])
    classes = np.concatenate([read(f"{part}-labels-idx1-ubyte.gz", 8) for part in ("train", "t10k")])
    order = np.random.RandomState(0).permutation(len(images))
    rows, classes = images[order].astype(np.float32) / 255, classes[order].astype(np.float32)
    np.save(f"{out}/fm_raw.npy", rows)
    centred = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    scores = (centred @ np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :50]).astype(np.float32)
    for n in (2000, 10000, 70000):
        np.save(f"{out}/fm50_{n}.npy", np.ascontiguousarray(scores[:n]))
        np.save(f"{out}/fm50_{n}_y.npy", classes[:n, None])
    draw = np.random.RandomState(1)
    mixed = draw.randn(10000, 64).astype(np.float32) @ (draw.randn(64, 4096) * np.linspace(3, 0.5, 64)[:, None]).astype(np.float32)
    np.save(f"{out}/lowrank.npy", mixed + 0.1 * draw.randn(10000, 4096).astype(np.float32))


def large(out):
    draw = np.random.RandomState(2)
    rows = np.load(f"{out}/fm50_70000.npy")
    for n in (250_000, 1_000_000):
        noise = draw.randn(n, rows.shape[1]).astype(np.float32) * rows.std(0) / 20
        np.save(f"{out}/fm50_{n}.npy", rows[draw.randint(len(rows), size=n)] + noise)
    turn = draw.randn(64, 2048).astype(np.float32) * np.linspace(3, 0.5, 64, dtype=np.float32)[:, None]
    stream = np.lib.format.open_memmap(f"{out}/stream.npy", "w+", np.float32, (1_000_000, 2048))
    for start in range(0, len(stream), 10_000):
        stream[start:start + 10_000] = draw.randn(10_000, 64).astype(np.float32) @ turn + 0.1 * draw.randn(10_000, 2048).astype(np.float32)


if __name__ == "__main__":
    main()
