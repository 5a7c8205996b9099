using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Carries an exception of a managed callback through native code, which can transport text only.</summary>
internal static class ManagedFailure
{
    private const string Mark = "managed callback failed #";
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> s_pending = new();
    private static long s_last;

    /// <summary>Keeps an exception and returns the text to hand to native code in its place.</summary>
    internal static string Keep(Exception exception)
    {
        long number = Interlocked.Increment(ref s_last);
        s_pending[number] = ExceptionDispatchInfo.Capture(exception);
        return Mark + number;
    }

    /// <summary>Rethrows the exception that a text stands for; any other text becomes an <see cref="ExternalException"/>.</summary>
    internal static Exception Recall(string text)
    {
        int at = text.IndexOf(Mark, StringComparison.Ordinal);
        if (at >= 0 && s_pending.TryRemove(NumberAt(text.AsSpan(at + Mark.Length)), out var kept)) kept.Throw();
#pragma warning disable CA2201 // The official library throws exactly this type, so callers catch it.
        return new ExternalException(text);
#pragma warning restore CA2201
    }

    private static long NumberAt(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length])) length++;
        return long.TryParse(text[..length], out long number) ? number : 0;
    }
}
