namespace ModelInspector;

/// <summary>The checksum of zip archives and PNG chunks (ISO 3309), eight bytes at a time.</summary>
internal sealed class Crc32
{
    private static readonly uint[][] Tables = BuildTables();
    private uint state = uint.MaxValue;

    internal uint Value => ~state;

    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32();
        crc.Append(bytes);
        return crc.Value;
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        var t = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc ^= (uint)(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24);
            crc = t[7][(byte)crc] ^ t[6][(byte)(crc >> 8)] ^ t[5][(byte)(crc >> 16)] ^ t[4][crc >> 24]
                ^ t[3][bytes[4]] ^ t[2][bytes[5]] ^ t[1][bytes[6]] ^ t[0][bytes[7]];
        }
        foreach (var value in bytes) crc = t[0][(byte)(crc ^ value)] ^ crc >> 8;
        state = crc;
    }

    /// <summary>Table k is the effect of a byte that k more bytes follow.</summary>
    private static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (var k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (uint n = 0; n < 256; n++) tables[k][n] = k == 0 ? OneByte(n) : tables[0][(byte)tables[k - 1][n]] ^ tables[k - 1][n] >> 8;
        }
        return tables;
    }

    private static uint OneByte(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xedb88320 ^ value >> 1 : value >> 1;
        return value;
    }
}
