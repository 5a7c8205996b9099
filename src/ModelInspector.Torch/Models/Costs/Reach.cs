using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>How far a step reaches: which positions of what it is given one position of its output depends on.</summary>
internal abstract record Reach
{
    /// <summary>Products that it adds up in this run.</summary>
    public long MultiplyAdds { get; init; }

    /// <summary>What its output sees of the input.</summary>
    /// <param name="passage">What goes in; at least one value depends on the input.</param>
    public abstract Sight? Through(Passage passage);

    /// <summary>All of everything: what holds of any operation.</summary>
    public sealed record Everything : Reach
    {
        public override Sight Through(Passage passage) => passage.Sighted[0].Sight!.Whole();
    }

    /// <summary>No values at all: only shapes.</summary>
    public sealed record Nothing : Reach
    {
        public override Sight? Through(Passage passage) => null;
    }

    /// <summary>The same position of every input, smaller ones repeated; along some axes all positions.</summary>
    public sealed record Pointwise(params int[] Mixed) : Reach
    {
        public override Sight Through(Passage passage)
        {
            long[] shape = passage.Output.shape;
            Sight[] all = [.. passage.Sighted.Select(seen => seen.Sight!.Broadcast(seen.Value.shape, shape))];
            return Sight.Union(all, shape).Each(axis => Mixed.Contains(axis.At) ? null : axis);
        }
    }

    /// <summary>A row of one matrix and a column of the other.</summary>
    public sealed record Product : Reach
    {
        public override Sight Through(Passage passage)
        {
            long[] shape = passage.Output.shape;
            return Sight.Union([.. passage.Sighted.Select(seen => Laid(seen, isRight: passage.From.Length > 1 && ReferenceEquals(seen, passage.From[1]), shape))], shape);
        }

        // The summed axis is the left one's last and the right one's last but one: each output position sees all of it.
        private static Sight Laid(Seen seen, bool isRight, long[] shape)
        {
            var rank = seen.Value.shape.Length;
            var summed = isRight ? rank - 2 : rank - 1;
            return rank < 2 ? seen.Sight!.Whole() : seen.Sight!.Each(axis =>
                axis.At == summed || axis.At + shape.Length - rank < 0 || seen.Value.shape[axis.At] != shape[axis.At + shape.Length - rank]
                    ? null
                    : axis with { At = axis.At + shape.Length - rank });
        }
    }
}
