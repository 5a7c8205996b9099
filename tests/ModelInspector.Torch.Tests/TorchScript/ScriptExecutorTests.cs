using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Our reading of a module beside what libtorch's own executor makes of it.</summary>
public class ScriptExecutorTests
{
    [Theory]
    [InlineData("y = x\n  for i in range(x.size(1)):\n    y = y * 2 - x[:, i:i + 1]\n  return y")]
    [InlineData("y = x * 1\n  y[:, 1:] += 3\n  z = y.view(-1)\n  z[0] = 7\n  return y + z.sum()")]
    [InlineData("a, b = torch.chunk(x, 2, 1)\n  parts = [a, b, a * b]\n  parts[1] = parts.pop()\n  parts.append(parts.pop(0) - 1)\n  return torch.cat(parts, 1)")]
    [InlineData("m, i = torch.max(x, 1, True)\n  return torch.softmax(x - m, 1) * i.to(6) + float(x.size(1) // 2)")]
    [InlineData("if bool(x.size(0) > 1) and x.dim() == 2:\n    x = x.t()\n  else:\n    x = torch.relu_(x.clone())\n  return torch.einsum(\"ij,kj->ik\", x, x)")]
    [InlineData("y = torch.zeros_like(x)\n  n = 0\n  while n < 3:\n    n += 1\n    if n == 2:\n      continue\n    y += x * n\n  return torch.layer_norm(y, [4])")]
    public void A_module_gives_what_libtorchs_executor_gives(string body)
    {
        using var scope = NewDisposeScope();
        using var module = new ScriptSource("Net").Define($"def forward(self, x: Tensor) -> Tensor:\n  {body}\n");
        using var model = module.Open();
        foreach (var rows in new[] { 1, 3 })
        {
            var x = Drawn.Normal((ulong)rows, rows, 4);
            var expected = Batches.ToArray(module.Forward(x.clone()));
            Near.Equal(expected, Batches.ToArray(model.Run(x).First), 1e-6, $"{rows} rows");
        }
    }
}
