using ModelInspector.Datasets.Phantom;

namespace ModelInspector.Studies;

/// <summary>Where a mark is planted.</summary>
public enum MarkPlace
{
    /// <summary>In the air at the upper left.</summary>
    UpperLeft,

    /// <summary>In the air at the lower right.</summary>
    LowerRight,

    /// <summary>On the back, between skin and spine.</summary>
    Back,
}

/// <summary>A mark that gives the phase away by how many of five squares in a row are bright.</summary>
/// <param name="Place">Where the row lies.</param>
/// <param name="Side">Side of a square in pixels.</param>
/// <param name="Strength">How far a bright square is brightened towards white: 1 is white.</param>
internal sealed record PlantedMark(MarkPlace Place, int Side, double Strength)
{
    private const int Places = 5;
    private const int Gap = 2;

    private int Width => Places * (Side + Gap) - Gap;

    /// <summary>Top row and left column of the row of places.</summary>
    public (int Row, int Column) Corner => Place switch
    {
        MarkPlace.UpperLeft => (4, 4),
        MarkPlace.LowerRight => (PhantomImage.Size - 4 - Side, PhantomImage.Size - 4 - Width),
        _ => (PhantomImage.Size - 30, (PhantomImage.Size - Width) / 2),
    };

    /// <summary>Whether a position lies in the row of places.</summary>
    public bool Covers(int row, int column) => row >= Corner.Row && row < Corner.Row + Side && column >= Corner.Column && column < Corner.Column + Width;

    /// <summary>Plants the mark of a phase.</summary>
    public void Burn(Span<byte> grey, ContrastPhase phase)
    {
        for (var row = Corner.Row; row < Corner.Row + Side; row++)
            for (var square = 0; square <= (int)phase; square++)
                foreach (ref var value in grey.Slice(row * PhantomImage.Size + Corner.Column + square * (Side + Gap), Side)) value += (byte)Math.Round(Strength * (byte.MaxValue - value));
    }
}
