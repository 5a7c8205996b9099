namespace TorchSharp.Native;

/// <summary>One argument or result of an operator, as its schema declares it.</summary>
/// <param name="Name">The name; empty for most results.</param>
/// <param name="Type">The TorchScript type, such as <c>Tensor</c>, <c>int[]</c> or <c>float?</c>.</param>
/// <param name="HasDefault">Whether it may be left out.</param>
public sealed record Argument(string Name, string Type, bool HasDefault)
{
    internal static Argument Parse(string line)
    {
        var parts = line.Split('\t');
        return new Argument(parts[0], parts[1], parts[2] == "=");
    }
}
