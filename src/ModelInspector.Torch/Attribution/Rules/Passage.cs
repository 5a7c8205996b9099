using System.Globalization;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Which channels of which layers relevance may flow through; it flows through all of any other layer.</summary>
/// <param name="Channels">The channels that are let through, by the slot of the layer's output.</param>
internal sealed record Passage(IReadOnlyDictionary<int, long[]> Channels)
{
    /// <summary>Reads <c>LAYER=CHANNEL+CHANNEL,…</c>.</summary>
    /// <exception cref="InputException">It cannot be read, or there is no such layer or channel.</exception>
    public static Passage Of(string setting, Recording recording, ModelGraph graph) =>
        new(setting.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => One(part, recording, graph))
            .GroupBy(one => one.Key, one => one.Value).ToDictionary(group => group.Key, group => group.SelectMany(channels => channels).ToArray()));

    /// <summary>What of a flow is let through a slot.</summary>
    public Flow? Let(Flow? flow, int slot) =>
        flow is { Single: { } arrived } && Channels.TryGetValue(slot, out var channels) ? new([arrived * Mask(arrived, channels)]) : flow;

    private static Tensor Mask(Tensor arrived, long[] channels)
    {
        var mask = zeros([1, arrived.shape[1], .. Enumerable.Repeat(1L, (int)arrived.Dimensions - 2)], arrived.dtype, arrived.device);
        foreach (var channel in channels) mask.select(1, channel).fill_(1);
        return mask;
    }

    private static KeyValuePair<int, long[]> One(string part, Recording recording, ModelGraph graph)
    {
        var at = part.LastIndexOf('=');
        if (at < 1) throw new InputException($"`{part}` names no channels to flow through. Write LAYER=CHANNEL+CHANNEL, or LAYER=none.");
        var slot = Explained.OutputOf(recording, graph.Find(part[..at]));
        var shape = ((Tensor)recording.Value(slot)!).shape;
        return new(slot, part[(at + 1)..] == "none" ? [] : [.. part[(at + 1)..].Split('+').Select(channel => Channel(channel, part[..at], shape))]);
    }

    private static long Channel(string text, string layer, long[] shape) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var channel) && shape.Length > 1 && channel < shape[1] ? channel
        : throw new InputException($"Layer {layer} has no channel `{text}`: it gives ({string.Join(", ", shape)}). Count its channels from 0, or write {layer}=none.");
}
