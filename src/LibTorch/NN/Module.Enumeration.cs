using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules.Select(entry => (entry.Item1, entry.Item2));

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>
            /// The descendants without this module: the children first, then the descendants of each. This is no execution order, and
            /// a module that is registered twice comes twice.
            /// </summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                named_children().Concat(named_children().SelectMany(child =>
                    child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module))));

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            /// <summary>Own parameters first, then those of each child in depth; one that is shared comes once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                _named_parameters().Concat(OfChildren(recurse, child => child.named_parameters(true))).DistinctBy(entry => entry.Item2.Handle);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>Own buffers first, then those of each child in depth; one that is shared comes once.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                OwnBuffers(include_nonpersistent).Concat(OfChildren(recurse, child => child.named_buffers(true, include_nonpersistent)))
                    .DistinctBy(entry => entry.Item2.Handle);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            private IEnumerable<(string, T)> OfChildren<T>(bool recurse, Func<Module, IEnumerable<(string, T)>> components) =>
                recurse ? named_children().SelectMany(child => components(child.module).Select(entry => ($"{child.name}.{entry.Item1}", entry.Item2))) : [];

            private IEnumerable<(string, Tensor)> OwnBuffers(bool includeNonPersistent) =>
                _internal_buffers.Where(entry => includeNonPersistent || entry.Item2.Item2).Select(entry => (entry.Item1, entry.Item2.Item1));

            protected virtual (string name, Tensor buffer)[] _named_buffers() => [.. OwnBuffers(true)];

            protected virtual (string name, Parameter parameter)[] _named_parameters() => [.. _internal_params];

            protected virtual Parameter[] _parameters(bool recurse = true) => [.. parameters(recurse)];

            /// <summary>The parameter at a path such as <c>layer1.0.weight</c>, or null.</summary>
            public virtual Parameter? get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return named_parameters().FirstOrDefault(entry => entry.name == target).parameter;
            }

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>The buffer at a path such as <c>bn.running_mean</c>, or null.</summary>
            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return named_buffers().FirstOrDefault(entry => entry.name == target).buffer;
            }

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;
        }
    }
}
