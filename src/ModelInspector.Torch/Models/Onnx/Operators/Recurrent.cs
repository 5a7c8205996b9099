using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Recurrent networks: plain, gated and long short-term memory, in one or both directions.</summary>
internal sealed class Recurrent : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("RNN", node => Unrolled(node, 1, ["Tanh"], 1, Plain)) { Since = 7 },
        new("GRU", node => Unrolled(node, 3, ["Sigmoid", "Tanh"], 1, Gated)) { Since = 7 },
        new("LSTM", node => Unrolled(node, 4, ["Sigmoid", "Tanh", "Tanh"], 2, LongShort)) { Since = 7 },
    ];

    /// <summary>One step of a cell.</summary>
    /// <param name="cell">Weights and functions of its direction.</param>
    /// <param name="driven">What the input gives to each gate, (batch, gates × hidden).</param>
    /// <param name="states">States before, each (batch, hidden).</param>
    /// <returns>States after; the first is the output.</returns>
    private delegate Tensor[] Step(Cell cell, Tensor driven, Tensor[] states);

    /// <summary>What a step needs beside its states.</summary>
    private sealed record Cell(Tensor Recurrence, Tensor RecurrentBias, Tensor? Peepholes, Func<Tensor, Tensor>[] Functions, bool Flag)
    {
        public long Hidden => Recurrence.shape[1];

        /// <summary>What a state gives to the gates from one to another.</summary>
        public Tensor From(Tensor state, int gate, int count) =>
            state.matmul(Recurrence.narrow(0, gate * Hidden, count * Hidden).t()) + RecurrentBias.narrow(0, gate * Hidden, count * Hidden);

        public Tensor Peephole(int gate, Tensor state) => Peepholes is null ? zeros_like(state) : Peepholes.narrow(0, gate * Hidden, Hidden) * state;
    }

    private static Kernel Unrolled(Operation node, int gates, string[] defaults, int states, Step step)
    {
        var (direction, isBatchFirst) = (node.Text("direction", "forward"), node.Flag("layout"));
        var directions = direction == "bidirectional" ? 2 : 1;
        var functions = Functions(node, [.. Enumerable.Repeat(defaults, directions).SelectMany(names => names)]);
        var flag = node.Flag("linear_before_reset") || node.Flag("input_forget");
        return inputs =>
        {
            var x = isBatchFirst ? inputs.At(0).transpose(0, 1) : inputs.At(0);                  // (T, N, in)
            var results = new Direction[directions];
            for (var d = 0; d < directions; d++)
            {
                var bias = inputs.TryAt(3)?.select(0, d) ?? zeros([2 * inputs.At(2).shape[1]], x.dtype, x.device);
                var cell = new Cell(inputs.At(2).select(0, d), bias.narrow(0, bias.shape[0] / 2, bias.shape[0] / 2),
                    inputs.TryAt(7)?.select(0, d), functions[(d * defaults.Length)..((d + 1) * defaults.Length)], flag);
                var driven = x.matmul(inputs.At(1).select(0, d).t()) + bias.narrow(0, 0, bias.shape[0] / 2);   // (T, N, gates × hidden)
                results[d] = Unroll(cell, driven, Begin(inputs, d, states, x, cell.Hidden, isBatchFirst), inputs.TryAt(4), step,
                    direction == "reverse" || d == 1);
            }
            return Joined(results, states, isBatchFirst);
        };
    }

    private static Tensor[] Begin(ReadOnlySpan<object?> inputs, int direction, int states, Tensor x, long hidden, bool isBatchFirst)
    {
        var begin = new Tensor[states];
        for (var s = 0; s < states; s++)
            begin[s] = inputs.TryAt(5 + s)?.select(isBatchFirst ? 1 : 0, direction) ?? zeros([x.shape[1], hidden], x.dtype, x.device);
        return begin;
    }

    private sealed record Direction(Tensor Outputs, Tensor[] States);

    private static Direction Unroll(Cell cell, Tensor driven, Tensor[] states, Tensor? lengths, Step step, bool isBackward)
    {
        var outputs = new Tensor[driven.shape[0]];
        for (var i = 0; i < outputs.Length; i++)
        {
            var t = isBackward ? outputs.Length - 1 - i : i;
            var next = step(cell, driven.select(0, t), states);
            // Beyond a sequence's end its states stand still, and its output is zero.
            var isWithin = lengths?.gt(t).unsqueeze(1).to(next[0].device);
            states = isWithin is null ? next : [.. next.Zip(states, (after, before) => where(isWithin, after, before))];
            outputs[t] = isWithin is null ? next[0] : where(isWithin, next[0], zeros_like(next[0]));
        }
        return new(stack(outputs), states);
    }

    private static object?[] Joined(Direction[] directions, int states, bool isBatchFirst)
    {
        var all = stack(directions.Select(direction => direction.Outputs).ToArray(), 1);             // (T, directions, N, hidden)
        var last = Enumerable.Range(0, states).Select(s => stack(directions.Select(direction => direction.States[s]).ToArray()));
        return isBatchFirst
            ? [all.permute(2, 0, 1, 3), .. last.Select(state => state.transpose(0, 1))]
            : [all, .. last];
    }

    private static Tensor[] Plain(Cell cell, Tensor driven, Tensor[] states) => [cell.Functions[0](driven + cell.From(states[0], 0, 1))];

    private static Tensor[] Gated(Cell cell, Tensor driven, Tensor[] states)
    {
        var (h, n) = (states[0], cell.Hidden);
        var gates = cell.Functions[0](driven.narrow(1, 0, 2 * n) + cell.From(h, 0, 2));
        var (update, reset) = (gates.narrow(1, 0, n), gates.narrow(1, n, n));
        var recurrent = cell.Flag ? reset * cell.From(h, 2, 1) : cell.From(reset * h, 2, 1);
        var candidate = cell.Functions[1](driven.narrow(1, 2 * n, n) + recurrent);
        return [((1 - update) * candidate) + (update * h)];
    }

    // Gates in ONNX's order: input, output, forget, cell; peepholes: input, output, forget.
    private static Tensor[] LongShort(Cell cell, Tensor driven, Tensor[] states)
    {
        var (n, memory) = (cell.Hidden, states[1]);
        var gates = driven + cell.From(states[0], 0, 4);
        var input = cell.Functions[0](gates.narrow(1, 0, n) + cell.Peephole(0, memory));
        var forget = cell.Flag ? 1 - input : cell.Functions[0](gates.narrow(1, 2 * n, n) + cell.Peephole(2, memory));
        var next = (forget * memory) + (input * cell.Functions[1](gates.narrow(1, 3 * n, n)));
        var output = cell.Functions[0](gates.narrow(1, n, n) + cell.Peephole(1, next));
        return [output * cell.Functions[2](next), next];
    }

    private static Func<Tensor, Tensor>[] Functions(Operation node, string[] defaults)
    {
        var names = node.Texts("activations") ?? defaults;
        if (names.Length != defaults.Length) throw node.Refused($"names {names.Length} activations where {defaults.Length} are needed");
        var (alphas, betas) = (new Queue<float>(node.Floats("activation_alpha") ?? []), new Queue<float>(node.Floats("activation_beta") ?? []));
        var clip = node.Float("clip", 0);
        return [.. names.Select(name => Clipped(Function(node, name, alphas, betas), clip))];
    }

    private static Func<Tensor, Tensor> Clipped(Func<Tensor, Tensor> function, float clip) =>
        clip > 0 ? x => function(x.clamp(-clip, clip)) : function;

    private static Func<Tensor, Tensor> Function(Operation node, string name, Queue<float> alphas, Queue<float> betas)
    {
        float Alpha(float otherwise) => alphas.TryDequeue(out var given) ? given : otherwise;
        float Beta(float otherwise) => betas.TryDequeue(out var given) ? given : otherwise;
        switch (name.ToLowerInvariant())
        {
            case "sigmoid": return x => x.sigmoid();
            case "tanh": return x => x.tanh();
            case "relu": return x => x.relu();
            case "softsign": return x => x / (x.abs() + 1);
            case "softplus": return x => nn.functional.softplus(x);
            case "leakyrelu": { var alpha = Alpha(0.01f); return x => x.leaky_relu(alpha); }
            case "elu": { var alpha = Alpha(1); return x => x.elu(alpha); }
            case "thresholdedrelu": { var alpha = Alpha(1); return x => x * x.gt(alpha).to(x.dtype); }
            case "affine": { var (alpha, beta) = (Alpha(1), Beta(0)); return x => (x * alpha) + beta; }
            case "scaledtanh": { var (alpha, beta) = (Alpha(1), Beta(1)); return x => x.mul(beta).tanh() * alpha; }
            case "hardsigmoid": { var (alpha, beta) = (Alpha(0.2f), Beta(0.5f)); return x => x.mul(alpha).add(beta).clamp(0.0, 1.0); }
            default: throw node.Refused($"uses the activation {name}, which is not supported");
        }
    }
}
