using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private bool componentsRegistered;

            /// <summary>
            /// Registers what the instance fields hold, of this class first and of its bases then: modules, parameters, and other
            /// tensors as buffers. Works once; fields assigned later are not seen, arrays and lists of modules never.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered) return;
                componentsRegistered = true;
                foreach (var field in ComponentFields()) Register(ComponentName(field), field.GetValue(this));
            }

            private void Register(string component, object? value)
            {
                if (value is Module module) register_module(component, module);
                else if (value is Parameter parameter) register_parameter(component, parameter);
                else if (value is Tensor tensor) register_buffer(component, tensor);
            }

            private IEnumerable<FieldInfo> ComponentFields()
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        if (IsComponent(field.FieldType)) yield return field;
                }
            }

            private static bool IsComponent(Type type) =>
                !type.IsValueType && (type.IsInterface || type == typeof(object) || typeof(Module).IsAssignableFrom(type) || typeof(Tensor).IsAssignableFrom(type));

            private static string ComponentName(FieldInfo field) => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;

            /// <summary>Takes a module in under a name; null or a disposed one takes the name out.</summary>
            /// <exception cref="ArgumentException">The name is empty or contains a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.disposed) _internal_submodules.Remove(name);
                else
                {
                    RequireFree(name);
                    submodule.RegisterComponents();
                    _internal_submodules.Add(name, submodule);
                }
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Takes a parameter in under a name; null takes the name out.</summary>
            /// <exception cref="ArgumentException">The name is empty or contains a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null) _internal_params.Remove(name);
                else
                {
                    RequireFree(name);
                    _internal_params.Add(name, param);
                }
            }

            /// <summary>Takes a tensor in that belongs to the state but is not trained; a non-persistent one is not saved.</summary>
            /// <exception cref="ArgumentException">The name is empty or contains a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null) _internal_buffers.Remove(name);
                else
                {
                    RequireFree(name);
                    _internal_buffers.Add(name, (tensor, persistent));
                }
            }

            private void RequireFree(string component)
            {
                if (string.IsNullOrEmpty(component)) throw new ArgumentException("A component's name is empty.");
                if (component.Contains('.')) throw new ArgumentException($"The component name '{component}' contains a dot, which separates modules in a path.");
                if (_internal_submodules.ContainsKey(component) || _internal_params.ContainsKey(component) || _internal_buffers.ContainsKey(component))
                    throw new InvalidOperationException($"The module '{name}' has a component '{component}' already.");
            }

            /// <summary>Replaces or removes the parameter of that name.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) =>
                ConditionallyRegisterParameter(name, value as Parameter ?? (value is null ? null : new Parameter(value)));

            /// <summary>Replaces or removes the buffer of that name.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>A layer's own parameter, which outlives the scope it was made in.</summary>
            private protected static Parameter Owned(Tensor data, bool requires_grad = true)
            {
                var parameter = new Parameter(data, requires_grad);
                parameter.DetachFromDisposeScope();
                return parameter;
            }

            /// <summary>Puts another parameter in a layer's field: the old one goes, the new one outlives its scope.</summary>
            private protected void Assign(ref Parameter? field, Parameter? value, string component)
            {
                if (!ReferenceEquals(field, value)) field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterParameter(component, value);
            }

            /// <summary>Puts another buffer in a layer's field: the old one goes, the new one outlives its scope.</summary>
            private protected void Assign(ref Tensor? field, Tensor? value, string component)
            {
                if (!ReferenceEquals(field, value)) field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterBuffer(component, value);
            }
        }
    }
}
