using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ModelInspector.Models.Modules;

/// <summary>
/// Writes an assembly that holds nothing but directions: each public type of another assembly is to be found there. With it code that was
/// compiled against the official TorchSharp runs on this program's.
/// </summary>
internal static class ForwardingAssembly
{
    /// <summary>The image of an assembly of a name that forwards to another.</summary>
    public static byte[] Named(string name, Assembly to)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(name + ".dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), to.GetName().Version!, default, default, 0, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(0, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var target = metadata.AddAssemblyReference(metadata.GetOrAddString(to.GetName().Name!), to.GetName().Version!, default, default, 0, default);
        foreach (var type in to.GetTypes().Where(type => type is { IsNested: false, IsPublic: true })) Forward(metadata, type, target);
        return Image(metadata);
    }

    private static void Forward(MetadataBuilder metadata, Type type, EntityHandle within)
    {
        var attributes = type.IsNested ? TypeAttributes.NestedPublic : TypeAttributes.Public | (TypeAttributes)0x00200000; // forwarder
        var name = metadata.GetOrAddString(type.Name);
        var space = type.IsNested || type.Namespace is null ? default : metadata.GetOrAddString(type.Namespace);
        var forwarded = metadata.AddExportedType(attributes, space, name, within, 0);
        foreach (var nested in type.GetNestedTypes(BindingFlags.Public)) Forward(metadata, nested, forwarded);
    }

    private static byte[] Image(MetadataBuilder metadata)
    {
        var image = new BlobBuilder();
        var header = new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage | Characteristics.Dll);
        new ManagedPEBuilder(header, new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        return image.ToArray();
    }
}
