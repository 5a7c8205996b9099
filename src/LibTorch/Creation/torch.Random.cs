using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Ops.RandintLowGenerator.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Value.None, Where(device), Value.None), requires_grad, names);

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Made(Ops.RandpermGenerator.Call(n, generator, dtype ?? ScalarType.Int64, Value.None, Where(device), Value.None), requires_grad);

    public static Tensor randperm(long n, Tensor @out, Generator? generator = null) => Ops.RandpermGeneratorOut.Into(n, generator, @out);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.RandLike.Call(input, dtype, Value.None, device), requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.RandnLike.Call(input, dtype, Value.None, device), requires_grad);

    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.RandintLikeLowDtype.Call(input, low, high, dtype, Value.None, device), requires_grad);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Ops.NormalFloatFloat.Call(mean, std, size, generator, dtype, Value.None, Where(device), Value.None), requires_grad, names);

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => Ops.NormalTensorTensor.Call(mean, std, generator);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => Ops.Bernoulli.Call(input, generator);

    public static Tensor bernoulli(Tensor input, double p, Generator? generator = null) => Ops.BernoulliP.Call(input, p, generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        Ops.Multinomial.Call(input, num_samples, replacement, generator);

    public partial class Tensor
    {
        public Tensor normal_(double mean = 0.0, double stddev = 1.0, Generator? generator = null) => Ops.NormalInPlace.Change(this, mean, stddev, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Ops.UniformInPlace.Change(this, from, to, generator);
        public Tensor bernoulli(Generator? generator = null) => Ops.Bernoulli.Call(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Ops.BernoulliInPlaceFloat.Change(this, p, generator);
        public Tensor exponential_(double lambd = 1, Generator? generator = null) => Ops.ExponentialInPlace.Change(this, lambd, generator);
        public Tensor random_(long from, long to, Generator? generator = null) => Ops.RandomInPlaceFrom.Change(this, from, to, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => torch.multinomial(this, num_samples, replacement, generator);
    }
}
