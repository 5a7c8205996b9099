using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter: how many steps, and tensors of the parameter's shape by name.</summary>
internal sealed class OptimizerState : IDisposable
{
    public long Steps { get; set; }

    public Dictionary<string, Tensor> Slots { get; } = [];

    /// <summary>The tensor of that name, zeros at first.</summary>
    public Tensor Slot(string name, Tensor like) => Slots.TryGetValue(name, out var slot) ? slot : Slots[name] = zeros_like(like).DetachFromDisposeScope();

    public void To(Device device)
    {
        foreach (var (name, slot) in Slots.ToArray()) Slots[name] = slot.to(device, disposeAfter: true).DetachFromDisposeScope();
    }

    public void CopyFrom(OptimizerState other, Device device)
    {
        if (ReferenceEquals(this, other)) return;
        Dispose();
        Steps = other.Steps;
        foreach (var (name, slot) in other.Slots) Slots[name] = slot.to(device, copy: true).DetachFromDisposeScope();
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(Steps);
        writer.Write7BitEncodedInt(Slots.Count);
        foreach (var (name, slot) in Slots)
        {
            writer.Write(name);
            TensorFile.Write(slot, writer);
        }
    }

    /// <summary>Reads the state of a parameter; its tensors have the parameter's type and shape.</summary>
    public static OptimizerState Read(BinaryReader reader, Parameter like)
    {
        var state = new OptimizerState { Steps = reader.Read7BitEncodedInt64() };
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > 16) throw new ArgumentException($"A parameter's state claims {count} tensors: this is no optimizer's state, or a damaged one.");
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            TensorFile.ReadInto(state.Slots[name] = zeros_like(like), reader, skip: false);
        }
        return state;
    }

    public void Dispose()
    {
        foreach (var slot in Slots.Values) slot.Dispose();
        Slots.Clear();
    }
}
