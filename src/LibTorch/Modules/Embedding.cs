using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>A row of a table for every index.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    private readonly long? padding_idx;
    private readonly double? max_norm;
    private readonly double norm_type;
    private readonly bool scale_grad_by_freq;
    private readonly bool sparse;

    internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
        : this(Owned(empty([num_embeddings, embedding_dims], dtype, device)), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    {
        nn.init.normal_(_weight!);
        if (this.padding_idx is not { } row) return;
        using var _ = no_grad();
        using var padding = _weight!.select(0, row);
        padding.zero_();
    }

    internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
    {
        var rows = weight.shape[0];
        if (padding_idx < -rows || padding_idx >= rows) throw new ArgumentException($"padding_idx {padding_idx} is outside the table's {rows} rows.");
        (this.padding_idx, this.max_norm, this.norm_type) = (padding_idx < 0 ? padding_idx + rows : padding_idx, max_norm, norm_type);
        (this.scale_grad_by_freq, this.sparse) = (scale_grad_by_freq, sparse);
        _weight = weight;
        RegisterComponents();
    }

    public Parameter? weight { get => _weight; set => Assign(ref _weight, value, nameof(weight)); }

    public override Tensor forward(Tensor input) => F.embedding(input, _weight!, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
}
