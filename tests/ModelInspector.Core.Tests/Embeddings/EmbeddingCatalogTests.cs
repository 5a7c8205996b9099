using ModelInspector.Embeddings;

namespace ModelInspector.Core.Tests.Embeddings;

public class EmbeddingCatalogTests
{
    [Fact]
    public void Settings_go_by_the_names_that_users_write()
    {
        var methods = Catalog.Of<IEmbedding>();
        var tsne = Catalog.Find(methods, "t-sne").Create<TSne>(new Dictionary<string, string>
        {
            ["perplexity"] = "12.5",
            ["early-exaggeration"] = "4",
            ["iterations"] = "10",
            ["learning_rate"] = "7",
            ["initialisation"] = "random",
        });
        Assert.Equal(new TSne(12.5, Iterations: 10, EarlyExaggeration: 4, LearningRate: 7, Initialisation: Start.Random), tsne);
        Assert.Equal(new Pca(3, true), Catalog.Find(methods, "pca").Create<Pca>(new Dictionary<string, string> { ["dimensions"] = "3", ["whiten"] = "true" }));
    }

    [Fact]
    public void Every_embedding_can_be_built_with_defaults_and_explains_every_setting()
    {
        foreach (var entry in Catalog.Of<IEmbedding>())
        {
            Assert.NotNull(entry.Create<IEmbedding>(new Dictionary<string, string>()));
            Assert.All(entry.Settings, setting => Assert.NotEmpty(setting.Summary));
            Assert.NotEmpty(entry.Summary);
            Assert.NotEmpty(entry.Source);
        }
    }

    [Theory]
    [InlineData("NNeighbors", "n-neighbors")]
    [InlineData("MinDist", "min-dist")]
    [InlineData("ReluAfterSum", "relu-after-sum")]
    [InlineData("Sam", "sam")]
    public void Names_become_words_joined_by_hyphens(string name, string expected) => Assert.Equal(expected, Catalog.Kebab(name));
}
