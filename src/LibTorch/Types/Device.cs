using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives: a kind of device and, where there are several, which one.</summary>
    public class Device : IEquatable<Device>
    {
        public Device(string description) => (type, index) = Parse(description);

        public Device(string deviceType, int index = -1) => (type, this.index) = (ParseType(deviceType), Usual(ParseType(deviceType), index));

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, Usual(deviceType, index));

        /// <summary>A CUDA device by its number.</summary>
        public Device(int index) => (type, this.index) = (DeviceType.CUDA, index);

        public DeviceType type { get; }

        public int index { get; }

        internal long Packed => ((long)type << 8) | (uint)(byte)(sbyte)index;

        public static implicit operator Device(string description) => new(description);

        public bool Equals(Device? other) => other is not null && other.type == type && other.index == index;

        public override bool Equals(object? obj) => Equals(obj as Device);

        public override int GetHashCode() => HashCode.Combine(type, index);

        public override string ToString()
        {
            string name = type.ToString().ToLowerInvariant();
            return index < 0 ? name : $"{name}:{index}";
        }

        internal static Device Unpack(long packed) => new((DeviceType)(packed >> 8), (sbyte)(packed & 0xff));

        // "cuda" means the first one, "cpu" has no number: so two ways to name a device give equal values.
        private static int Usual(DeviceType type, int index) => type switch
        {
            DeviceType.CUDA or DeviceType.MPS when index < 0 => 0,
            DeviceType.CPU or DeviceType.META => -1,
            _ => index,
        };

        private static (DeviceType, int) Parse(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            var type = ParseType(parts[0]);
            if (parts.Length == 1) return (type, Usual(type, -1));
            if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return (type, Usual(type, index));
            throw new ArgumentException($"'{description}' is no device: expected cpu, cuda, cuda:1, mps or meta.");
        }

        private static DeviceType ParseType(string name) =>
            Enum.TryParse(name, ignoreCase: true, out DeviceType type) && Enum.IsDefined(type) && !char.IsDigit(name[0])
                ? type
                : throw new ArgumentException($"'{name}' is no device: expected cpu, cuda, cuda:1, mps or meta.");
    }

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);
}
