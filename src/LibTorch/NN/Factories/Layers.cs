using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);
        public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(in1_features, in2_features, out_features, hasBias, device, dtype);
        public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) => new(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);
        public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) => new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
        public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);
        public static Identity Identity() => new();
        public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);
        public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);
        public static PixelShuffle PixelShuffle(long upscale_factor) => new(upscale_factor);
        public static ChannelShuffle ChannelShuffle(long groups) => new(groups);
        public static Upsample Upsample(long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool? align_corners = null, bool? recompute_scale_factor = null) => new(size, scale_factor, mode, align_corners, recompute_scale_factor);
        public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            var table = embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device);
            var weight = new Parameter(table, !freeze);
            weight.DetachFromDisposeScope();
            return new(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        }

        public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);
        public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        public static PixelUnshuffle PixelUnshuffle(long downscale_factor) => new(downscale_factor);
        public static Unfold Unfold(long kernel_size, long dilation = 1, long padding = 0, long stride = 1) => Unfold((kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
        public static Unfold Unfold((long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) => new(kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
        public static Fold Fold(long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) => Fold((output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
        public static Fold Fold((long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) => new(output_size, kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
    }
}
