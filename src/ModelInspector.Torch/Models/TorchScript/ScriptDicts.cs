using System.Collections.Immutable;

namespace ModelInspector.Models.TorchScript;

/// <summary>Dicts whose keys are known while compiling: a network that returns its results by name writes them into one.</summary>
internal sealed class ScriptDicts(ScriptMemory memory)
{
    /// <summary>The outputs of an operation on a dict; null where it is none of these, or its key is only known when it runs.</summary>
    internal Cell[]? Do(ScriptNode node, Items dict, Cell[] inputs) => node.Kind switch
    {
        "aten::len" => [Of((long)dict.Members.Length / 2)],
        "aten::keys" => [new Cell(new Items(Every(dict, 0)))],
        "aten::values" => [new Cell(new Items(Every(dict, 1)))],
        "aten::items" => [new Cell(new Items([.. dict.Members.Chunk(2).Select(pair => new Cell(new Items([.. pair])))]))],
        "aten::__contains__" when Find(dict, inputs[1]) is { } at => [Of(at >= 0)],
        "aten::__getitem__" when Find(dict, inputs[1]) is { } at and >= 0 => [dict.Members[at + 1]],
        "aten::_set_item" when Find(dict, inputs[1]) is { } at => Set(node, dict, at, inputs),
        _ => null,
    };

    private static Cell Of(object value) => new(new Literal(value));

    private static ImmutableArray<Cell> Every(Items dict, int part) => [.. dict.Members.Where((_, index) => index % 2 == part)];

    // Where its key is; -1 where it is not in, null where that is not known.
    private int? Find(Items dict, Cell key)
    {
        if (Key(key) is not { } sought) return null;
        for (var at = 0; at < dict.Members.Length; at += 2)
            if (Key(dict.Members[at]) is not { } known) return null;
            else if (known.Equals(sought)) return at;
        return -1;
    }

    private object? Key(Cell cell) => memory.Read(cell) is Literal { Value: string or long or bool or double } literal ? literal.Value : null;

    private Cell[] Set(ScriptNode node, Items dict, int at, Cell[] inputs)
    {
        memory.Write(inputs[0], dict with { Members = at < 0 ? dict.Members.AddRange(inputs[1], inputs[2]) : dict.Members.SetItem(at + 1, inputs[2]) }, node);
        return [];
    }
}
