namespace ModelInspector;

/// <summary>
/// Something the user gave is not what was expected. The message is one clear sentence or two:
/// what was found, what was expected, the way out. The command line prints it alone and exits with 1.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>An error with nothing to say; only for serializers and tests.</summary>
    public InputException() : this("The input is not usable.")
    {
    }

    /// <summary>Found – expected – way out, as text.</summary>
    public InputException(string message) : base(message)
    {
    }

    /// <summary>Found – expected – way out, as text, with the cause.</summary>
    public InputException(string message, Exception? inner) : base(message, inner)
    {
    }
}
