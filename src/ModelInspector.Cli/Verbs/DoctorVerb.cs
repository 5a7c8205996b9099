using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using ModelInspector.Cli.Terminal;
using TorchSharp;
using Native = TorchSharp.Native.Environment;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>doctor</c>: everything a bug report needs, and the way out for whatever is missing.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var verb = new Command("doctor", "Check this machine: libtorch, BLAS, threads, device, native bridge, browser.");
        verb.SetAction(_ => Run());
        return verb;
    }

    private static int Run()
    {
        var checks = Checks().ToList();
        foreach (var check in checks)
        {
            System.Console.WriteLine($"{(check.Passed ? "ok     " : "MISSING")}  {check.Name,-14}  {check.Found}");
            if (!check.Passed) System.Console.WriteLine($"{"",9}{"",14}  {check.WayOut}");
        }
        return checks.All(check => check.Passed || check.Optional) ? 0 : 1;
    }

    private static IEnumerable<Check> Checks()
    {
        yield return Fact("ModelInspector", typeof(DoctorVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?");
        yield return Fact("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, .NET {Environment.Version}");
        yield return Try("native bridge", () => Native.BridgeFile, "Build it: src/LibTorch/native/build.sh (./modelinspector does so by itself).");
        yield return Try("libtorch", () => $"{Native.Libtorch}, {File("libtorch_cpu")}", "Install it: sudo apt-get install libtorch-dev");
        yield return Blas();
        yield return Fact("threads", $"{Threads.Count} of {Environment.ProcessorCount} processors{(Threads.Count < Environment.ProcessorCount ? " (OMP_NUM_THREADS)" : "")}");
        yield return Try("device", () => torch.cuda.is_available() ? $"cpu, cuda × {torch.cuda.device_count()}" : "cpu (this libtorch sees no CUDA device)", "Install libtorch first.");
        yield return Try("image codecs", Codec, "Install them: sudo apt-get install libopencv-imgcodecs-dev");
        yield return Browser();
    }

    // The reference BLAS that libtorch pulls in by default is slower by an order of magnitude.
    private static Check Blas()
    {
        var file = Read(() => File("blas"));
        var fast = file?.Contains("openblas", StringComparison.OrdinalIgnoreCase) == true || file?.Contains("mkl", StringComparison.OrdinalIgnoreCase) == true;
        return new Check("BLAS", fast, file ?? "none loaded", "Install a fast one: sudo apt-get install libopenblas0-pthread", Optional: true);
    }

    private static Check Browser()
    {
        string[] places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        var found = places.FirstOrDefault(System.IO.File.Exists);
        return new Check("browser", found is not null, found ?? "no Chromium in /usr/bin", "Only ./test needs one: sudo apt-get install chromium", Optional: true);
    }

    private static string Codec()
    {
        var codec = new Images.OpenCvImageCodec();
        var picture = new Datasets.Picture(2, 2, 1, 255, [0, 85, 170, 255]);
        return codec.Decode(codec.EncodePng(picture), "probe").Values.SequenceEqual(picture.Values)
            ? "OpenCV, a PNG goes out and comes back" : throw new InvalidOperationException("a PNG does not come back as it went out");
    }

    private static string File(string part)
    {
        using var touched = torch.ones(2, 2).matmul(torch.ones(2, 2));
        return Native.LoadedFiles().FirstOrDefault(file => Path.GetFileName(file).Contains(part, StringComparison.OrdinalIgnoreCase))
            is { } found ? Resolved(found) : throw new InvalidOperationException($"no {part} is loaded");
    }

    private static string Resolved(string file) => new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file;

    private static Check Fact(string name, string found) => new(name, true, found, "");

    private static Check Try(string name, Func<string?> look, string wayOut)
    {
        try
        {
            return look() is { } found ? new Check(name, true, found, wayOut) : new Check(name, false, "not found", wayOut);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new Check(name, false, (error.InnerException ?? error).Message, wayOut);
        }
    }

    private static string? Read(Func<string> look)
    {
        try
        {
            return look();
        }
        catch (Exception error) when (error is DllNotFoundException or InvalidOperationException or TypeInitializationException)
        {
            return null;
        }
    }

    private sealed record Check(string Name, bool Passed, string Found, string WayOut, bool Optional = false);
}
