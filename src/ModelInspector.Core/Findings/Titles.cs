using System.Collections.Frozen;

namespace ModelInspector.Findings;

/// <summary>Names of methods as the literature writes them, for sentences.</summary>
public static class Titles
{
    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["sam"] = "SAM",
        ["cam"] = "CAM",
        ["grad-cam"] = "Grad-CAM",
        ["grad-cam-plus-plus"] = "Grad-CAM++",
        ["x-grad-cam"] = "XGrad-CAM",
        ["hi-res-cam"] = "HiResCAM",
        ["layer-cam"] = "LayerCAM",
        ["eigen-cam"] = "EigenCAM",
        ["eigen-grad-cam"] = "Eigen-Grad-CAM",
        ["ablation-cam"] = "Ablation-CAM",
        ["score-cam"] = "Score-CAM",
        ["full-grad"] = "FullGrad",
        ["guided-grad-cam"] = "guided Grad-CAM",
        ["lrp"] = "LRP",
        ["rise"] = "RISE",
        ["lime"] = "LIME",
        ["random"] = "a random map",
        ["random-smooth"] = "a smooth random map",
        ["intensity"] = "the image's brightness",
        ["edges"] = "an edge filter",
    }.ToFrozenDictionary();

    /// <summary>A catalog name as a reader writes it: <c>grad-cam</c> is "Grad-CAM"; one that has no other spelling is given back as it is.</summary>
    public static string Of(string name) => Known.GetValueOrDefault(name, name);
}
