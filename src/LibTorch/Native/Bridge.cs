using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]
[module: SkipLocalsInit]

namespace TorchSharp.Native;

/// <summary>The C ABI of the native bridge, one declaration a function. A returned pointer called "error" is null on success.</summary>
internal static unsafe partial class Bridge
{
    internal const string Library = "modelinspector_native";

    static Bridge() => BridgeLibrary.Register();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* mi_op_find(string name, string overload, nint* op);

    [LibraryImport(Library)]
    internal static partial byte* mi_op_schema(nint op, NativeValue* text);

    [LibraryImport(Library)]
    internal static partial byte* mi_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity, int* produced);

    [LibraryImport(Library)]
    internal static partial void mi_free(void* memory);

    [LibraryImport(Library)]
    internal static partial byte* mi_describe(int what, NativeValue* text);

    [LibraryImport(Library)]
    internal static partial void mi_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint mi_tensor_share(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long mi_tensor_dim(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long mi_tensor_numel(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long mi_tensor_element_size(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int mi_tensor_dtype(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long mi_tensor_device(nint tensor);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_is_contiguous(nint tensor, byte* contiguous);

    [LibraryImport(Library)]
    internal static partial byte mi_tensor_is_sparse(nint tensor);

    [LibraryImport(Library)]
    internal static partial byte mi_tensor_is_leaf(nint tensor);

    [LibraryImport(Library)]
    internal static partial byte mi_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial void mi_tensor_sizes(nint tensor, long* sizes);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_strides(nint tensor, long* strides);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_storage_offset(nint tensor, long* offset);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_data(nint tensor, void** data);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_from_memory(
        void* data, delegate* unmanaged<nint, void> release, nint context, long* sizes, long* strides, int dimensions, int dtype, long device, nint* result);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_copy_memory(void* data, long bytes, long* sizes, int dimensions, int dtype, nint* result);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_set_requires_grad(nint tensor, byte on);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_retain_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint mi_tensor_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial byte* mi_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial byte* mi_autograd_backward(
        nint* tensors, int count, nint* grads, int gradCount, int retainGraph, byte createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial byte* mi_autograd_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, byte retainGraph, byte createGraph, byte allowUnused, nint* results);

    [LibraryImport(Library)]
    internal static partial byte* mi_function_record(NativeFunction* function, nint* results);

    [LibraryImport(Library)]
    internal static partial int mi_function_saved_count(nint node);

    [LibraryImport(Library)]
    internal static partial byte* mi_function_saved(nint node, nint* results);

    [LibraryImport(Library)]
    internal static partial byte mi_grad_mode_get();

    [LibraryImport(Library)]
    internal static partial void mi_grad_mode_set(byte on);

    [LibraryImport(Library)]
    internal static partial byte mi_inference_mode_get();

    [LibraryImport(Library)]
    internal static partial nint mi_inference_mode_enter(byte on);

    [LibraryImport(Library)]
    internal static partial void mi_inference_mode_leave(nint guard);

    [LibraryImport(Library)]
    internal static partial void mi_anomaly_mode_set(byte on, byte checkNan);

    [LibraryImport(Library)]
    internal static partial byte mi_anomaly_mode_get();

    [LibraryImport(Library)]
    internal static partial byte* mi_manual_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_new(ulong seed, long device, nint* result);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_default(long device, nint* result);

    [LibraryImport(Library)]
    internal static partial void mi_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial long mi_generator_device(nint generator);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_get_seed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_reseed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_get_state(nint generator, nint* state);

    [LibraryImport(Library)]
    internal static partial byte* mi_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial long mi_memory_idle();

    [LibraryImport(Library)]
    internal static partial byte* mi_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int mi_get_num_threads();

    [LibraryImport(Library)]
    internal static partial byte* mi_set_num_interop_threads(int count);

    [LibraryImport(Library)]
    internal static partial int mi_get_num_interop_threads();

    [LibraryImport(Library)]
    internal static partial byte* mi_set_default_dtype(int dtype);

    [LibraryImport(Library)]
    internal static partial byte* mi_use_deterministic_algorithms(byte on, byte warnOnly);

    [LibraryImport(Library)]
    internal static partial byte* mi_cuda_device_count(int* count);

    [LibraryImport(Library)]
    internal static partial byte* mi_cudnn_is_available(byte* available);

    [LibraryImport(Library)]
    internal static partial byte* mi_cuda_manual_seed(ulong seed, byte all);

    [LibraryImport(Library)]
    internal static partial byte* mi_cuda_synchronize(long index);

    [LibraryImport(Library)]
    internal static partial byte mi_mps_is_available();

    /// <summary>Throws what the native side reported, or the managed exception that went through it.</summary>
    internal static void Check(byte* error)
    {
        if (error != null) throw ManagedFailure.Recall(Marshal.PtrToStringUTF8((nint)error) ?? "An unknown native error occurred.");
    }

    internal static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    /// <summary>Takes over a string result and frees its memory.</summary>
    internal static string TakeText(NativeValue text)
    {
        try
        {
            return Marshal.PtrToStringUTF8(text.Pointer, text.Count);
        }
        finally
        {
            mi_free((void*)text.Pointer);
        }
    }
}
