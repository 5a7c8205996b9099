using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>softmax(Q·Kᵀ/√d)·V in several heads. Query (L, N, E), key (S, N, kdim), value (S, N, vdim); gives (L, N, E) and weights (N, L, S).</summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
{
    private readonly long embedded_dim;
    private readonly long num_heads;
    private readonly double dropout;
    private readonly bool add_zero_attn;
    private Parameter? in_proj_weight;
    private Parameter? q_proj_weight;
    private Parameter? k_proj_weight;
    private Parameter? v_proj_weight;
    private Parameter? in_proj_bias;
    private Parameter? bias_k;
    private Parameter? bias_v;
    private readonly Linear out_proj;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim) : base(nameof(MultiheadAttention))
    {
        if (num_heads < 1 || embedded_dim % num_heads != 0) throw new ArgumentException($"The embedding of {embedded_dim} cannot be cut into {num_heads} equal heads.");
        (this.embedded_dim, this.num_heads, this.dropout, this.add_zero_attn) = (embedded_dim, num_heads, dropout, add_zero_attn);
        out_proj = nn.Linear(embedded_dim, embedded_dim, bias);
        Project(kdim ?? embedded_dim, vdim ?? embedded_dim);
        if (bias)
        {
            in_proj_bias = Owned(zeros(3 * embedded_dim));
            nn.init.zeros_(out_proj.bias!);
        }
        if (add_bias_kv)
        {
            nn.init.xavier_normal_(bias_k = Owned(empty(1, 1, embedded_dim)));
            nn.init.xavier_normal_(bias_v = Owned(empty(1, 1, embedded_dim)));
        }
        RegisterComponents();
    }

    /// <summary>One matrix for query, key and value when their sizes agree, otherwise three.</summary>
    private void Project(long kdim, long vdim)
    {
        if (kdim == embedded_dim && vdim == embedded_dim) in_proj_weight = Xavier(3 * embedded_dim, embedded_dim);
        else
        {
            q_proj_weight = Xavier(embedded_dim, embedded_dim);
            k_proj_weight = Xavier(embedded_dim, kdim);
            v_proj_weight = Xavier(embedded_dim, vdim);
        }
    }

    private static Parameter Xavier(long rows, long columns)
    {
        var parameter = Owned(empty(rows, columns));
        nn.init.xavier_uniform_(parameter);
        return parameter;
    }

    public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

    /// <summary>Masks are true (or −∞) where attention is forbidden; without <paramref name="need_weights"/> the second tensor is null.</summary>
    public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (In(query, 0, q_proj_weight), Extended(In(key, 1, k_proj_weight), bias_k), Extended(In(value, 2, v_proj_weight), bias_v));
        var (sources, batch, targets) = (k.shape[0], q.shape[1], q.shape[0]);
        var scores = Heads(q).div(Math.Sqrt((double)embedded_dim / num_heads)).matmul(Heads(k).transpose(-2, -1)); // (N, heads, L, S)
        scores = Masked(Masked(scores, ByHead(AddedColumns(attn_mask, sources))), PaddingMask(key_padding_mask, sources));
        var weights = F.softmax(scores, -1); // (N, heads, L, S)
        var mixed = F.dropout(weights, dropout, training).matmul(Heads(v)); // (N, heads, L, d)
        var output = out_proj.call(mixed.permute(2, 0, 1, 3).reshape(targets, batch, embedded_dim)); // (L, N, E)
        var mean = need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null; // (N, L, S)
        return new(output.MoveToOuterDisposeScope(), mean!);
    }

    private Tensor In(Tensor input, int part, Parameter? own)
    {
        var weight = own ?? in_proj_weight!.narrow(0, part * embedded_dim, embedded_dim);
        return F.linear(input, weight, in_proj_bias?.narrow(0, part * embedded_dim, embedded_dim));
    }

    /// <summary>Appends the learned and the zero source, where asked for.</summary>
    private Tensor Extended(Tensor source, Parameter? bias)
    {
        long[] one = [1, source.shape[1], embedded_dim];
        if (bias is not null) source = cat([source, bias.expand(one)], 0);
        return add_zero_attn ? cat([source, source.new_zeros(one)], 0) : source;
    }

    private Tensor Heads(Tensor x) => x.reshape(x.shape[0], x.shape[1], num_heads, embedded_dim / num_heads).permute(1, 2, 0, 3); // (N, heads, L or S, d)

    private static Tensor Masked(Tensor scores, Tensor? mask) => mask switch
    {
        null => scores,
        { dtype: ScalarType.Bool } => scores.masked_fill(mask, double.NegativeInfinity),
        _ => scores + mask,
    };

    /// <summary>(L, S) as it is, (N·heads, L, S) as (N, heads, L, S).</summary>
    private Tensor? ByHead(Tensor? mask) => mask is { Dimensions: 3 } ? mask.reshape(-1, num_heads, mask.shape[1], mask.shape[2]) : mask;

    private static Tensor? PaddingMask(Tensor? mask, long sources) => AddedColumns(mask, sources)?.unsqueeze(1).unsqueeze(1); // (N, 1, 1, S)

    /// <summary>A mask of (L, S), (N·heads, L, S) or (N, S); appended sources are always allowed.</summary>
    private static Tensor? AddedColumns(Tensor? mask, long sources)
    {
        if (mask is null) return null;
        var missing = sources - mask.shape[^1];
        return missing > 0 ? F.pad(mask, [0, missing]) : mask;
    }
}
