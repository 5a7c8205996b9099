using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>An operator's arguments by the names of its schema: <c>aten::conv2d(Tensor input, Tensor weight, … int[2] stride=1, …)</c>.</summary>
internal sealed class ScriptArguments(string[] names, object?[] values)
{
    /// <summary>The names in a schema, in order.</summary>
    public static string[] Names(string schema)
    {
        var (begin, end) = (schema.IndexOf('(', StringComparison.Ordinal), schema.IndexOf(") ->", StringComparison.Ordinal));
        if (begin < 0 || end < begin) return [];
        return [.. Parts(schema[(begin + 1)..end]).Where(part => part != "*").Select(Name)];
    }

    public Tensor Tensor(string name) => Find(name) as Tensor ?? throw new InputException($"it has no tensor `{name}`");

    public object?[] List(string name) => Find(name) as object?[] ?? [];

    public bool Flag(string name) => Find(name) is true;

    public string Text(string name) => Find(name) as string ?? "";

    public long Number(string name, long otherwise = 0) => Find(name) is long number ? number : otherwise;

    /// <summary>Numbers, one an axis: a single one holds for all of them, and none at all means the given one.</summary>
    public long[] Numbers(string name, int axes, long otherwise) => Find(name) switch
    {
        long number => Repeated(number, axes),
        object?[] { Length: 1 } list when list[0] is long number => Repeated(number, axes),
        object?[] { Length: > 0 } list => [.. list.OfType<long>()],
        _ => Repeated(otherwise, axes),
    };

    private object? Find(string name) => Array.IndexOf(names, name) is var at and >= 0 && at < values.Length ? values[at] : null;

    private static long[] Repeated(long number, int axes) => [.. Enumerable.Repeat(number, axes)];

    // Commas inside of defaults (`[0, 1]`) and of types (`Dict(str, int)`) part nothing.
    private static IEnumerable<string> Parts(string list)
    {
        var (from, depth) = (0, 0);
        for (var at = 0; at <= list.Length; at++)
        {
            if (at < list.Length && list[at] is '(' or '[') depth++;
            if (at < list.Length && list[at] is ')' or ']') depth--;
            if (at < list.Length && (list[at] != ',' || depth > 0)) continue;
            yield return list[from..at].Trim();
            from = at + 1;
        }
    }

    private static string Name(string argument) => argument.Split('=')[0].Trim().Split(' ')[^1];
}
