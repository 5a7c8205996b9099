using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ModelInspector;

/// <summary>
/// Every method there is, by name: found by reflection over <see cref="MethodAttribute"/>, so adding one is adding its file.
/// The only place that reflects.
/// </summary>
public static class Catalog
{
    /// <summary>Entries of the assembly that defines <typeparamref name="TMethod"/> and of the ones given, ordered by name.</summary>
    public static ImmutableArray<CatalogEntry> Of<TMethod>(params ReadOnlySpan<Assembly> also)
    {
        var assemblies = new HashSet<Assembly>(also.ToArray()) { typeof(TMethod).Assembly };
        return [.. assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(TMethod).IsAssignableFrom(type) && type.IsDefined(typeof(MethodAttribute)))
            .Select(type => new CatalogEntry(type))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>The entry of that name.</summary>
    /// <exception cref="InputException">There is none; the message lists near names.</exception>
    public static CatalogEntry Find(ImmutableArray<CatalogEntry> entries, string name) =>
        entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InputException($"There is no method `{name}`. Near: {string.Join(", ", Names.Near(name, entries.Select(entry => entry.Name)))}. "
            + "List all: `modelinspector methods`.");

    /// <summary>Every concrete type that derives from <typeparamref name="T"/> in the assemblies given, ordered by name.</summary>
    public static ImmutableArray<Type> Derived<T>(params ReadOnlySpan<Assembly> assemblies) =>
        [.. assemblies.ToArray().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>One instance of every implementation of <typeparamref name="T"/> in its assembly that needs no arguments, ordered by type name.</summary>
    public static ImmutableArray<T> Implementations<T>() =>
        [.. typeof(T).Assembly.GetTypes()
            .Where(type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!)];

    /// <summary>The name a type or member goes by in files and switches: <c>ReluAfterSum</c> → <c>relu-after-sum</c>, <c>NNeighbors</c> → <c>n-neighbors</c>.</summary>
    public static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => (StartsWord(name, i) ? "-" : "") + char.ToLowerInvariant(c)));

    private static bool StartsWord(string name, int i) =>
        i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
}

/// <summary>One method of the catalog.</summary>
public sealed class CatalogEntry
{
    private readonly Type type;
    private readonly MethodAttribute method;

    internal CatalogEntry(Type type)
    {
        this.type = type;
        method = type.GetCustomAttribute<MethodAttribute>()!;
        Settings = [.. Constructor.GetParameters().Select(parameter => new Setting(parameter))];
    }

    /// <summary>Name on the command line.</summary>
    public string Name => method.Name;

    /// <summary>One sentence: what the method shows.</summary>
    public string Summary => method.Summary;

    /// <summary>Where the method was published.</summary>
    public string Source => method.Source;

    /// <summary>The record that implements it.</summary>
    public Type Type => type;

    /// <summary>Its settings, in order.</summary>
    public ImmutableArray<Setting> Settings { get; }

    private ConstructorInfo Constructor =>
        type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).First();

    /// <summary>Builds the method from settings given as text; what is not given keeps its default.</summary>
    /// <exception cref="InputException">A setting is unknown, cannot be read, or is out of range.</exception>
    public TMethod Create<TMethod>(IReadOnlyDictionary<string, string> settings)
    {
        settings = Hyphenated(settings);
        foreach (var given in settings.Keys.Where(given => Settings.All(setting => setting.Name != given)))
            throw new InputException(Settings.IsEmpty
                ? $"{Name} has no setting `{given}`; it has none at all."
                : $"{Name} has no setting `{given}`. It has: {string.Join(", ", Settings.Select(setting => setting.Name))}.");
        var values = Settings.Select(setting => settings.TryGetValue(setting.Name, out var text) ? setting.Parse(Name, text) : setting.Default);
        return (TMethod)Constructor.Invoke([.. values]);
    }

    // min_dist is min-dist.
    private Dictionary<string, string> Hyphenated(IReadOnlyDictionary<string, string> settings)
    {
        var named = new Dictionary<string, string>();
        foreach (var (name, text) in settings)
            if (!named.TryAdd(name.Replace('_', '-'), text)) throw new InputException($"{Name}: `{name.Replace('_', '-')}` is set twice; set it once.");
        return named;
    }

    /// <summary>The settings of a built method as text, for provenance and cache keys.</summary>
    public ImmutableSortedDictionary<string, string> Describe(object built) =>
        Settings.ToImmutableSortedDictionary(setting => setting.Name, setting => setting.Format(type.GetProperty(setting.Property)?.GetValue(built)));
}

/// <summary>One setting of a method.</summary>
public sealed class Setting
{
    private readonly ParameterInfo parameter;
    private readonly RangeAttribute? range;

    internal Setting(ParameterInfo parameter)
    {
        this.parameter = parameter;
        range = parameter.GetCustomAttribute<RangeAttribute>();
    }

    /// <summary>Name on the command line: the parameter's name in lower-case words joined by hyphens.</summary>
    public string Name => Catalog.Kebab(parameter.Name!);

    /// <summary>What it does.</summary>
    public string Summary => parameter.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    /// <summary>Values that work: a range, or the names of an enumeration.</summary>
    public string Allowed =>
        Kind.IsEnum ? string.Join(" | ", Enum.GetNames(Kind).Select(Catalog.Kebab))
        : range is not null ? $"{range.Minimum} … {range.Maximum}"
        : Kind == typeof(bool) ? "true | false" : "";

    /// <summary>Value when nothing is given.</summary>
    public object? Default => parameter.HasDefaultValue ? DefaultValue : throw new InvalidOperationException($"{parameter.Member.DeclaringType}: {Name} has no default.");

    /// <summary>Value when nothing is given, as text.</summary>
    public string DefaultText => Format(Default);

    internal string Property => parameter.Name!;

    private Type Kind => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;

    // Reflection gives an enumeration's default as its number.
    private object? DefaultValue => Kind.IsEnum && parameter.DefaultValue is { } value ? Enum.ToObject(Kind, value) : parameter.DefaultValue;

    internal string Format(object? value) => value switch
    {
        null => "",
        Enum named => Catalog.Kebab(named.ToString()),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    internal object? Parse(string method, string text)
    {
        var value = Read(text) ?? throw new InputException(
            $"{method}: `{Name}={text}` cannot be read. Expected {Expected}; the default is {Format(Default)}.");
        return range is null || range.IsValid(value) ? value : throw new InputException(
            $"{method}: `{Name}={text}` is out of range. Expected {Allowed}; the default is {Format(Default)}.");
    }

    private string Expected => Kind.IsEnum ? Names.Or([.. Enum.GetNames(Kind).Select(Catalog.Kebab)])
        : Kind == typeof(bool) ? "true or false"
        : Kind == typeof(int) || Kind == typeof(long) ? "a whole number"
        : Kind == typeof(double) || Kind == typeof(float) ? "a number" : "text";

    private object? Read(string text)
    {
        if (Kind.IsEnum)
            return Enum.GetNames(Kind).FirstOrDefault(name => Catalog.Kebab(name) == text) is { } found ? Enum.Parse(Kind, found) : null;
        if (Kind == typeof(string)) return text;
        if (Kind == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : null;
        if (Kind == typeof(int)) return int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : null;
        if (Kind == typeof(long)) return long.TryParse(text, CultureInfo.InvariantCulture, out var large) ? large : null;
        if (Kind == typeof(double)) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null;
        if (Kind == typeof(float)) return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single) && float.IsFinite(single) ? single : null;
        throw new InvalidOperationException($"{parameter.Member.DeclaringType}: settings of type {Kind} have no text form.");
    }
}
