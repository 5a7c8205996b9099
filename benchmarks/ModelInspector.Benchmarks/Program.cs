using System.Diagnostics;
using ModelInspector;
using ModelInspector.Benchmarks;
using ModelInspector.Embeddings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

if (args.Length < 2)
{
    Console.Error.WriteLine("knn X.npy [k] | ann X.npy [k] | pca X.npy [solver] | quality X.npy labels.npy MAP.npy | fft SIZE | embed METHOD X.npy OUT.npy [key=value …]      THREADS=n in the environment");
    return 1;
}
if (int.TryParse(Environment.GetEnvironmentVariable("THREADS"), out var threads)) RowParallel.Threads = threads;
return args[0] switch
{
    "knn" => Time("knn", () => new ExactNeighbors().Index(Npy.Read(args[1]), Job.Quiet()).All(args.Length > 2 ? int.Parse(args[2]) : 90, Job.Quiet())),
    "ann" => Ann(),
    "pca" => Pca(),
    "embed" => Embed(),
    "fft" => Transforms.Print(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)),
    "quality" => Quality.Print(args[1], args[2], args[3]),
    _ => 1,
};

int Ann()
{
    var stages = new Stages();
    NeighborTable? found = null;
    Time("ann", () => found = new ApproximateNeighbors().Index(Npy.Read(args[1]), new Job(0, stages, default)).All(args.Length > 2 ? int.Parse(args[2]) : 90, new Job(0, stages, default)));
    stages.Print();
    Console.WriteLine($"INFO recall {found!.Recall}");
    return 0;
}

int Pca()
{
    var data = Npy.Read(args[1]);
    var solver = args.Length > 2 ? Enum.Parse<PcaSolver>(args[2]) : PcaSolver.Auto;
    for (var run = 0; run < 3; run++) Time("pca", () => new Pca(50, Solver: solver).Embed(data, Job.Quiet()));
    return 0;
}

int Embed()
{
    var settings = args.Skip(4).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    var method = Catalog.Find(Catalog.Of<IEmbedding>(), args[1]).Create<IEmbedding>(settings);
    var data = Npy.Read(args[2]);
    var stages = new Stages();
    Projection? map = null;
    Time("total", () => map = method.Embed(data, new Job(0, stages, CancellationToken.None)));
    stages.Print();
    foreach (var (name, value) in map!.Figures) Console.WriteLine($"INFO {name} {value}");
    Npy.Write(args[3], map.Points);
    return 0;
}

static int Time<T>(string name, Func<T> work)
{
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    work();
    var cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    Console.WriteLine($"PHASE {name} {watch.Elapsed.TotalSeconds:0.000} {cpu:0.000}   peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
    return 0;
}
