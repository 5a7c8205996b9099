namespace ModelInspector.Attribution;

/// <summary>
/// A method whose values are changes of the score per unit of what it looks at, an input's or an activation's, instead of shares of the score: they
/// predict a change of the score only when they are multiplied with a change of the values.
/// </summary>
public interface IRate
{
    /// <summary>Whether they are so with these settings.</summary>
    bool IsRate => true;
}
