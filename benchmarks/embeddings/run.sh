#!/usr/bin/env bash
# Runs ours and the peers one after the other on the same rows and prints their times and scores: run.sh [DATA]. About half an hour on two cores.
# LARGE=1 adds sets of 250,000 and a million rows and a file of 8.2 GB (24 GB of memory, 10 GB of disk).
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-artifacts/embeddings-data}
out=$data/out
mkdir -p "$out"
[ -f "$data/fm50_70000.npy" ] || /usr/bin/python3 benchmarks/embeddings/prepare.py "$data"
dotnet build benchmarks/ModelInspector.Benchmarks -c Release -v q
ours() { dotnet artifacts/bin/ModelInspector.Benchmarks/release/ModelInspector.Benchmarks.dll "$@"; }
peer() { # WHAT N THREADS
  OMP_NUM_THREADS=$3 OPENBLAS_NUM_THREADS=$3 NUMBA_NUM_THREADS=$3 /usr/bin/python3 benchmarks/embeddings/peers.py "$data" "$out" "$@"
}
uptime
for threads in 1 2; do
  export THREADS=$threads
  for n in 2000 10000 70000; do
    for method in t-sne umap; do
      echo "== $method, n = $n, threads = $threads: ours"
      ours embed $method "$data/fm50_$n.npy" "$out/${method}_ours_${n}_$threads.npy" | grep -E 'PHASE|STAGE'
      [ $method-$n = t-sne-70000 ] || { echo "== peer"; peer $method $n $threads; }
    done
    echo "== 90 neighbours, n = $n, threads = $threads: ours exact, ours approximate, peer"
    ours knn "$data/fm50_$n.npy"; ours ann "$data/fm50_$n.npy" | grep -E 'PHASE|INFO'; peer knn $n $threads
  done
  for rows in fm_raw lowrank; do
    echo "== PCA to 50 of $rows, threads = $threads: ours exact, ours randomised, peer"
    ours pca "$data/$rows.npy" Exact | tail -1; ours pca "$data/$rows.npy" Randomised | tail -1; peer pca $rows $threads
  done
done
for size in 256 512 1024; do THREADS=2 ours fft $size; done
if [ -n "${LARGE:-}" ]; then
  [ -f "$data/stream.npy" ] || /usr/bin/python3 benchmarks/embeddings/prepare.py "$data" large
  export THREADS=2
  for n in 250000 1000000; do
    echo "== t-sne, n = $n: ours"; ours embed t-sne "$data/fm50_$n.npy" "$out/large.npy" | grep -E 'PHASE|STAGE|INFO'; rm -f "$out/large.npy"
  done
  dotnet build src/ModelInspector.Cli -c Release -v q
  echo "== PCA to 50, streamed"
  time ./modelinspector embed "$data/stream.npy" --method pca --stream --set dimensions=50 -o "$out/stream_scores.npy"; rm -f "$out/stream_scores.npy"
fi
for map in "$out"/*.npy; do
  n=$(basename "$map" .npy | cut -d_ -f3)
  echo "== $(basename "$map" .npy)"; ours quality "$data/fm50_$n.npy" "$data/fm50_${n}_y.npy" "$map"
done
