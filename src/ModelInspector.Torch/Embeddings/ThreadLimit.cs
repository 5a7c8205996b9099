using TorchSharp;

namespace ModelInspector.Embeddings;

/// <summary>While it lives, libtorch works on one thread if that is wanted; afterwards on as many as before.</summary>
internal sealed class ThreadLimit : IDisposable
{
    private readonly int before = torch.get_num_threads();

    public ThreadLimit(bool one)
    {
        if (one) torch.set_num_threads(1);
    }

    public void Dispose() => torch.set_num_threads(before);
}
