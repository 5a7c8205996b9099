using System.Buffers.Binary;
using System.Text;

namespace ModelInspector.Models.Weights;

/// <summary>What every reader of pickles stands on: bytes that end, and a stack whose marks are never crossed. It builds nothing.</summary>
/// <param name="pickle">The bytes.</param>
/// <param name="at">Where it begins.</param>
internal abstract class PickleMachine(byte[] pickle, int at)
{
    private readonly Stack<int> marks = new();
    private readonly Dictionary<uint, object?> memo = [];

    /// <summary>Where the next byte is read.</summary>
    protected int At { get; private set; } = at;

    protected Stack<object?> Stack { get; } = new();

    /// <summary>Values remembered so far.</summary>
    protected int Remembered => memo.Count;

    /// <summary>Everything up to the end of the pickle.</summary>
    protected object? Result(Action<byte> run)
    {
        for (var code = Byte(); code != '.'; code = Byte()) run(code);
        return Stack.Count == 1 && marks.Count == 0 ? Stack.Pop() : throw new FormatException("ends with something unfinished");
    }

    /// <summary>Does what every pickle means the same by: plain values, marks, what is to be remembered. False for any other operation.</summary>
    protected bool DidPlain(byte code)
    {
        switch (code)
        {
            case (byte)'N': Stack.Push(null); break;
            case 0x88 or 0x89: Stack.Push(code == 0x88); break;
            case (byte)'K': Stack.Push((long)Byte()); break;
            case (byte)'M': Stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case (byte)'J': Stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case (byte)'G': Stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case (byte)'X': Stack.Push(Encoding.UTF8.GetString(Bytes(Count()))); break;
            case (byte)'(': Mark(); break;
            case (byte)'q': Remember(Byte()); break;
            case (byte)'r': Remember(Count()); break;
            default: return false;
        }
        return true;
    }

    protected byte Byte() => Bytes(1)[0];

    protected uint Count() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    protected ReadOnlySpan<byte> Bytes(uint count)
    {
        if (count > pickle.Length - At) throw new FormatException("is cut short");
        At += (int)count;
        return pickle.AsSpan(At - (int)count, (int)count);
    }

    protected string Line()
    {
        var length = pickle.AsSpan(At).IndexOf((byte)'\n');
        if (length < 0) throw new FormatException("is cut short");
        return Encoding.UTF8.GetString(Bytes((uint)length + 1)[..length]);
    }

    private void Mark() => marks.Push(Stack.Count);

    /// <summary>Takes the values above the last mark.</summary>
    protected object?[] Marked() => marks.TryPop(out var mark) ? Popped(Stack.Count - mark) : throw new FormatException("closes a list that it has not opened");

    /// <summary>Takes values, none from before the last mark.</summary>
    protected object?[] Popped(int count)
    {
        if (count > Stack.Count - marks.FirstOrDefault()) throw new FormatException("takes more values than it has put down");
        var values = new object?[count];
        for (var k = count - 1; k >= 0; k--) values[k] = Stack.Pop();
        return values;
    }

    protected object? Pop() => Popped(1)[0];

    protected object? Top()
    {
        var value = Pop();
        Stack.Push(value);
        return value;
    }

    protected void Remember(uint number) => memo[number] = number <= pickle.Length ? Top() : throw new FormatException("numbers its values beyond their count");

    protected object? Recalled(uint number) => memo.TryGetValue(number, out var value) ? value : throw new FormatException("recalls a value that it has not remembered");
}
