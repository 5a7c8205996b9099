#!/usr/bin/python3
"""Times what Debian packages of the field's tools: peers.py DATA OUT WHAT N [THREADS]

WHAT: t-sne | umap (scikit-learn, umap-learn; each prints PHASE name wall cpu and writes its map), knn, pca (N is a file name without .npy).
Packages: python3-sklearn, umap-learn, libopenblas0-pthread. Set OMP_NUM_THREADS, OPENBLAS_NUM_THREADS and NUMBA_NUM_THREADS to THREADS too.
"""
import resource
import sys
import time

import numpy as np


class phase:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"PHASE {self.name} {time.perf_counter() - self.wall:.3f} {time.process_time() - self.cpu:.3f} peak {peak} MB", flush=True)


def t_sne(rows, threads):
    from sklearn.manifold import TSNE
    start = rows[:, :2] - rows[:, :2].mean(0)
    start = (start / start[:, 0].std() * 1e-4).astype(np.float32)
    with phase("t-sne"):
        return TSNE(2, perplexity=30, early_exaggeration=12, learning_rate="auto", n_iter=750, init=start, n_jobs=threads, random_state=0).fit_transform(rows)


def umap_(rows, threads):
    import umap
    with phase("warm-up"):  # compiles; not counted
        umap.UMAP(n_jobs=threads).fit(rows[:4500])
    with phase("umap"):
        return umap.UMAP(n_jobs=threads).fit_transform(rows)


def knn(rows, threads):
    from sklearn.neighbors import NearestNeighbors
    with phase("knn"):
        NearestNeighbors(n_neighbors=90, algorithm="brute", n_jobs=threads).fit(rows).kneighbors()


def pca(rows, _):
    from sklearn.decomposition import PCA
    for solver in ("covariance", "randomized"):
        for _ in range(2):
            with phase(f"pca {solver}"):
                if solver == "randomized":
                    PCA(50, svd_solver=solver, random_state=0).fit_transform(rows)
                else:  # by hand: this version of the library has no such solver
                    import scipy.linalg
                    centred = rows - rows.mean(0, dtype=np.float64).astype(np.float32)
                    covariance = (centred.T @ centred).astype(np.float64)
                    size = len(covariance)
                    centred @ scipy.linalg.eigh(covariance, subset_by_index=[size - 50, size - 1])[1][:, ::-1].astype(np.float32)


def main():
    data, out, what, n = sys.argv[1:5]
    threads = int(sys.argv[5]) if len(sys.argv) > 5 else 2
    rows = np.load(f"{data}/{n}.npy" if what == "pca" else f"{data}/fm50_{n}.npy")
    points = {"t-sne": t_sne, "umap": umap_, "knn": knn, "pca": pca}[what](rows, threads)
    if points is not None:
        np.save(f"{out}/{what}_peer_{n}_{threads}.npy", points.astype(np.float32))


if __name__ == "__main__":
    main()
