using System.Runtime.ExceptionServices;

namespace ModelInspector.Numerics;

/// <summary>
/// The one place that starts threads. Rows are cut into chunks whose borders depend on the number of rows alone, never on the number
/// of threads; whoever sums over chunks sums in the order of the chunks. So results are the same bits at any thread count.
/// </summary>
public static class RowParallel
{
    private static int threads = Environment.ProcessorCount;

    /// <summary>Most threads that work at once; the number of processors unless set. Changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public static int Threads
    {
        get => Volatile.Read(ref threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref threads, value);
        }
    }

    /// <summary>Number of chunks of at most <paramref name="size"/> rows.</summary>
    public static int Chunks(int rows, int size) => (int)(((long)rows + size - 1) / size);

    /// <summary>Calls <paramref name="body"/> once for every chunk of <paramref name="size"/> rows, in any order.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="size">Rows in a chunk; the last may be smaller.</param>
    /// <param name="body">Chunk number, first row, row after the last.</param>
    /// <param name="cancel">Looked at before every chunk.</param>
    public static void Run(int rows, int size, Action<int, int, int> body, CancellationToken cancel = default) =>
        Run(rows, size, () => (object?)null, (_, chunk, from, to) => body(chunk, from, to), cancel);

    /// <summary>As above, with scratch memory that one worker at a time owns.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="size">Rows in a chunk; the last may be smaller.</param>
    /// <param name="scratch">Makes one worker's memory.</param>
    /// <param name="body">Scratch, chunk number, first row, row after the last.</param>
    /// <param name="cancel">Looked at before every chunk.</param>
    public static void Run<TScratch>(int rows, int size, Func<TScratch> scratch, Action<TScratch, int, int, int> body, CancellationToken cancel = default)
    {
        var chunks = Chunks(rows, size);
        var next = -1;
        void Work(int worker)
        {
            var mine = scratch();
            for (int chunk; (chunk = Interlocked.Increment(ref next)) < chunks;)
            {
                cancel.ThrowIfCancellationRequested();
                body(mine, chunk, chunk * size, (int)Math.Min(rows, (long)chunk * size + size));
            }
        }
        Spread(Math.Min(Threads, chunks), Work);
    }

    /// <summary>Sums what <paramref name="body"/> returns for each chunk, in the order of the chunks.</summary>
    public static double Sum(int rows, int size, Func<int, int, double> body)
    {
        var parts = new double[Chunks(rows, size)];
        Run(rows, size, (chunk, from, to) => parts[chunk] = body(from, to));
        return parts.Sum();
    }

    private static void Spread(int workers, Action<int> work)
    {
        if (workers == 1) work(0);
        if (workers < 2) return;
        try
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, work);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
