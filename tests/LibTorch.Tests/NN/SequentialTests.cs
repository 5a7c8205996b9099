using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class SequentialTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Intermediate_results_are_disposed_once_the_next_layer_has_consumed_them()
    {
        using var net = Sequential(Linear(2, 2), ReLU(), Linear(2, 1));
        var kept = new List<Tensor>();
        foreach (var module in net.children().Cast<Module<Tensor, Tensor>>())
        {
            module.register_forward_hook((m, x, y) =>
            {
                kept.Add(y);
                return null!;
            });
        }
        var input = ones(1, 2);
        var output = net.call(input);
        Assert.Equal([true, true, false], kept.Select(tensor => tensor.IsInvalid));
        Assert.Same(output, kept[2]);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void An_alias_of_an_intermediate_result_stays_valid()
    {
        using var net = Sequential(ReLU(), Identity());
        Tensor? alias = null;
        ((ReLU)net[0]).register_forward_hook((m, x, y) =>
        {
            alias = y.alias();
            return null!;
        });
        net.call(tensor([-1.0, 2.0]));
        Close.To([0, 2], alias!);
    }

    [Fact]
    public void Outside_any_scope_only_the_result_is_left()
    {
        using var net = Sequential(Linear(2, 2), ReLU(), Dropout(), Identity(), Linear(2, 1));
        using var input = ones(1, 2);
        var before = Settled.Count();
        using var output = net.call(input);
        Assert.Equal(before + 1, Tensor.TotalCount);
    }

    [Fact]
    public void A_failing_layer_leaves_nothing_behind()
    {
        using var net = Sequential(ReLU(), Linear(3, 1));
        using var input = ones(1, 2);
        var before = Settled.Count();
        Assert.ThrowsAny<Exception>(() => net.call(input));
        Assert.Equal(before, Tensor.TotalCount);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void An_empty_one_gives_another_handle_of_its_input()
    {
        using var net = Sequential();
        var input = ones(2);
        var output = net.call(input);
        Assert.NotSame(input, output);
        input.Dispose();
        Close.To([1, 1], output);
    }

    [Fact]
    public void Names_are_numbers_or_those_given()
    {
        using var numbered = Sequential(ReLU(), Linear(1, 1));
        using var named = Sequential(("act", ReLU()), ("fc", Linear(1, 1)));
        using var tuples = Sequential(Tuple.Create<string, Module<Tensor, Tensor>>("act", ReLU()));
        Assert.Equal(["0", "1"], numbered.named_children().Select(entry => entry.name));
        Assert.Equal(["act", "fc"], named.named_children().Select(entry => entry.name));
        Assert.Equal(["act"], tuples.named_children().Select(entry => entry.name));
        Assert.Equal(3, named.append("last", ReLU()).Count);
        Assert.Equal(["0", "1", "2"], numbered.append(ReLU()).named_children().Select(entry => entry.name));
    }

    [Fact]
    public void A_slice_shares_the_layers()
    {
        using var net = Sequential(("a", Linear(1, 1)), ("b", ReLU()), ("c", Linear(1, 1)));
        var tail = net[1..];
        Assert.Equal(["b", "c"], tail.named_children().Select(entry => entry.name));
        Assert.Same(net[2], tail[1]);
        Assert.Same(net[0], net[(null, 1)][0]);
    }

    [Fact]
    public void A_list_registers_by_number_and_renumbers()
    {
        using var list = ModuleList(Linear(1, 1), Linear(1, 2));
        list.Insert(0, Linear(1, 3));
        list.append(Linear(1, 4));
        Assert.Equal([3, 1, 2, 4], list.Select(linear => linear.out_features));
        Assert.Equal(["0", "1", "2", "3"], list.named_children().Select(entry => entry.name));
        list.RemoveAt(1);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"], list.named_parameters().Select(entry => entry.name));
        Assert.Equal(2, list[1].out_features);
    }

    [Fact]
    public void A_dictionary_registers_by_name_in_order()
    {
        using var modules = ModuleDict<Module<Tensor, Tensor>>(("left", Linear(1, 1)), ("right", ReLU()));
        modules.Add("more", Identity());
        Assert.Equal(["left", "right", "more"], modules.named_children().Select(entry => entry.name));
        Assert.Equal("right", modules[1].Item1);
        Assert.True(modules.Remove("left"));
        Assert.Equal(["right", "more"], modules.keys());
        Assert.IsType<Identity>(modules["more"]);
        Assert.Equal(["right", "more"], modules.named_children().Select(entry => entry.name));
    }

    [Fact]
    public void A_list_of_parameters_follows_a_conversion()
    {
        using var list = ParameterList(Parameter(ones(1)), Parameter(ones(2)));
        Assert.Equal(["0", "1"], list.named_parameters().Select(entry => entry.name));
        list.@double();
        Assert.Equal(ScalarType.Float64, list[1].dtype);
        Assert.Same(list.get_parameter("1"), list[1]);
    }

    private sealed class Doubled(params Module[] modules) : Sequential<Tensor, Tensor>(modules)
    {
        public override Tensor forward(Tensor input) => InTurn().Aggregate(input * 2, (value, module) => module.call(value));

        protected override Sequential<Tensor, Tensor> Slice(int start, int end) => new Doubled([.. Enumerable.Range(start, end - start).Select(i => this[i])]);

        private IEnumerable<Module<Tensor, Tensor>> InTurn() => children().Cast<Module<Tensor, Tensor>>();
    }

    [Fact]
    public void A_row_of_any_modules_runs_as_its_subclass_says()
    {
        using var row = new Doubled(ReLU(), Identity());
        row.append("last", ReLU());
        Close.To([0, 4], row.call(tensor([-1.0, 2.0])), 0);
        Assert.Equal(["0", "1", "last"], row.named_children().Select(entry => entry.name));
        Assert.Same(row[2], row[1..][1]);
        Assert.Equal(1, row[(null, 1)].Count);
    }
}
