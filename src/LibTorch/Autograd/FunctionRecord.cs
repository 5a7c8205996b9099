using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TorchSharp;

/// <summary>
/// One application of a managed function: the native node holds it through a GC handle, calls it in the backward pass, and
/// lets go of it when the graph dies. It holds no tensor of the graph itself, so the two can't keep each other alive.
/// </summary>
internal sealed unsafe class FunctionRecord(AutogradContext context, Func<List<Tensor>, List<Tensor>> backward, int[] places, int entries)
{
    [ThreadStatic]
    private static byte[]? t_error;

    /// <summary>Ties the outputs of a forward pass into the graph and returns them as new tensors.</summary>
    internal static List<Tensor> Record(
        string name, AutogradContext context, Func<List<Tensor>, List<Tensor>> backward, object[] vars, List<Tensor> outputs)
    {
        int[] places = [.. Enumerable.Range(0, vars.Length).Where(k => vars[k] is Tensor)];
        var record = new FunctionRecord(context, backward, places, vars.Length);
        nint[] inputs = Handles.Of(vars.OfType<Tensor>()), results = Handles.Of(outputs), wrapped = new nint[outputs.Count];
        nint[] saved = Handles.Of(context.Saved), dirty = Handles.Of(context.Dirty), constant = Handles.Of(context.Constant);
        byte[] title = Encoding.UTF8.GetBytes(name + '\0');
        byte* error;
        fixed (nint* input = inputs, output = results, save = saved, change = dirty, still = constant, wrap = wrapped)
        fixed (byte* text = title)
        {
            var native = new NativeFunction
            {
                Context = GCHandle.ToIntPtr(GCHandle.Alloc(record)),
                Backward = &Run,
                Release = &Release,
                Name = text,
                Inputs = input,
                Outputs = output,
                Saved = save,
                Dirty = change,
                Constant = still,
                InputCount = inputs.Length,
                OutputCount = results.Length,
                SavedCount = saved.Length,
                DirtyCount = dirty.Length,
                ConstantCount = constant.Length,
                Materialize = context.MaterializeGrads ? 1 : 0,
            };
            error = Bridge.mi_function_record(&native, wrap);
        }
        GC.KeepAlive((vars, outputs, context.Saved));
        context.Settle();
        Bridge.Check(error);
        return [.. wrapped.Select(handle => new Tensor(handle))];
    }

    private List<Tensor> Gradients(nint node, ReadOnlySpan<nint> grads)
    {
        context.Node = node;
        try
        {
            var given = new List<Tensor>(grads.Length);
            foreach (nint grad in grads) given.Add(grad == 0 ? null! : new Tensor(grad));
            return backward(given);
        }
        finally
        {
            context.Node = 0;
        }
    }

    // Writes the gradient of every tensor argument as a handle of its own.
    private void Answer(List<Tensor> answer, Span<nint> results)
    {
        if (answer.Count != entries)
            throw new NotImplementedException($"The backward pass returned {answer.Count} gradients, and the function was applied to {entries} arguments: return one for each, null where there is none.");
        for (int k = 0; k < places.Length; k++)
            results[k] = answer[places[k]] is { } grad ? Bridge.mi_tensor_share(grad.Handle) : 0;
        GC.KeepAlive(answer);
    }

    [UnmanagedCallersOnly]
    private static byte* Run(nint context, nint node, nint* grads, int count, nint* results, int expected)
    {
        try
        {
            var record = (FunctionRecord)GCHandle.FromIntPtr(context).Target!;
            record.Answer(record.Gradients(node, new ReadOnlySpan<nint>(grads, count)), new Span<nint>(results, expected));
            return null;
        }
        catch (Exception exception)
        {
            return Text(ManagedFailure.Keep(exception));
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint context) => GCHandle.FromIntPtr(context).Free();

    // The text must outlive the call; a pinned buffer a thread does that.
    private static byte* Text(string message)
    {
        t_error = GC.AllocateArray<byte>(Encoding.UTF8.GetMaxByteCount(message.Length) + 1, pinned: true);
        Encoding.UTF8.GetBytes(message, t_error);
        return (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(t_error, 0);
    }
}
