using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Makes backward passes say which operation gave a NaN; gives the previous state back when disposed.</summary>
public class AnomalyMode : IDisposable
{
    private static bool s_checkNan = true;

    private readonly bool _before = IsEnabled;
    private readonly bool _checkBefore = s_checkNan;

    public AnomalyMode(bool enabled, bool check_nan = true) => Set(enabled, check_nan);

    public static bool IsEnabled => Bridge.mi_anomaly_mode_get() != 0;

    public static bool ShouldCheckNaN => s_checkNan;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Set(_before, _checkBefore);

    private static void Set(bool enabled, bool checkNan)
    {
        s_checkNan = checkNan;
        Bridge.mi_anomaly_mode_set(Bridge.Flag(enabled), Bridge.Flag(checkNan));
    }
}
