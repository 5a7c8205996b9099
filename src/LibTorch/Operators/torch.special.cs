using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static class special
    {
        public static Tensor digamma(Tensor input) => Ops.SpecialDigamma.Call(input);
        public static Tensor entr(Tensor input) => Ops.SpecialEntr.Call(input);
        public static Tensor erf(Tensor input) => Ops.SpecialErf.Call(input);
        public static Tensor erfc(Tensor input) => Ops.SpecialErfc.Call(input);
        public static Tensor erfcx(Tensor input) => Ops.SpecialErfcx.Call(input);
        public static Tensor erfinv(Tensor input) => Ops.SpecialErfinv.Call(input);
        public static Tensor exp2(Tensor input) => Ops.SpecialExp2.Call(input);
        public static Tensor expit(Tensor input) => Ops.SpecialExpit.Call(input);
        public static Tensor expm1(Tensor input) => Ops.SpecialExpm1.Call(input);
        public static Tensor gammainc(Tensor input, Tensor other) => Ops.SpecialGammainc.Call(input, other);
        public static Tensor gammaincc(Tensor input, Tensor other) => Ops.SpecialGammaincc.Call(input, other);
        public static Tensor gammaln(Tensor input) => Ops.SpecialGammaln.Call(input);
        public static Tensor i0(Tensor input) => Ops.SpecialI0.Call(input);
        public static Tensor i0e(Tensor input) => Ops.SpecialI0e.Call(input);
        public static Tensor i1(Tensor input) => Ops.SpecialI1.Call(input);
        public static Tensor i1e(Tensor input) => Ops.SpecialI1e.Call(input);
        public static Tensor log1p(Tensor input) => Ops.SpecialLog1p.Call(input);
        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => Ops.SpecialLogSoftmax.Call(input, dim, dtype);
        public static Tensor logit(Tensor input, double? eps = null) => Ops.SpecialLogit.Call(input, eps);
        public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => Ops.SpecialLogsumexp.Call(input, dim, keepdim);
        public static Tensor multigammaln(Tensor input, long p) => Ops.SpecialMultigammaln.Call(input, p);
        public static Tensor ndtr(Tensor input) => Ops.SpecialNdtr.Call(input);
        public static Tensor ndtri(Tensor input) => Ops.SpecialNdtri.Call(input);
        public static Tensor polygamma(long n, Tensor input) => Ops.SpecialPolygamma.Call(n, input);
        public static Tensor psi(Tensor input) => Ops.SpecialPsi.Call(input);
        public static Tensor round(Tensor input) => Ops.SpecialRound.Call(input);
        public static Tensor sinc(Tensor input) => Ops.SpecialSinc.Call(input);
        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Ops.SpecialSoftmax.Call(input, dim, dtype);
        public static Tensor xlog1py(Tensor input, Tensor other) => Ops.SpecialXlog1py.Call(input, other);
        public static Tensor xlogy(Tensor input, Tensor other) => Ops.SpecialXlogy.Call(input, other);
        public static Tensor zeta(Tensor input, Tensor other) => Ops.SpecialZeta.Call(input, other);
    }
}
