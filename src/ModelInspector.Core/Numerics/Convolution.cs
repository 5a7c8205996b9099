using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// Convolves a real grid with an even kernel through one forward and one inverse real transform of twice its size. Columns are transformed
/// in pairs, one as the real and one as the imaginary part of a complex signal; of the spectrum only the half that is not
/// determined by symmetry is kept, and each of its rows is transformed, multiplied and transformed back while it lies in the cache.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class Convolution<T> : IDisposable where T : unmanaged
{
    private static readonly int Lanes = Fft<T>.Lanes;
    private readonly Fft<T> down, across;
    private readonly T[] spectrum; // for every lane group of half-spectrum rows: columns × (real | imaginary) × lanes
    private readonly ThreadLocal<Buffers> downBuffers, acrossBuffers;
    private T[] kernel = [];

    /// <param name="rows">Rows of the grid; twice that must be a product of 2, 3 and 5.</param>
    /// <param name="columns">Columns, likewise.</param>
    public Convolution(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        (down, across) = (new Fft<T>(2 * rows), new Fft<T>(2 * columns));
        (downBuffers, acrossBuffers) = (new(() => new Buffers(down)), new(() => new Buffers(across)));
        Stride = RowParallel.Chunks(columns, 2 * Lanes) * 2 * Lanes;
        spectrum = GC.AllocateUninitializedArray<T>(Groups * Stride * 2 * Lanes);
    }

    /// <summary>Rows of the grid.</summary>
    public int Rows { get; }

    /// <summary>Columns of the grid.</summary>
    public int Columns { get; }

    /// <summary>Values from one row of a grid to the next: the columns, filled up.</summary>
    public int Stride { get; }

    private int Groups => RowParallel.Chunks(Rows + 1, Lanes);

    /// <summary>Sets the kernel by its transform at row frequency i ≤ rows and column frequency j ≤ columns.</summary>
    public void SetKernel(Func<int, int, double> transform)
    {
        kernel = new T[Groups * (Columns + 1) * Lanes];
        var scale = 1.0 / (4.0 * Rows * Columns);
        RowParallel.Run(Rows + 1, Lanes, (group, from, to) =>
        {
            for (var i = from; i < to; i++)
                for (var j = 0; j <= Columns; j++)
                    kernel[(group * (Columns + 1) + j) * Lanes + i - from] = Of(transform(i, j) * scale);
        });
    }

    /// <summary>The transform of an even function given at lags 0 … rows by 0 … columns; as <see cref="SetKernel"/> takes it.</summary>
    public static double[,] TransformEven(int rows, int columns, Func<int, int, double> value)
    {
        // Folding out and transforming in both directions; evenness leaves the real part alone.
        var half = new double[rows + 1, columns + 1];
        var (down, across) = (new Fft<double>(2 * rows), new Fft<double>(2 * columns));
        Even(across, rows + 1, columns, (i, j) => value(i, j), (i, j, x) => half[i, j] = x);
        var turned = (double[,])half.Clone();
        Even(down, columns + 1, rows, (j, i) => turned[i, j], (j, i, x) => half[i, j] = x);
        return half;
    }

    /// <summary>Replaces the grid by its convolution with the kernel.</summary>
    /// <param name="grid">Rows × <see cref="Stride"/>; values beyond the columns must be zero.</param>
    public void Apply(T[] grid)
    {
        var width = 2 * Lanes;
        RowParallel.Run(Stride, width, (_, from, _) => Forward(grid, from, downBuffers.Value!));
        RowParallel.Run(Groups, 1, (group, _, _) => Middle(group, acrossBuffers.Value!));
        RowParallel.Run(Stride, width, (_, from, _) => Backward(grid, from, downBuffers.Value!));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        downBuffers.Dispose();
        acrossBuffers.Dispose();
    }

    // 2·lanes real columns → the kept half of their spectra.
    private void Forward(T[] grid, int column, Buffers buffers)
    {
        fixed (T* source = grid, target = spectrum)
        {
            T* re = buffers.Real, im = buffers.Imaginary;
            for (var row = 0; row < Rows; row++)
            {
                Vector256.Load(source + row * Stride + column).Store(re + row * Lanes);
                Vector256.Load(source + row * Stride + column + Lanes).Store(im + row * Lanes);
            }
            new Span<T>(re + Rows * Lanes, Rows * Lanes).Clear();
            new Span<T>(im + Rows * Lanes, Rows * Lanes).Clear();
            buffers.Transform();
            re = buffers.ResultReal;
            im = buffers.ResultImaginary;
            var half = Vector256.Create(Of(0.5));
            for (var k = 0; k <= Rows; k++)
            {
                var mirror = (k == 0 ? 0 : 2 * Rows - k) * Lanes;
                Vector256<T> ar = Vector256.Load(re + k * Lanes), ai = Vector256.Load(im + k * Lanes), br = Vector256.Load(re + mirror), bi = Vector256.Load(im + mirror);
                Scatter(target, k, column, (ar + br) * half, (ai - bi) * half);
                Scatter(target, k, column + Lanes, (ai + bi) * half, (br - ar) * half);
            }
        }
    }

    private void Backward(T[] grid, int column, Buffers buffers)
    {
        fixed (T* target = grid, source = spectrum)
        {
            // The inverse by exchange of parts: what is real goes into the imaginary buffer.
            T* re = buffers.Imaginary, im = buffers.Real;
            for (var k = 0; k <= Rows; k++)
            {
                var (ar, ai) = Collect(source, k, column);
                var (br, bi) = Collect(source, k, column + Lanes);
                (ar - bi).Store(re + k * Lanes);
                (ai + br).Store(im + k * Lanes);
                if (k == 0 || k == Rows) continue;
                (ar + bi).Store(re + (2 * Rows - k) * Lanes);
                (br - ai).Store(im + (2 * Rows - k) * Lanes);
            }
            buffers.Transform();
            im = buffers.ResultReal;
            re = buffers.ResultImaginary;
            for (var row = 0; row < Rows; row++)
            {
                Vector256.Load(re + row * Lanes).Store(target + row * Stride + column);
                Vector256.Load(im + row * Lanes).Store(target + row * Stride + column + Lanes);
            }
        }
    }

    private void Middle(int group, Buffers buffers)
    {
        fixed (T* plane = &spectrum[group * Stride * 2 * Lanes], factors = &kernel[group * (Columns + 1) * Lanes])
        {
            T* re = buffers.Real, im = buffers.Imaginary;
            for (var j = 0; j < Columns; j++)
            {
                Vector256.Load(plane + 2 * j * Lanes).Store(re + j * Lanes);
                Vector256.Load(plane + (2 * j + 1) * Lanes).Store(im + j * Lanes);
            }
            new Span<T>(re + Columns * Lanes, Columns * Lanes).Clear();
            new Span<T>(im + Columns * Lanes, Columns * Lanes).Clear();
            buffers.Transform();
            re = buffers.ResultReal;
            im = buffers.ResultImaginary;
            for (var j = 0; j < 2 * Columns; j++)
            {
                var factor = Vector256.Load(factors + Math.Min(j, 2 * Columns - j) * Lanes);
                (Vector256.Load(re + j * Lanes) * factor).Store(re + j * Lanes);
                (Vector256.Load(im + j * Lanes) * factor).Store(im + j * Lanes);
            }
            buffers.TransformBack();
            re = buffers.ResultReal;
            im = buffers.ResultImaginary;
            for (var j = 0; j < Columns; j++)
            {
                Vector256.Load(re + j * Lanes).Store(plane + 2 * j * Lanes);
                Vector256.Load(im + j * Lanes).Store(plane + (2 * j + 1) * Lanes);
            }
        }
    }

    // Row frequency k of several columns lies in lane k mod lanes of the columns' vectors.
    private void Scatter(T* target, int k, int column, Vector256<T> real, Vector256<T> imaginary)
    {
        var place = target + ((long)(k / Lanes) * Stride + column) * 2 * Lanes + k % Lanes;
        for (var lane = 0; lane < Lanes; lane++, place += 2 * Lanes)
        {
            place[0] = real[lane];
            place[Lanes] = imaginary[lane];
        }
    }

    private (Vector256<T> Real, Vector256<T> Imaginary) Collect(T* source, int k, int column)
    {
        var place = source + ((long)(k / Lanes) * Stride + column) * 2 * Lanes + k % Lanes;
        T* real = stackalloc T[Lanes], imaginary = stackalloc T[Lanes];
        for (var lane = 0; lane < Lanes; lane++, place += 2 * Lanes)
        {
            real[lane] = place[0];
            imaginary[lane] = place[Lanes];
        }
        return (Vector256.Load(real), Vector256.Load(imaginary));
    }

    private static void Even(Fft<double> fft, int signals, int half, Func<int, int, double> value, Action<int, int, double> take) =>
        RowParallel.Run(signals, Fft<double>.Lanes, () => new Convolution<double>.Buffers(fft), (buffers, _, from, to) =>
        {
            var lanes = Fft<double>.Lanes;
            new Span<double>(buffers.Imaginary, 2 * half * lanes).Clear();
            for (var signal = from; signal < to; signal++)
                for (var j = 0; j < 2 * half; j++)
                    buffers.Real[j * lanes + signal - from] = value(signal, Math.Min(j, 2 * half - j));
            buffers.Transform();
            for (var signal = from; signal < to; signal++)
                for (var j = 0; j <= half; j++) take(signal, j, buffers.ResultReal[j * lanes + signal - from]);
        });

    private static T Of(double value) => typeof(T) == typeof(float) ? (T)(object)(float)value : (T)(object)value;

    /// <summary>One worker's signals, aligned to whole vectors.</summary>
    internal sealed class Buffers
    {
        private readonly Fft<T> fft;
        private readonly T[] memory;
        private readonly T* start;
        private bool swapped;

        public Buffers(Fft<T> fft)
        {
            this.fft = fft;
            var bytes = 64;
            memory = GC.AllocateArray<T>(2 * fft.BufferLength + bytes / sizeof(T), pinned: true);
            start = (T*)(((nint)Unsafe(memory) + bytes - 1) & -bytes);
        }

        public T* Real => start;

        public T* Imaginary => start + fft.Length * Lanes;

        public T* ResultReal => start + (swapped ? fft.BufferLength : 0);

        public T* ResultImaginary => ResultReal + fft.Length * Lanes;

        public void Transform() =>
            swapped = fft.Transform(Real, Imaginary, Real + fft.BufferLength, Imaginary + fft.BufferLength);

        /// <summary>Transforms the result back, times the length, by exchange of real and imaginary parts.</summary>
        public void TransformBack()
        {
            T* re = ResultReal, im = ResultImaginary, otherRe = Real + (swapped ? 0 : fft.BufferLength);
            swapped ^= fft.Transform(im, re, otherRe + fft.Length * Lanes, otherRe);
        }

        private static T* Unsafe(T[] pinned) => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
    }
}
