using System.Collections.Immutable;
using ModelInspector.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>Convolutional halves: the network is built again from plain numbers for every call, in batches of one size.</summary>
internal sealed record ConvolutionalCoder(ConvolutionalNetwork Network, ImmutableArray<Matrix> Encoder, ImmutableArray<Matrix> Decoder, int Codes) : ICoder
{
    private const int Batch = 256;

    public Matrix Encode(Matrix rows) => Run(Network.Encoder, Encoder, rows, Network.Shape, Codes);

    public Matrix Decode(Matrix codes) => Run(Network.Decoder, Decoder, codes, [Codes], Network.Pixels);

    public FittedState Into(FittedState state) => Weights.Into(Weights.Into(state, "encoder", Encoder), "decoder", Decoder);

    private static Matrix Run(Func<Sequential> build, ImmutableArray<Matrix> weights, Matrix rows, ImmutableArray<long> shape, int keep)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var network = build();
        Weights.Into(network, weights);
        var result = new Matrix(rows.Rows, keep);
        for (var from = 0; from < rows.Rows; from += Batch)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(Batch, rows.Rows - from);
            var part = tensor(rows.Values[(from * rows.Columns)..((from + count) * rows.Columns)]).reshape([count, .. shape]);
            var output = network.call(part).reshape(count, -1).narrow(1, 0, keep).contiguous();
            output.data<float>().ToArray().CopyTo(result.Values, from * keep);
        }
        return result;
    }
}
