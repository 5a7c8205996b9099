namespace ModelInspector.Models.Weights;

/// <summary>Finds the weights in what was pickled: the dict itself, or the one that a checkpoint keeps beside its optimizer.</summary>
internal static class StateDict
{
    private const int MostDicts = 10_000;
    private const int LongestName = 1_000;

    private static readonly string[] Usual = ["state_dict", "model_state_dict", "model", "net", "network", "params", "ema"];

    /// <exception cref="FormatException">There are none; the message is a sentence without its subject.</exception>
    public static IReadOnlyDictionary<string, PickledTensor> In(object? pickled)
    {
        var root = pickled as PickledDict ?? throw new FormatException("holds no dict of tensors");
        var inner = Usual.Select(name => root.Entries.GetValueOrDefault(name)).OfType<PickledDict>().FirstOrDefault();
        var weights = inner is not null && !root.Entries.Values.Any(value => value is PickledTensor) ? inner : root;
        var found = new Dictionary<string, PickledTensor>();
        Collect(weights, "", found, new HashSet<PickledDict>(ReferenceEqualityComparer.Instance));
        return found;
    }

    // A dict may be recalled anywhere, inside itself too: each is walked once.
    private static void Collect(PickledDict dict, string path, Dictionary<string, PickledTensor> found, HashSet<PickledDict> walked)
    {
        if (walked.Count > MostDicts || !walked.Add(dict)) return;
        foreach (var (key, value) in dict.Entries)
        {
            var name = path.Length == 0 ? key : $"{path}.{key}";
            if (name.Length > LongestName) throw new FormatException("nests its tensors too deeply");
            if (value is PickledTensor tensor) found[name] = tensor;
            else if (value is PickledDict inner) Collect(inner, name, found, walked);
        }
    }
}
