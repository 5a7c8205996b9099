using static TorchSharp.torch;

namespace TorchSharp.Modules;

internal interface IParameterLessModule;

/// <summary>A layer without state: it moves nowhere and takes nothing in.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name) { }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;
    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;
    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw Stateless("buffer", name);
    public override void register_module(string name, nn.Module submodule) => throw Stateless("module", name);
    public override void register_parameter(string name, Parameter param) => throw Stateless("parameter", name);

    private InvalidOperationException Stateless(string kind, string component) =>
        new($"The layer '{GetName()}' has no state: it cannot take the {kind} '{component}' in.");
}
