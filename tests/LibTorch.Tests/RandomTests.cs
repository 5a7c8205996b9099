using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>These share the process's default generator, so none runs beside another.</summary>
[Collection(nameof(WholeProcess))]
public class RandomTests
{
    public static TheoryData<string, Func<Tensor>> Draws => new()
    {
        { "rand", () => rand(2, 3) },
        { "randn", () => randn([2L, 3L]) },
        { "randint", () => randint(10, new Size((2, 3))) },
        { "randint from", () => randint(5, 10, [2L, 3L]) },
        { "randint ints", () => randint(0, 10, [2, 3]) },
        { "randperm", () => randperm(10) },
        { "rand_like", () => rand_like(zeros(5)) },
        { "randn_like", () => randn_like(zeros(5)) },
        { "randint_like", () => randint_like(zeros(5), 0, 100) },
        { "normal", () => normal(1, 2, (ReadOnlySpan<long>)[5]) },
        { "normal of tensors", () => normal(zeros(5), ones(5)) },
        { "bernoulli", () => bernoulli(full(20, 0.5)) },
        { "bernoulli p", () => bernoulli(zeros(20), 0.5) },
        { "multinomial", () => multinomial(ones(20), 10) },
        { "normal_", () => zeros(5).normal_() },
        { "uniform_", () => zeros(5).uniform_(-1, 1) },
        { "bernoulli_", () => zeros(20).bernoulli_() },
        { "exponential_", () => zeros(5).exponential_() },
        { "random_", () => zeros(5).random_(0, 100) },
    };

    [Theory]
    [MemberData(nameof(Draws))]
    public void The_same_seed_draws_the_same_and_the_next_draw_differs(string name, Func<Tensor> draw)
    {
        Assert.NotEmpty(name);
        using var scope = NewDisposeScope();
        manual_seed(7);
        var (first, next) = (draw(), draw());
        manual_seed(7);
        Assert.True(first.Equals(draw()));
        Assert.False(first.Equals(next));
    }

    [Fact]
    public void Draws_stay_in_their_range()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var uniform = rand(10_000);
        Assert.InRange(uniform.min().item<float>(), 0, 0.01);
        Assert.InRange(uniform.max().item<float>(), 0.99, 1);
        Assert.InRange(randn(10_000).std().item<float>(), 0.97, 1.03);
        Assert.Equal((3, 6), (randint(3, 7, [1000L]).min().item<long>(), randint(3, 7, [1000L]).max().item<long>()));
        Elements(randperm(5).sort().Values, 0, 1, 2, 3, 4);
        Elements(multinomial(D(0, 1, 0), 3, replacement: true), 1, 1, 1);
    }

    [Fact]
    public void A_generator_draws_its_own_stream()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(3);
        using var other = new Generator(3);
        var first = rand(4, generator: one);
        manual_seed(99);
        Assert.True(first.Equals(rand(4, generator: other)));
        Assert.False(first.Equals(rand(4, generator: other)));
        Assert.Equal(3, one.initial_seed());
        Assert.Equal(CPU, one.device);
        Assert.True(first.Equals(rand(4, generator: one.manual_seed(3))));
        Assert.True(randperm(9, generator: one.manual_seed(5)).Equals(randperm(9, generator: other.manual_seed(5))));
    }

    [Fact]
    public void A_state_can_be_kept_and_given_back()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var state = get_rng_state();
        var first = rand(3);
        set_rng_state(state);
        Assert.True(first.Equals(rand(3)));
        Assert.Equal(5, initial_seed());
        using var generator = new Generator(1);
        var kept = generator.get_state();
        var drawn = rand(3, generator: generator);
        generator.set_state(kept);
        Assert.True(drawn.Equals(rand(3, generator: generator)));
    }

    [Fact]
    public void A_seed_from_the_system_differs_each_time()
    {
        using var generator = new Generator(1);
        Assert.NotEqual(generator.seed(), generator.seed());
        Assert.NotEqual(seed(), seed());
        manual_seed(0);
    }

    [Fact]
    public void A_disposed_generator_says_so()
    {
        var generator = new Generator(1);
        generator.Dispose();
        Assert.Throws<InvalidOperationException>(() => rand(1, generator: generator));
    }

    [Fact]
    public void The_number_of_threads_can_be_set_and_does_not_change_a_sum()
    {
        using var scope = NewDisposeScope();
        int before = get_num_threads();
        try
        {
            manual_seed(1);
            var x = randn(200, 200);
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
            double alone = x.exp().sum().item<float>();
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
            Assert.Equal(alone, x.exp().sum().item<float>(), 1e-6 * alone);
            Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => set_num_threads(0));
            Assert.True(get_num_interop_threads() > 0);
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
