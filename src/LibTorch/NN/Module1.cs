namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Anything that maps one input to a result.</summary>
        public interface IModule<T, TResult>
        {
            TResult call(T input1);
        }

        /// <summary>A module of one input. Hooks run in <see cref="call"/> alone: call children, don't forward them.</summary>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            /// <summary>Pre-hooks, <see cref="forward"/>, post-hooks; what a hook returns replaces the input or the result.</summary>
            public TResult call(T input)
            {
                foreach (var hook in PreHooks()) input = hook(this, input) ?? input;
                var result = forward(input);
                foreach (var hook in PostHooks()) result = hook(this, input, result) ?? result;
                RunModulePostHooks();
                return result;
            }
        }
    }
}
