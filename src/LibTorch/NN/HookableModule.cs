namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose <c>call</c> runs hooks around <c>forward</c>, in the order in which they were registered.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            protected Dictionary<string, TPreHook> pre_hooks = [];
            protected Dictionary<string, TPostHook> post_hooks = [];
            protected Dictionary<string, Action<Module>> module_pre_hooks = [];
            protected Dictionary<string, Action<Module>> module_post_hooks = [];
            private long registered;

            protected HookableModule(string name) : base(name) { }

            /// <summary>A hook that sees the inputs and may replace them; null keeps them.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre_hooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(module_pre_hooks, hook);

            /// <summary>A hook that sees inputs and output and may replace the output; null keeps it.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(post_hooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(module_post_hooks, hook);

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                ArgumentNullException.ThrowIfNull(hook);
                // Ascending keys in an insert-only dictionary would enumerate in order; after a removal they might not, so Ordered sorts.
                var key = (registered++).ToString("D19");
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>The hooks at this moment, oldest first: a hook may remove itself, or add others, while it runs.</summary>
            private static T[] Ordered<T>(Dictionary<string, T> hooks) =>
                hooks.Count == 0 ? [] : [.. hooks.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)];

            private protected TPreHook[] PreHooks()
            {
                foreach (var hook in Ordered(module_pre_hooks)) hook(this);
                return Ordered(pre_hooks);
            }

            private protected TPostHook[] PostHooks() => Ordered(post_hooks);

            private protected void RunModulePostHooks()
            {
                foreach (var hook in Ordered(module_post_hooks)) hook(this);
            }

            /// <summary>Takes one hook away again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> module;
                private readonly string key;

                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (this.module, this.key) = (module, key);

                public void remove()
                {
                    module.pre_hooks.Remove(key);
                    module.post_hooks.Remove(key);
                    module.module_pre_hooks.Remove(key);
                    module.module_post_hooks.Remove(key);
                }
            }
        }
    }
}
