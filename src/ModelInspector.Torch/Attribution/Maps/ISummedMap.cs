namespace ModelInspector.Attribution.Maps;

/// <summary>A map that is a sum over channels, each added alone, so that several maps of a pair can be made in one reading of it.</summary>
internal interface ISummedMap : ILayerMap
{
    /// <summary>What a channel adds.</summary>
    ChannelSum Adds { get; }

    /// <summary>Whether a sum below zero becomes zero.</summary>
    bool Clips { get; }
}
