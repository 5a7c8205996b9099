using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Op("linear", input, weights, bias);
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) => Op("bilinear", input1, input2, weight, bias);
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Op(inplace ? "dropout_" : "dropout", input, p, training);
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => DropChannels(2, input, p, training, inplace);
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Op(inplace ? "feature_dropout_" : "feature_dropout", input, p, training);
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Op(inplace ? "feature_dropout_" : "feature_dropout", input, p, training);
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => Op(inplace ? "alpha_dropout_" : "alpha_dropout", input, p, training);

            /// <summary>Drops whole channels of (N, C, …), or of (C, …) without a batch, which has <paramref name="unbatched"/> dimensions.</summary>
            private static Tensor DropChannels(int unbatched, Tensor input, double p, bool training, bool inplace)
            {
                if (input.Dimensions != unbatched) return dropout2d(input, p, training, inplace);
                using var batch = input.unsqueeze(0);
                using var dropped = dropout2d(batch, p, training, inplace);
                return dropped.squeeze(0);
            }

            public static Tensor embedding(Tensor input, Tensor weight, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false)
            {
                if (max_norm is { } limit)
                {
                    using var still = no_grad();
                    Op("embedding_renorm_", weight, input, limit, norm_type).Dispose();
                }
                return Op("embedding", weight, input, padding_idx ?? -1, scale_grad_by_freq, sparse);
            }

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Op("one_hot", x, num_classes);
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) => Op("cosine_similarity", x1, x2, dim, eps);
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1E-06, bool keepdim = false) => Op("pairwise_distance", input1, input2, p, eps, keepdim);

            /// <summary>softmax(Q·Kᵀ / √E + mask)·V over the last two dimensions; a boolean mask is true where attention is allowed.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null) throw new ArgumentException("Give attn_mask or is_casual, not both.");
                return WrappedTensorDisposeScope(() =>
                {
                    var scores = query.div(Math.Sqrt(query.shape[^1])).matmul(key.transpose(-2, -1)); // (…, L, S)
                    var mask = is_casual ? ones(query.shape[^2], key.shape[^2], ScalarType.Bool, query.device).tril() : attn_mask;
                    return dropout(softmax(Masked(scores, mask), -1), p, p > 0).matmul(value); // (…, L, E)
                });
            }

            private static Tensor Masked(Tensor scores, Tensor? mask) => mask switch
            {
                null => scores,
                { dtype: ScalarType.Bool } => scores.masked_fill(mask.logical_not(), double.NegativeInfinity),
                _ => scores + mask,
            };
        }
    }
}
