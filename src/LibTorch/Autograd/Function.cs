namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>An operation whose backward pass is written in C#. Derive from <see cref="SingleTensorFunction{T}"/> or <see cref="MultiTensorFunction{T}"/>.</summary>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            public abstract string Name { get; }

            internal abstract List<Tensor> Forward(AutogradContext context, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext context, List<Tensor> grads);

            public static List<Tensor> apply_internal(params object[] vars)
            {
                var function = new T();
                var context = new AutogradContext();
                List<Tensor> outputs;
                using (no_grad()) outputs = function.Forward(context, vars);
                return FunctionRecord.Record(function.Name, context, grads => function.Backward(context, grads), vars, outputs);
            }
        }

        /// <summary>A function with one tensor as its result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each entry of <c>vars</c>; null where the entry is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            internal override List<Tensor> Forward(AutogradContext context, object[] vars) => [forward(context, vars)];

            internal override List<Tensor> Backward(AutogradContext context, List<Tensor> grads) => backward(context, grads[0]);
        }

        /// <summary>A function with several tensors as its result.</summary>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each entry of <c>vars</c>; null where the entry is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            internal override List<Tensor> Forward(AutogradContext context, object[] vars) => forward(context, vars);

            internal override List<Tensor> Backward(AutogradContext context, List<Tensor> grads) => backward(context, grads);
        }
    }
}
