using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_created_in_it()
    {
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = zeros(1);
            Assert.Equal(1, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
            Assert.Same(inside, Assert.Single(scope.DisposablesView));
        }
        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void A_tensor_that_is_disposed_by_hand_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        zeros(1).Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void The_innermost_scope_takes_what_is_created()
    {
        using var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var x = zeros(1);
        Assert.True(inner.Contains(x));
        Assert.False(outer.Contains(x));
    }

    [Fact]
    public void What_moves_outwards_survives_the_inner_scope()
    {
        using var outer = NewDisposeScope();
        Tensor moved;
        using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
        Assert.False(moved.IsInvalid);
        Assert.True(outer.Contains(moved));
    }

    [Fact]
    public void Moving_out_of_the_outermost_scope_detaches()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void A_detached_tensor_lives_until_it_is_disposed()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = zeros(1).DetachFromDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Attaching_moves_a_tensor_from_the_scope_that_owned_it()
    {
        using var outer = NewDisposeScope();
        var x = zeros(1);
        using var inner = NewDisposeScope();
        inner.Attach(x);
        Assert.True(inner.Contains(x));
        Assert.False(outer.Contains(x));
        Assert.Equal([x], outer.Attach((IEnumerable<IDisposable>)[x]));
        Assert.True(outer.Contains(x));
    }

    [Fact]
    public void A_tensor_moves_to_the_scope_of_another()
    {
        using var outer = NewDisposeScope();
        var anchor = zeros(1);
        using var inner = NewDisposeScope();
        var x = zeros(1).MoveToOtherDisposeScope(anchor);
        Assert.True(outer.Contains(x));
        x.MoveToOtherDisposeScope(inner);
        Assert.True(inner.Contains(x));
        x.MoveToOtherDisposeScope((DisposeScope?)null);
        Assert.False(inner.Contains(x));
        x.Dispose();
    }

    [Fact]
    public void Moves_and_detaches_return_their_arguments()
    {
        using var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(2), zeros(3));
        Assert.Same(a, inner.MoveToOuter(a));
        Assert.Equal((a, b), outer.MoveToOther(inner, a, b));
        Assert.True(inner.Contains(a));
        Assert.Equal((a, b, c), inner.MoveToOuter(a, b, c));
        Assert.Equal(3, outer.DisposablesCount);
        Assert.Equal((a, b), outer.Detach(a, b));
        Assert.Equal(1, outer.DisposablesCount);
        outer.Attach(a, b);
        outer.Detach((IEnumerable<IDisposable>)[a, b, c]);
        Assert.Equal(0, outer.DisposablesCount);
        inner.Attach(a, b, c);
    }

    [Fact]
    public void Everything_but_some_can_be_disposed()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(1), zeros(1));
        Assert.Equal((a, b), scope.DisposeEverythingBut(a, b));
        Assert.Equal([false, false, true], new[] { a, b, c }.Select(x => x.IsInvalid));
        Assert.Same(a, scope.DisposeEverythingBut(a));
        Assert.Equal(1, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.True(a.IsInvalid);
        Assert.True(scope.Contains(zeros(1)));
    }

    [Fact]
    public void A_disposed_scope_refuses_everything_but_another_dispose()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        using var x = zeros(1);
        Assert.Throws<ObjectDisposedException>(() => scope.Attach(x));
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.Throws<ObjectDisposedException>(() => scope.Contains(x));
        Assert.Throws<ObjectDisposedException>(() => scope.Detach(x));
        Assert.Throws<ObjectDisposedException>(() => scope.MoveToOuter(x));
        Assert.Throws<ObjectDisposedException>(scope.DisposeEverything);
    }

    [Fact]
    public void A_scope_disposed_out_of_order_is_taken_from_the_middle()
    {
        using var outer = NewDisposeScope();
        var middle = NewDisposeScope();
        using var inner = NewDisposeScope();
        middle.Dispose();
        var x = zeros(1);
        Assert.True(inner.Contains(x));
        x.MoveToOuterDisposeScope();
        Assert.True(outer.Contains(x));
    }

    [Fact]
    public void Other_disposables_take_part()
    {
        using var stream = new MemoryStream();
        using (var scope = NewDisposeScope()) scope.Attach(stream);
        Assert.False(stream.CanRead);
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other!));
        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void A_wrapped_computation_gives_out_only_its_result()
    {
        using var outer = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => (zeros(2) + 1) * 3);
        Assert.Equal(1, outer.DisposablesCount);
        Elements(result, 3, 3);
    }

    [Fact]
    public void The_statistics_count_this_threads_tensors() => OnOwnThread(() =>
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var loose = zeros(1);
        Assert.Equal((1, 1), (statistics.CreatedOutsideScopeCount, statistics.ThreadTotalLiveCount));
        using (var scope = NewDisposeScope())
        {
            var (a, b) = (zeros(1), zeros(1));
            a.Dispose();
            b.DetachFromDisposeScope();
            Assert.Equal((2, 1, 1), (statistics.CreatedInScopeCount, statistics.DisposedInScopeCount, statistics.DetachedFromScopeCount));
            scope.Attach(b);
            Assert.Equal(1, statistics.AttachedToScopeCount);
        }
        Assert.Equal((2, 1), (statistics.DisposedInScopeCount, statistics.ThreadTotalLiveCount));
        loose.Dispose();
        Assert.Equal((1, 0), (statistics.DisposedOutsideScopeCount, statistics.ThreadTotalLiveCount));
        Assert.Equal(3, statistics.TensorStatistics.CreatedInScopeCount + statistics.TensorStatistics.CreatedOutsideScopeCount);
    });

    [Fact]
    public void Ten_thousand_operations_in_scopes_leave_nothing() => OnOwnThread(() =>
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var x = arange(12.0).reshape(3, 4).DetachFromDisposeScope();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int round = 0; round < 500; round++)
        {
            using var scope = NewDisposeScope();
            var y = x.clone().requires_grad_();
            var z = (y.matmul(y.T) * 2 + 1).relu().sum();
            z.backward();
            _ = y.grad!;
            _ = y[0, 1..3];
            _ = y[y > 3];
            _ = y.split(1);
            _ = y.max(1);
            x.clone()[1] = 0.5f * x[0];
        }
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(live - before is 1 or 2);
    });

    internal static void OnOwnThread(Action test)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception error)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
