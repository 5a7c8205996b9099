using System.Runtime.InteropServices;

namespace ModelInspector.Images;

/// <summary>The image part of the native bridge. A returned error is null on success.</summary>
internal static unsafe partial class ImageBridge
{
    static ImageBridge() => NativeSeam.Register();

    [LibraryImport(NativeSeam.Library)]
    internal static partial byte* mi_image_decode(
        byte* file, long size, byte oriented, int* width, int* height, int* channels, float* maximum, float** values);

    [LibraryImport(NativeSeam.Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* mi_image_encode(
        float* values, int width, int height, int channels, float scale, byte wide, string extension, int quality, byte** file, long* size);

    [LibraryImport(NativeSeam.Library)]
    internal static partial void mi_free(void* memory);
}
