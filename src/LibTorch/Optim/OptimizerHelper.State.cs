using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract partial class OptimizerHelper
{
    /// <summary>Options and state as they are: the tensors are the live ones, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary(GetType().Name);
        dictionary.Groups.AddRange(_parameter_groups.Select(group => (group.LearningRate, group.InitialLearningRate, group.Options.Numbers)));
        dictionary.States.AddRange(parameters().Select(State));
        return dictionary;
    }

    /// <summary>Takes over options and copies of the state of another optimizer of the same kind.</summary>
    /// <exception cref="ArgumentException">Another kind of optimizer, or other groups or parameters.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        Parameter[] targets = [.. parameters()];
        RequireKin(state_dict, targets);
        foreach (var (group, saved) in _parameter_groups.Zip(state_dict.Groups))
        {
            group.Options.Numbers = saved.Numbers;
            (group.LearningRate, group.InitialLearningRate) = (saved.Rate, saved.InitialRate);
        }
        foreach (var (parameter, saved) in targets.Zip(state_dict.States)) State(parameter).CopyFrom(saved, parameter.device);
    }

    private void RequireKin(StateDictionary saved, Parameter[] targets)
    {
        if (saved.Optimizer != GetType().Name) throw new ArgumentException($"The state is that of {saved.Optimizer}, the optimizer is {GetType().Name}.");
        if (saved.Groups.Count != _parameter_groups.Count || saved.States.Count != targets.Length)
            throw new ArgumentException($"The state has {saved.Groups.Count} groups and {saved.States.Count} parameters, the optimizer {_parameter_groups.Count} and {targets.Length}.");
        foreach (var (group, (_, _, numbers)) in _parameter_groups.Zip(saved.Groups))
            if (numbers.Length != group.Options.Numbers.Length) throw new ArgumentException($"The state has {numbers.Length} options a group, {GetType().Name} {group.Options.Numbers.Length}.");
        foreach (var (parameter, state) in targets.Zip(saved.States))
        {
            if (state.Slots.Values.FirstOrDefault(slot => !slot.shape.SequenceEqual(parameter.shape)) is { } other)
                throw new ArgumentException($"The state of a parameter has the shape [{string.Join(",", other.shape)}], the parameter [{string.Join(",", parameter.shape)}].");
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Writes the kind of optimizer, its groups' options, and per parameter its steps and tensors.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(state.Optimizer);
        writer.Write7BitEncodedInt(state.Groups.Count);
        foreach (var (rate, initial, numbers) in state.Groups)
        {
            writer.Write7BitEncodedInt(numbers.Length);
            foreach (var number in numbers.Prepend(initial).Prepend(rate)) writer.Write(number);
        }
        writer.Write7BitEncodedInt(state.States.Count);
        foreach (var entry in state.States) entry.Write(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        load_state_dict(Read(reader));
    }

    private StateDictionary Read(BinaryReader reader)
    {
        var dictionary = new StateDictionary(reader.ReadString());
        if (dictionary.Optimizer != GetType().Name) throw new ArgumentException($"The file holds the state of {dictionary.Optimizer}, the optimizer is {GetType().Name}.");
        for (var groups = reader.Read7BitEncodedInt(); dictionary.Groups.Count < groups;) dictionary.Groups.Add(ReadGroup(reader));
        Parameter[] targets = [.. parameters()];
        var states = reader.Read7BitEncodedInt();
        if (states != targets.Length) throw new ArgumentException($"The file has {states} parameters, the optimizer {targets.Length}.");
        dictionary.States.AddRange(targets.Select(target => OptimizerState.Read(reader, target)));
        return dictionary;
    }

    private static (double, double, double[]) ReadGroup(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > 64) throw new ArgumentException($"A group of parameters claims {count} options: this is no optimizer's state, or a damaged one.");
        var (rate, initial) = (reader.ReadDouble(), reader.ReadDouble());
        return (rate, initial, [.. Enumerable.Range(0, count).Select(_ => reader.ReadDouble())]);
    }
}
