namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>All parameters, then all persistent buffers, then what only the children know: the live tensors, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (key, parameter) in named_parameters()) destination.TryAdd(Path(prefix, key), parameter);
                foreach (var (key, buffer) in named_buffers(true, include_nonpersistent: false)) destination.TryAdd(Path(prefix, key), buffer);
                foreach (var (key, child) in named_children()) child.state_dict(destination, Path(prefix, key));
                return destination;
            }

            private static string Path(string? prefix, string key) => string.IsNullOrEmpty(prefix) ? key : $"{prefix}.{key}";

            /// <summary>Copies values in, key by key. Shapes that broadcast are accepted, as <c>copy_</c> accepts them.</summary>
            /// <exception cref="InvalidOperationException">Strict, and a key is missing or unexpected; nothing was copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var skipped = new HashSet<string>(skip ?? []);
                var target = state_dict();
                List<string> missing = [.. target.Keys.Where(key => !skipped.Contains(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !skipped.Contains(key) && !target.ContainsKey(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using var _ = no_grad();
                foreach (var key in source.Keys.Where(key => !skipped.Contains(key) && target.ContainsKey(key))) target[key].copy_(source[key]);
                return (missing, unexpected);
            }
        }
    }
}
