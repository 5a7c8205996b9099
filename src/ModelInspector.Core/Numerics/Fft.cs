using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// Complex discrete Fourier transforms of one length, 2^a·3^b·5^c, of as many signals at once as a vector has lanes. Value k of all signals
/// lies in one vector, so a butterfly never shuffles. Self-sorting passes (Stockham) of radix 4, 2, 3 and 5. Source: Van Loan,
/// Computational Frameworks for the Fast Fourier Transform, §1.7.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class Fft<T> where T : unmanaged
{
    private readonly (int Radix, int Parts, int Stride, T[] Turns)[] passes;

    /// <param name="length">A product of 2, 3 and 5.</param>
    public Fft(int length)
    {
        Length = length;
        var found = new List<(int, int, int, T[])>();
        for (int rest = length, stride = 1; rest > 1;)
        {
            var radix = rest % 4 == 0 ? 4 : rest % 2 == 0 ? 2 : rest % 3 == 0 ? 3 : rest % 5 == 0 ? 5
                : throw new ArgumentException($"{length} is no product of 2, 3 and 5.", nameof(length));
            found.Add((radix, rest / radix, stride, Turns(radix, rest)));
            rest /= radix;
            stride *= radix;
        }
        passes = [.. found];
    }

    /// <summary>Number of values of a signal.</summary>
    public int Length { get; }

    /// <summary>Signals transformed at once.</summary>
    public static int Lanes => Vector256<T>.Count;

    /// <summary>Values in a buffer: real parts of all signals, then imaginary parts.</summary>
    public int BufferLength => 2 * Length * Lanes;

    /// <summary>The smallest even product of 2, 3 and 5 that is not below <paramref name="least"/>.</summary>
    public static int GoodLength(int least)
    {
        for (var length = Math.Max(2, least + least % 2); ; length += 2)
        {
            var rest = length;
            foreach (var prime in (ReadOnlySpan<int>)[2, 3, 5])
                while (rest % prime == 0) rest /= prime;
            if (rest == 1) return length;
        }
    }

    /// <summary>
    /// Transforms Σ_n x_n exp(−2πi kn/N); returns the buffer that holds the result, one of the two. Exchanging real and imaginary parts of
    /// what goes in and of what comes out gives the inverse times N.
    /// </summary>
    /// <param name="real">Real parts, N vectors.</param>
    /// <param name="imaginary">Imaginary parts, N vectors.</param>
    /// <param name="otherReal">As large; overwritten.</param>
    /// <param name="otherImaginary">As large; overwritten.</param>
    /// <returns>Whether the result lies in the other pair.</returns>
    public bool Transform(T* real, T* imaginary, T* otherReal, T* otherImaginary)
    {
        var swapped = false;
        foreach (var (radix, parts, stride, turns) in passes)
        {
            fixed (T* turn = turns)
                switch (radix)
                {
                    case 4: Radix4(parts, stride, turn, real, imaginary, otherReal, otherImaginary); break;
                    case 2: Radix2(parts, stride, turn, real, imaginary, otherReal, otherImaginary); break;
                    case 3: Radix3(parts, stride, turn, real, imaginary, otherReal, otherImaginary); break;
                    default: Radix5(parts, stride, turn, real, imaginary, otherReal, otherImaginary); break;
                }
            T* re = real, im = imaginary;
            real = otherReal;
            imaginary = otherImaginary;
            otherReal = re;
            otherImaginary = im;
            swapped = !swapped;
        }
        return swapped;
    }

    // exp(−2πi pj/n) for j = 1 … radix − 1, part by part.
    private static T[] Turns(int radix, int n)
    {
        var turns = new T[n / radix * (radix - 1) * 2];
        for (var p = 0; p < n / radix; p++)
            for (var j = 1; j < radix; j++)
            {
                var (sine, cosine) = Math.SinCos(-2 * Math.PI * ((long)p * j % n) / n);
                turns[(p * (radix - 1) + j - 1) * 2] = Of(cosine);
                turns[(p * (radix - 1) + j - 1) * 2 + 1] = Of(sine);
            }
        return turns;
    }

    private static T Of(double value) => typeof(T) == typeof(float) ? (T)(object)(float)value : (T)(object)value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix2(int parts, int stride, T* turn, T* re, T* im, T* toRe, T* toIm)
    {
        int step = stride * Lanes, far = parts * step;
        for (var p = 0; p < parts; p++, turn += 2)
        {
            Vector256<T> wr = Vector256.Create(turn[0]), wi = Vector256.Create(turn[1]);
            for (var q = 0; q < step; q += Lanes)
            {
                int from = p * step + q, to = 2 * p * step + q;
                Vector256<T> ar = Vector256.Load(re + from), ai = Vector256.Load(im + from);
                Vector256<T> br = Vector256.Load(re + from + far), bi = Vector256.Load(im + from + far);
                Store(toRe + to, toIm + to, ar + br, ai + bi);
                Turn(toRe + to + step, toIm + to + step, ar - br, ai - bi, wr, wi);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix4(int parts, int stride, T* turn, T* re, T* im, T* toRe, T* toIm)
    {
        int step = stride * Lanes, far = parts * step;
        for (var p = 0; p < parts; p++, turn += 6)
        {
            Vector256<T> w1r = Vector256.Create(turn[0]), w1i = Vector256.Create(turn[1]);
            Vector256<T> w2r = Vector256.Create(turn[2]), w2i = Vector256.Create(turn[3]);
            Vector256<T> w3r = Vector256.Create(turn[4]), w3i = Vector256.Create(turn[5]);
            for (var q = 0; q < step; q += Lanes)
            {
                int from = p * step + q, to = 4 * p * step + q;
                Vector256<T> ar = Vector256.Load(re + from), ai = Vector256.Load(im + from);
                Vector256<T> br = Vector256.Load(re + from + far), bi = Vector256.Load(im + from + far);
                Vector256<T> cr = Vector256.Load(re + from + 2 * far), ci = Vector256.Load(im + from + 2 * far);
                Vector256<T> dr = Vector256.Load(re + from + 3 * far), di = Vector256.Load(im + from + 3 * far);
                Vector256<T> acr = ar + cr, aci = ai + ci, bdr = br + dr, bdi = bi + di;
                Store(toRe + to, toIm + to, acr + bdr, aci + bdi);
                Turn(toRe + to + 2 * step, toIm + to + 2 * step, acr - bdr, aci - bdi, w2r, w2i);
                (acr, aci, bdr, bdi) = (ar - cr, ai - ci, br - dr, bi - di);
                Turn(toRe + to + step, toIm + to + step, acr + bdi, aci - bdr, w1r, w1i);
                Turn(toRe + to + 3 * step, toIm + to + 3 * step, acr - bdi, aci + bdr, w3r, w3i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix3(int parts, int stride, T* turn, T* re, T* im, T* toRe, T* toIm)
    {
        int step = stride * Lanes, far = parts * step;
        Vector256<T> half = Vector256.Create(Of(0.5)), sine = Vector256.Create(Of(Math.Sqrt(0.75)));
        for (var p = 0; p < parts; p++, turn += 4)
        {
            Vector256<T> w1r = Vector256.Create(turn[0]), w1i = Vector256.Create(turn[1]);
            Vector256<T> w2r = Vector256.Create(turn[2]), w2i = Vector256.Create(turn[3]);
            for (var q = 0; q < step; q += Lanes)
            {
                int from = p * step + q, to = 3 * p * step + q;
                Vector256<T> ar = Vector256.Load(re + from), ai = Vector256.Load(im + from);
                Vector256<T> br = Vector256.Load(re + from + far), bi = Vector256.Load(im + from + far);
                Vector256<T> cr = Vector256.Load(re + from + 2 * far), ci = Vector256.Load(im + from + 2 * far);
                Vector256<T> sr = br + cr, si = bi + ci, tr = (br - cr) * sine, ti = (bi - ci) * sine;
                Store(toRe + to, toIm + to, ar + sr, ai + si);
                Vector256<T> mr = ar - sr * half, mi = ai - si * half;
                Turn(toRe + to + step, toIm + to + step, mr + ti, mi - tr, w1r, w1i);
                Turn(toRe + to + 2 * step, toIm + to + 2 * step, mr - ti, mi + tr, w2r, w2i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Radix5(int parts, int stride, T* turn, T* re, T* im, T* toRe, T* toIm)
    {
        int step = stride * Lanes, far = parts * step;
        Vector256<T> c1 = Vector256.Create(Of(Math.Cos(2 * Math.PI / 5))), c2 = Vector256.Create(Of(Math.Cos(4 * Math.PI / 5)));
        Vector256<T> s1 = Vector256.Create(Of(Math.Sin(2 * Math.PI / 5))), s2 = Vector256.Create(Of(Math.Sin(4 * Math.PI / 5)));
        for (var p = 0; p < parts; p++, turn += 8)
            for (var q = 0; q < step; q += Lanes)
            {
                int from = p * step + q, to = 5 * p * step + q;
                Vector256<T> ar = Vector256.Load(re + from), ai = Vector256.Load(im + from);
                Vector256<T> br = Vector256.Load(re + from + far), bi = Vector256.Load(im + from + far);
                Vector256<T> er = Vector256.Load(re + from + 4 * far), ei = Vector256.Load(im + from + 4 * far);
                Vector256<T> cr = Vector256.Load(re + from + 2 * far), ci = Vector256.Load(im + from + 2 * far);
                Vector256<T> dr = Vector256.Load(re + from + 3 * far), di = Vector256.Load(im + from + 3 * far);
                (br, er, bi, ei) = (br + er, br - er, bi + ei, bi - ei);
                (cr, dr, ci, di) = (cr + dr, cr - dr, ci + di, ci - di);
                Store(toRe + to, toIm + to, ar + br + cr, ai + bi + ci);
                Vector256<T> mr = ar + br * c1 + cr * c2, mi = ai + bi * c1 + ci * c2;
                Vector256<T> nr = er * s1 + dr * s2, ni = ei * s1 + di * s2;
                Turn(toRe + to + step, toIm + to + step, mr + ni, mi - nr, Vector256.Create(turn[0]), Vector256.Create(turn[1]));
                Turn(toRe + to + 4 * step, toIm + to + 4 * step, mr - ni, mi + nr, Vector256.Create(turn[6]), Vector256.Create(turn[7]));
                (mr, mi) = (ar + br * c2 + cr * c1, ai + bi * c2 + ci * c1);
                (nr, ni) = (er * s2 - dr * s1, ei * s2 - di * s1);
                Turn(toRe + to + 2 * step, toIm + to + 2 * step, mr + ni, mi - nr, Vector256.Create(turn[2]), Vector256.Create(turn[3]));
                Turn(toRe + to + 3 * step, toIm + to + 3 * step, mr - ni, mi + nr, Vector256.Create(turn[4]), Vector256.Create(turn[5]));
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* re, T* im, Vector256<T> real, Vector256<T> imaginary)
    {
        real.Store(re);
        imaginary.Store(im);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(T* re, T* im, Vector256<T> real, Vector256<T> imaginary, Vector256<T> wr, Vector256<T> wi) =>
        Store(re, im, real * wr - imaginary * wi, real * wi + imaginary * wr);
}
