namespace ModelInspector.Torch.Tests;

/// <summary>Damages files: flips, overwrites, cuts out, repeats and inserts bytes.</summary>
internal static class Mutation
{
    /// <summary>How many files to damage: the number given, and MODELINSPECTOR_FUZZ times as many where that is set (100 for a night: 900,000 in all).</summary>
    public static int Rounds(int usual) =>
        usual * (int.TryParse(Environment.GetEnvironmentVariable("MODELINSPECTOR_FUZZ"), out var factor) ? Math.Max(1, factor) : 1);

    public static byte[] Of(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--) Edit(bytes, random);
        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = random.Next(1, Math.Min(9, bytes.Count - at + 1));
        switch (random.Next(6))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes[at] = random.Next(2) == 0 ? byte.MaxValue : byte.MinValue; break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            default: bytes.RemoveRange(at, bytes.Count - at); break;
        }
    }
}
