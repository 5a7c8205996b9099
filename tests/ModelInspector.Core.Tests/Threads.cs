using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests;

/// <summary>Runs something at a number of threads.</summary>
internal static class Threads
{
    private static readonly Lock Turn = new();

    public static T With<T>(int threads, Func<T> work)
    {
        lock (Turn)
        {
            var before = RowParallel.Threads;
            try
            {
                RowParallel.Threads = threads;
                return work();
            }
            finally
            {
                RowParallel.Threads = before;
            }
        }
    }
}
