using System.Globalization;
using ModelInspector.Report.Tests.Synthetic;

// Writes the runs that benchmarks/report.mjs measures the report with, made up by seed: one folder a number of samples.
// Usage: dotnet run -c Release --project benchmarks/ModelInspector.Report.Benchmarks -- FOLDER
if (args is not [var folder])
{
    Console.Error.WriteLine("Name the folder for the runs.");
    return 2;
}
Write(2_000, 6, 64);
Write(20_000, 6, 64);
Write(100_000, 2, 0);
return 0;

void Write(int samples, int layers, int examples) =>
    new SyntheticRun { Samples = samples, Layers = layers, Examples = examples, Size = 128, Thumbnails = examples > 0, Units = examples > 0 }
        .Write(Path.Combine(folder, samples.ToString(CultureInfo.InvariantCulture)));
