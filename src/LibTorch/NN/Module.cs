using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The root of all layers and networks: it owns parameters, buffers and other modules, each under a name.</summary>
        public partial class Module : IDisposable
        {
            protected string name;
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();
            private bool disposed;

            protected Module(string name) => this.name = name;

            /// <summary>True from construction until <see cref="eval"/>.</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in _internal_submodules.Values) child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Runs an action on every descendant, children before their parents, and then on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in _internal_submodules.Values) child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Forgets the gradients of all parameters, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters()) ZeroGradient(parameter, set_to_none);
            }

            internal static void ZeroGradient(Parameter parameter, bool forget)
            {
                using var gradient = parameter.grad;
                if (gradient is null) return;
                if (forget) parameter.grad = null;
                else gradient.detach_().zero_();
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes parameters, buffers and submodules.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || disposed) return;
                disposed = true;
                foreach (var child in _internal_submodules.Values) child.Dispose();
                foreach (var parameter in _internal_params.Values) parameter.Dispose();
                foreach (var (buffer, _) in _internal_buffers.Values) buffer.Dispose();
            }

            /// <summary>A new module of that type with the state saved in a file.</summary>
            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());
        }
    }
}
