using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType s_dtype = ScalarType.Float32;
    private static Device s_device = new(DeviceType.CPU);

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    public static Device CUDA { get; } = new(DeviceType.CUDA);
    public static Device MPS { get; } = new(DeviceType.MPS);

    public static readonly ScalarType @bool = ScalarType.Bool;
    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int8 = ScalarType.Int8;
    public static readonly ScalarType int16 = ScalarType.Int16;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType float16 = ScalarType.Float16;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType complex64 = ScalarType.ComplexFloat32;
    public static readonly ScalarType complex128 = ScalarType.ComplexFloat64;
    public static readonly ScalarType @short = ScalarType.Int16;
    public static readonly ScalarType @long = ScalarType.Int64;
    public static readonly ScalarType half = ScalarType.Float16;

    public static string __version__ => Native.Environment.Libtorch;

    public static ScalarType get_default_dtype() => s_dtype;

    public static unsafe void set_default_dtype(ScalarType dtype)
    {
        Bridge.Check(Bridge.mi_set_default_dtype((int)dtype));
        s_dtype = dtype;
    }

    public static Device get_default_device() => s_device;
    public static void set_default_device(Device device) => s_device = device;
    public static void set_default_device(string device) => s_device = new Device(device);

    public static int get_num_threads() => Bridge.mi_get_num_threads();
    public static unsafe void set_num_threads(int num) => Bridge.Check(Bridge.mi_set_num_threads(num));
    public static int get_num_interop_threads() => Bridge.mi_get_num_interop_threads();
    public static unsafe void set_num_interop_threads(int num) => Bridge.Check(Bridge.mi_set_num_interop_threads(num));

    public static unsafe void use_deterministic_algorithms(bool mode = true, bool warn_only = false) =>
        Bridge.Check(Bridge.mi_use_deterministic_algorithms(Bridge.Flag(mode), Bridge.Flag(warn_only)));

    public static bool is_tensor(object obj) => obj is Tensor;

    public static bool cuda_is_available() => cuda.is_available();
    public static bool mps_is_available() => Bridge.mi_mps_is_available() != 0;

    /// <summary>Makes a kind of device ready; throws where this libtorch has none.</summary>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        bool ready = deviceType switch
        {
            DeviceType.CPU or DeviceType.META => true,
            DeviceType.CUDA => cuda_is_available(),
            DeviceType.MPS => mps_is_available(),
            _ => false,
        };
        if (!ready) throw new InvalidOperationException($"This libtorch has no {deviceType} device: use the CPU, or install a libtorch that is built for it.");
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static unsafe int device_count()
        {
            int count;
            Bridge.Check(Bridge.mi_cuda_device_count(&count));
            return count;
        }

        public static unsafe bool is_cudnn_available()
        {
            byte available;
            Bridge.Check(Bridge.mi_cudnn_is_available(&available));
            return available != 0;
        }

        public static unsafe void manual_seed(long seed) => Bridge.Check(Bridge.mi_cuda_manual_seed((ulong)seed, 0));

        public static unsafe void manual_seed_all(long seed) => Bridge.Check(Bridge.mi_cuda_manual_seed((ulong)seed, 1));

        public static unsafe void synchronize(Device? device = null) => Bridge.Check(Bridge.mi_cuda_synchronize(device?.index ?? -1));
    }
}
