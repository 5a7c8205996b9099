namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Writes the state to a file: the number of entries, then per entry its key, element type, shape and raw bytes.</summary>
            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(writer);
                ArgumentNullException.ThrowIfNull(sd);
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToArray();
                writer.Write7BitEncodedInt64(entries.Length);
                foreach (var (key, tensor) in entries)
                {
                    writer.Write(key);
                    TensorFile.Write(tensor, writer);
                }
            }

            /// <summary>Reads the state from a file that <see cref="save(string, IList{string}?)"/> wrote. Tensors stay on their device.</summary>
            /// <exception cref="ArgumentException">The file's keys, element types or shapes are not this module's.</exception>
            /// <exception cref="InvalidDataException">This is no state file, or it ends too early; entries before that place were read.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                ArgumentNullException.ThrowIfNull(reader);
                var target = state_dict();
                var left = new HashSet<string>(target.Keys);
                if (skip is not null) left.ExceptWith(skip);
                var count = Outside(reader.Read7BitEncodedInt64);
                if (strict && (count < left.Count || count > target.Count))
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {target.Count}, but found {count} entries.");
                for (long i = 0; i < count; i++)
                {
                    var key = Outside(reader.ReadString);
                    var known = target.TryGetValue(key, out var tensor);
                    if (!known && strict) throw new ArgumentException($"Mismatched module state names: this module has no parameter or buffer '{key}'.");
                    var wanted = known && skip?.Contains(key) != true;
                    ReadEntry(reader, key, wanted ? tensor : null);
                    left.Remove(key);
                    if (loadedParameters is not null) loadedParameters[key] = wanted;
                }
                if (strict && left.Count > 0) throw new ArgumentException($"Mismatched module state names: the file has no entry '{left.First()}'.");
                foreach (var key in left) loadedParameters?.TryAdd(key, false);
                return this;
            }

            /// <summary>Reads what stands between two tensors.</summary>
            private static T Outside<T>(Func<T> read)
            {
                try
                {
                    return read();
                }
                catch (Exception error) when (error is FormatException or IOException)
                {
                    throw new InvalidDataException("This is no state file, or it ends before its last entry.", error);
                }
            }

            /// <summary>Reads an entry into a tensor of the same type and shape, or past it when there is none.</summary>
            private static void ReadEntry(BinaryReader reader, string key, Tensor? target)
            {
                try
                {
                    TensorFile.ReadInto(target!, reader, skip: target is null);
                }
                catch (InvalidDataException error)
                {
                    throw new InvalidDataException($"The entry '{key}' cannot be read. {error.Message}", error);
                }
                catch (ArgumentException error)
                {
                    throw new ArgumentException($"The entry '{key}' does not fit. {error.Message}", error);
                }
            }
        }
    }
}
