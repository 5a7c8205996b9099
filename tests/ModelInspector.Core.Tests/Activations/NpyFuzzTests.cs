using System.Diagnostics;
using System.Text;
using ModelInspector.Activations;

namespace ModelInspector.Core.Tests.Activations;

/// <summary>Damaged arrays are read or refused, and nothing else happens.</summary>
public sealed class NpyFuzzTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>How many files to damage: MODELINSPECTOR_FUZZ times a thousand where that is set (for a night).</summary>
    private static int Rounds => 1000 * (int.TryParse(Environment.GetEnvironmentVariable("MODELINSPECTOR_FUZZ"), out var factor) ? Math.Max(1, factor) : 1);

    [Fact]
    public void Mutated_arrays_are_read_or_refused()
    {
        var (seed, random, path) = (Seed(), new Random(3), scratch["mutated.npy"]);
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllBytes(path, Mutated(seed, random));
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            Attempt(path);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"round {round} took {watch.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20, $"round {round} allocated {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes");
        }
    }

    private static void Attempt(string path)
    {
        try
        {
            Assert.True(Npy.Read(path).Values.Length < 1 << 20);
        }
        catch (InputException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static byte[] Seed()
    {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[48]];
    }

    // Digits of the shape are what hurts most, so every other change hits the header.
    private static byte[] Mutated(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(random.Next(2) == 0 ? Math.Min(80, bytes.Count) : bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)"0123456789(),-'<>fiub8"[random.Next(22)]; break;
                case 2: bytes.Insert(at, (byte)('0' + random.Next(10))); break;
                case 3: bytes.RemoveAt(at); break;
                default: bytes.RemoveRange(Math.Min(Math.Max(at, 81), bytes.Count), Math.Max(0, bytes.Count - Math.Max(at, 81))); break;
            }
        }
        return [.. bytes];
    }
}
