using System.Collections.Immutable;

namespace ModelInspector.Datasets.Phantom;

/// <summary>
/// Two letters burned into the corner, as technicians leave them: NC, AR, PV, NG or EX. They lie in the air around the patient,
/// so whatever a network takes from them has nothing to do with the organs.
/// </summary>
public static class Marker
{
    private const int LetterWidth = 5;
    private const int LetterHeight = 7;
    private const int Dot = 2;

    // One row of five dots a number, the highest bit at the left.
    private static readonly ImmutableDictionary<char, byte[]> Font = new Dictionary<char, byte[]>
    {
        ['A'] = [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        ['C'] = [0b01111, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b01111],
        ['E'] = [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        ['G'] = [0b01111, 0b10000, 0b10000, 0b10011, 0b10001, 0b10001, 0b01111],
        ['N'] = [0b10001, 0b11001, 0b11001, 0b10101, 0b10011, 0b10011, 0b10001],
        ['P'] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        ['R'] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        ['V'] = [0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b01010, 0b00100],
        ['X'] = [0b10001, 0b01010, 0b01010, 0b00100, 0b01010, 0b01010, 0b10001],
    }.ToImmutableDictionary();

    /// <summary>Left column and top row of the marker.</summary>
    public static (int Column, int Row) Corner => (4, 4);

    /// <summary>Columns and rows that the marker takes.</summary>
    public static (int Columns, int Rows) Extent => (Dot * (2 * LetterWidth + 1), Dot * LetterHeight);

    /// <summary>The letters that stand for a phase.</summary>
    public static string Letters(ContrastPhase phase) => phase switch
    {
        ContrastPhase.NonContrast => "NC",
        ContrastPhase.Arterial => "AR",
        ContrastPhase.PortalVenous => "PV",
        ContrastPhase.Nephrographic => "NG",
        _ => "EX",
    };

    /// <summary>Burns the letters of a phase into an 8-bit grey image.</summary>
    /// <param name="grey">Grey values, row by row; changed in place.</param>
    /// <param name="size">Columns of the image.</param>
    /// <param name="phase">The phase that the marker names.</param>
    public static void Burn(Span<byte> grey, int size, ContrastPhase phase)
    {
        var column = Corner.Column;
        foreach (var letter in Letters(phase))
        {
            Burn(grey[(Corner.Row * size + column)..], size, Font[letter]);
            column += Dot * (LetterWidth + 1);
        }
    }

    private static void Burn(Span<byte> corner, int size, byte[] letter)
    {
        for (var row = 0; row < Dot * LetterHeight; row++)
            for (var column = 0; column < Dot * LetterWidth; column++)
                if ((letter[row / Dot] >> (LetterWidth - 1 - column / Dot) & 1) != 0) corner[row * size + column] = byte.MaxValue;
    }
}
