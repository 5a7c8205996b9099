using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class LinearTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_linear_layer_is_a_matrix_and_a_shift()
    {
        using var linear = Linear(Parameter(tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).reshape(2, 3)), Parameter(tensor([10.0, 20.0])));
        Assert.Equal((3, 2), (linear.in_features, linear.out_features));
        Close.To([24, 52], linear.call(tensor([1.0, 2.0, 3.0])), 0);
        using var plain = Linear(3, 2, hasBias: false);
        Assert.Null(plain.bias);
        Assert.Equal([4L, 5L, 2L], plain.call(ones(4, 5, 3)).shape);
    }

    [Fact]
    public void A_bilinear_layer_multiplies_both_inputs_with_each_slice()
    {
        using var layer = Bilinear(2, 3, 4, dtype: ScalarType.Float64);
        var (x, y) = (Close.Input(5, 2), Close.Input(5, 3));
        Close.To(einsum("ni,oij,nj->no", x, layer.weight, y) + layer.bias!, layer.call(x, y), 1e-12);
    }

    [Fact]
    public void An_embedding_gives_rows_and_its_padding_row_no_gradient()
    {
        using var embedding = Embedding(4, 2, padding_idx: 1);
        var output = embedding.call(tensor([3L, 1L, 3L]));
        Close.To(embedding.weight![TensorIndex.Tensor(tensor([3L, 1L, 3L]))], output, 0);
        output.sum().backward();
        Close.To([0, 0, 0, 0, 0, 0, 2, 2], embedding.weight!.grad!, 0);
        Assert.Throws<ArgumentException>(() => Embedding(4, 2, padding_idx: 4));
    }

    [Fact]
    public void A_given_table_is_frozen_unless_told_otherwise_and_kept_apart()
    {
        var table = tensor([3.0, 4.0, 0.3, 0.4]).reshape(2, 2);
        using var frozen = Embedding_from_pretrained(table.clone());
        Assert.False(frozen.weight!.requires_grad);
        using var free = Embedding_from_pretrained(table.clone(), freeze: false, max_norm: 1);
        Assert.True(free.weight!.requires_grad);
        Close.To([0.6, 0.8, 0.3, 0.4], free.call(tensor([0L, 1L])), 1e-6);
    }

    [Fact]
    public void Flatten_and_unflatten_undo_each_other()
    {
        var input = Close.Input(2, 3, 4, 5);
        Assert.Equal([2L, 60L], Flatten().call(input).shape);
        Assert.Equal([2L, 12L, 5L], Flatten(1, 2).call(input).shape);
        Close.To(input, Unflatten(1, [3, 4]).call(Flatten(1, 2).call(input)), 0);
    }

    [Fact]
    public void Attention_without_a_mask_is_the_softmax_of_scaled_products()
    {
        var (q, k, v) = (Close.Input(2, 3, 4), Close.Input(2, 5, 4) * 2, Close.Input(2, 5, 6));
        var weights = functional.softmax(einsum("nld,nsd->nls", q, k) / 2, -1);
        Close.To(einsum("nls,nse->nle", weights, v), functional.scaled_dot_product_attention(q, k, v), 1e-12);
        var causal = functional.scaled_dot_product_attention(q, k, v, is_casual: true);
        Close.To(v.select(1, 0), causal.select(1, 0), 1e-12);
        Close.To(causal, functional.scaled_dot_product_attention(q, k, v, ones(3, 5, ScalarType.Bool).tril()), 1e-12);
        Assert.Throws<ArgumentException>(() => functional.scaled_dot_product_attention(q, k, v, ones(3, 5), is_casual: true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    public void Several_heads_attend_each_on_their_share_of_the_embedding(long? keys)
    {
        manual_seed(4);
        using var attention = MultiheadAttention(4, 2, kdim: keys).@double();
        var state = attention.state_dict();
        var (q, k, v) = (Close.Input(3, 2, 4), Close.Input(5, 2, keys ?? 4), Close.Input(5, 2, 4));
        Tensor Weight(string name, int part) => keys is null ? state["in_proj_weight"].narrow(0, 4 * part, 4) : state[name];
        Tensor In(Tensor x, string name, int part) => functional.linear(x, Weight(name, part), state["in_proj_bias"].narrow(0, 4 * part, 4));
        var (pq, pk, pv) = (In(q, "q_proj_weight", 0), In(k, "k_proj_weight", 1), In(v, "v_proj_weight", 2));
        var (mixed, mean) = (new List<Tensor>(), zeros([2, 3, 5], ScalarType.Float64));
        for (var head = 0; head < 2; head++)
        {
            Tensor Share(Tensor x) => x.narrow(2, 2 * head, 2).transpose(0, 1); // (N, L, 2)
            var weights = functional.softmax(Share(pq).matmul(Share(pk).transpose(1, 2)) / Math.Sqrt(2), -1);
            mixed.Add(weights.matmul(Share(pv)));
            mean += weights / 2;
        }
        var expected = functional.linear(cat(mixed, 2).transpose(0, 1), state["out_proj.weight"], state["out_proj.bias"]);
        var (output, given) = attention.call(q, k, v);
        Close.To(expected, output, 1e-10);
        Close.To(mean, given, 1e-10);
    }

    [Fact]
    public void Masked_positions_get_no_attention()
    {
        using var attention = MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true);
        var (q, k) = (Close.Input(3, 2, 4).to(ScalarType.Float32), Close.Input(5, 2, 4).to(ScalarType.Float32));
        var padding = zeros(2, 5, ScalarType.Bool);
        padding[1, 4] = tensor(true);
        var forbidden = ones(3, 5, ScalarType.Bool).triu(1);
        var (_, weights) = attention.call(q, k, k, padding, attn_mask: forbidden);
        Assert.Equal([2L, 3L, 7L], weights.shape);
        Close.To(ones(2, 3), weights.sum(-1), 1e-6);
        Close.To(new double[8], weights.select(1, 0).narrow(1, 1, 4), 0);
        Assert.Equal(0, weights[1, 2, 4].ToDouble());
        Assert.True(weights[0, 2, 2].ToDouble() > 0);
        Close.To(weights, attention.call(q, k, k, padding, attn_mask: forbidden.unsqueeze(0).expand(4, 3, 5)).Item2, 1e-6);
        Assert.Null(attention.call(q, k, k, need_weights: false).Item2);
    }
}
