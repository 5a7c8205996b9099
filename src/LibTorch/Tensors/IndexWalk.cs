using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.TensorIndex;

namespace TorchSharp;

/// <summary>
/// Applies an index from left to right: positions, slices and new axes give a view; tensors are collected for the one
/// gather at the end, as in NumPy. Everything made on the way is disposed with it.
/// </summary>
internal sealed class IndexWalk : IDisposable
{
    private readonly Tensor _source;
    private readonly List<Tensor?> _tensors = [];
    private readonly List<Tensor> _made = [];
    private long _axis;
    private long _consumed;
    private long _extra;

    internal IndexWalk(Tensor source, TensorIndex[] indices)
    {
        _source = View = source;
        try
        {
            long used = indices.Sum(Consumes);
            foreach (var index in indices) Apply(index, used);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The source after the positions and slices.</summary>
    internal Tensor View { get; private set; }

    /// <summary>The index tensors, one an axis, null where an axis is taken whole.</summary>
    internal Tensor?[] Tensors => [.. _tensors];

    /// <summary>The view as a tensor of the caller's.</summary>
    internal Tensor TakeView()
    {
        if (ReferenceEquals(View, _source)) return _source.alias();
        _made.Remove(View);
        return View;
    }

    internal void Write(Tensor value, bool accumulate)
    {
        if (accumulate) View.add_(value);
        else Copy(View, value);
    }

    /// <summary>Copies with broadcasting; leading axes of extent 1 that the target lacks are dropped.</summary>
    internal static void Copy(Tensor target, Tensor value)
    {
        long extra = value.Dimensions - target.Dimensions;
        if (extra > 0 && value.shape.Take((int)extra).All(extent => extent == 1))
        {
            using var smaller = value.reshape(value.shape[(int)extra..]);
            target.copy_(smaller);
            return;
        }
        target.copy_(value);
    }

    public void Dispose()
    {
        foreach (var tensor in _made) tensor.Dispose();
        _made.Clear();
    }

    private static long Consumes(TensorIndex index) => index.Kind switch
    {
        Form.Single or Form.Slice => 1,
        Form.Tensor => index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte ? index.Indices.Dimensions : 1,
        _ => 0,
    };

    private void Apply(TensorIndex index, long used)
    {
        switch (index.Kind)
        {
            case Form.None:
                Step(Ops.Unsqueeze.Call(View, _axis++));
                break;
            case Form.Ellipsis:
                _axis += View.Dimensions - _axis - Remaining(used);
                break;
            case Form.Single:
                _consumed++;
                Step(Ops.SelectInt.Call(View, _axis, index.Start));
                break;
            case Form.Slice:
                _consumed++;
                if (index.Start is not null || index.Stop is not null || index.Step is not null)
                    Step(Ops.SliceTensor.Call(View, _axis, index.Start, index.Stop, index.Step ?? 1));
                _axis++;
                break;
            case Form.Bool:
                Step(Ops.Unsqueeze.Call(View, _axis));
                Collect(Made(tensor([index.Start != 0])), 1);
                break;
            default:
                ApplyTensor(index.Indices!);
                break;
        }
    }

    private void ApplyTensor(Tensor index)
    {
        bool mask = index.dtype is ScalarType.Bool or ScalarType.Byte;
        _consumed += mask ? index.Dimensions : 1;
        if (index.Dimensions == 0 && !mask) Step(Ops.SelectInt.Call(View, _axis, index.ToInt64()));
        else if (index.Dimensions == 0) ApplyScalarMask(index);
        else Collect(index, mask ? index.Dimensions : 1);
    }

    private void ApplyScalarMask(Tensor mask)
    {
        Step(Ops.Unsqueeze.Call(View, _axis));
        Collect(Made(mask.to(ScalarType.Bool).reshape(1)), 1);
    }

    // A mask of n dimensions stands for n axes, which libtorch expands itself.
    private void Collect(Tensor index, long axes)
    {
        while (_tensors.Count < Slot()) _tensors.Add(null);
        _tensors.Add(index);
        _axis += axes;
        _extra += axes - 1;
    }

    private long Slot() => _axis - _extra;

    private long Remaining(long used) => used - _consumed;

    private Tensor Made(Tensor tensor)
    {
        _made.Add(tensor);
        return tensor;
    }

    private void Step(Tensor next) => View = Made(next);
}
