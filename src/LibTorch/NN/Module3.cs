namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Anything that maps 3 inputs to a result.</summary>
        public interface IModule<T1, T2, T3, TResult>
        {
            TResult call(T1 input1, T2 input2, T3 input3);
        }

        /// <summary>A module of 3 inputs. Hooks run in <see cref="call"/> alone: call children, don't forward them.</summary>
        public abstract class Module<T1, T2, T3, TResult> : HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>>, IModule<T1, T2, T3, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            /// <summary>Pre-hooks, <see cref="forward"/>, post-hooks; what a hook returns replaces the input or the result.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                foreach (var hook in PreHooks()) (input1, input2, input3) = hook(this, input1, input2, input3) ?? (input1, input2, input3);
                var result = forward(input1, input2, input3);
                foreach (var hook in PostHooks()) result = hook(this, input1, input2, input3, result) ?? result;
                RunModulePostHooks();
                return result;
            }
        }
    }
}
