using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Branches and loops whose course is known only when they run. Where it is known at load, an If is put in place before it comes here.</summary>
internal sealed class Control : IOperatorFamily
{
    private const long MostRounds = 100_000;

    public IEnumerable<Operator> Operators =>
    [
        new("If", If) { Gives = (node, output) => node.Body("then_branch").Kinds[output] },
        new("Loop", Loop) { Gives = (node, output) => node.Body("body").Kinds[output + 1] },
        new("Scan", Scan) { Since = 9, Gives = (node, output) => node.Body("body").Kinds[output] },
    ];

    private static Kernel If(Operation node)
    {
        var (then, otherwise) = (node.Body("then_branch"), node.Body("else_branch"));
        return inputs => (inputs.At(0).ToBoolean() ? then : otherwise).Run([], inputs[1..]);
    }

    private static Kernel Loop(Operation node)
    {
        var (body, own) = (node.Body("body"), node.Inputs);
        var carried = body.Inputs.Length - 2;
        return inputs =>
        {
            var (rounds, goesOn) = (inputs.TryAt(0)?.Longs()[0] ?? MostRounds, inputs.TryAt(1)?.ToBoolean() ?? true);
            object?[] values = inputs[2..own].ToArray();
            var collected = Lists(body.Outputs.Length - 1 - carried);
            for (var round = 0L; round < rounds && goesOn; round++)
            {
                if (round == MostRounds) throw new InputException($"a loop has gone {MostRounds:N0} rounds without an end");
                var results = body.Run([tensor(round), tensor(goesOn), .. values], inputs[own..]);
                goesOn = ((Tensor)results[0]!).ToBoolean();
                values = results[1..(carried + 1)];
                for (var i = 0; i < collected.Length; i++) collected[i].Add((Tensor)results[carried + 1 + i]!);
            }
            return [.. values.Select(Owned), .. collected.Select(Stacked)];
        };
    }

    // Without a single round nothing tells the shape of what would have been collected.
    private static Tensor Stacked(List<Tensor> parts) => parts.Count > 0 ? stack(parts) : zeros([0]);

    private static object? Owned(object? value) => value is Tensor tensor ? tensor.alias() : Lists(value);

    private static object? Lists(object? value) => value is IReadOnlyList<Tensor> list ? list.Select(tensor => tensor.alias()).ToList() : value;

    private static List<Tensor>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<Tensor>())];

    private static Kernel Scan(Operation node)
    {
        var (body, own, scanned) = (node.Body("body"), node.Inputs, (int)node.RequiredInt("num_scan_inputs"));
        var states = own - scanned;
        var (axes, results) = (node.Ints("scan_input_axes"), node.Ints("scan_output_axes"));
        var (backward, reversed) = (node.Ints("scan_input_directions"), node.Ints("scan_output_directions"));
        if (scanned < 1 || states < 0) throw node.Refused($"goes over {scanned} of {own} inputs");
        return inputs =>
        {
            object?[] values = inputs[..states].ToArray();
            var collected = Lists(body.Outputs.Length - states);
            var along = new Tensor[scanned][];
            for (var i = 0; i < scanned; i++) along[i] = Parts(inputs.At(states + i), axes?[i] ?? 0, backward?[i] == 1);
            for (var round = 0; round < along[0].Length; round++)
            {
                var given = body.Run([.. values, .. along.Select(parts => parts[round])], inputs[own..]);
                values = given[..states];
                for (var i = 0; i < collected.Length; i++) collected[i].Add((Tensor)given[states + i]!);
            }
            return [.. values.Select(Owned), .. collected.Select((parts, i) => Along(parts, results?[i] ?? 0, reversed?[i] == 1))];
        };
    }

    private static Tensor[] Parts(Tensor x, long axis, bool isBackward)
    {
        var parts = x.unbind(x.Axis(axis));
        return isBackward ? [.. parts.AsEnumerable().Reverse()] : parts;
    }

    private static Tensor Along(List<Tensor> parts, long axis, bool isReversed) =>
        stack(isReversed ? parts.AsEnumerable().Reverse() : parts, axis);
}
