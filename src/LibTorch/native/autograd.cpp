// Gradients: modes, grad, backward, and functions whose backward pass is managed code.
#include "bridge.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <sstream>
#include <unordered_set>

namespace {

using torch::autograd::SavedVariable;
using torch::autograd::VariableInfo;
using torch::autograd::variable_list;

void give_all(const variable_list& tensors, at::Tensor** handles) {
  for (size_t k = 0; k < tensors.size(); k++) handles[k] = mi::give(tensors[k]);
}

// Gradients of the outputs in, gradients of the inputs out, both as handles; returns an error or null.
using managed_backward = const char* (*)(void* context, void* node, at::Tensor** grads, int32_t count, at::Tensor** results, int32_t expected);
using managed_release = void (*)(void* context);

// A node whose backward pass is managed code. What it saved is held as SavedVariable: an output saved that way keeps no
// reference to this node, so no cycle arises and the node dies with its graph.
struct ManagedNode : public torch::autograd::Node {
  void* context = nullptr;
  managed_backward run = nullptr;
  managed_release release = nullptr;
  bool materialize = true;
  bool released = false;
  std::string title;
  std::vector<VariableInfo> outputs;
  std::vector<SavedVariable> saved;

  ~ManagedNode() override {
    if (release != nullptr) release(context);
  }

  std::string name() const override { return title; }

  void release_variables() override {
    released = true;
    saved.clear();
  }

  variable_list apply(variable_list&& grads) override {
    if (released)
      throw std::runtime_error("Trying to backward through the graph a second time, but the saved intermediate results have already been freed. "
                               "Specify retain_graph: true when calling backward or grad the first time.");
    if (materialize) fill_missing(grads);
    std::vector<at::Tensor*> given(grads.size(), nullptr);
    std::vector<at::Tensor*> results(num_outputs(), nullptr);
    give_all(grads, given.data());
    const char* error = run(context, this, given.data(), static_cast<int32_t>(given.size()), results.data(), static_cast<int32_t>(results.size()));
    if (error != nullptr) throw std::runtime_error(error);
    variable_list answer = mi::borrow(results.data(), static_cast<int32_t>(results.size()));
    for (at::Tensor* handle : results) delete handle;
    return answer;
  }

 private:
  void fill_missing(variable_list& grads) {
    at::OptionalDeviceGuard guard;
    for (size_t k = 0; k < grads.size(); k++)
      if (!grads[k].defined()) grads[k] = outputs[k].zeros(guard);
  }
};

// The call that ties outputs into the graph has gained arguments over the versions; these overloads take whichever form
// this libtorch has. The first addition names tensors to save, the second makes an output that is an input a view of it,
// the third says that the function is nothing but a view.
using output_list = std::vector<mi::optional<at::Tensor>>;

[[maybe_unused]] at::Tensor as_view(at::Tensor tensor) { return tensor.view_as(tensor); }

template <class... Common, class Inputs, class Constant, class Dirty, class Raw, class Node, class Jvp>
output_list tie(output_list (*wrap)(Inputs, Constant, Dirty, Raw, Node, Jvp), const Common&... common) {
  return wrap(common...);
}

template <class... Common, class Inputs, class Constant, class Dirty, class Raw, class Node, class Jvp, class Save>
output_list tie(output_list (*wrap)(Inputs, Constant, Dirty, Raw, Node, Jvp, Save), const Common&... common) {
  return wrap(common..., {});
}

template <class... Common, class Inputs, class Constant, class Dirty, class Raw, class Node, class Jvp, class Save, class View>
output_list tie(output_list (*wrap)(Inputs, Constant, Dirty, Raw, Node, Jvp, Save, View), const Common&... common) {
  return wrap(common..., {}, as_view);
}

template <class... Common, class Inputs, class Constant, class Dirty, class Raw, class Node, class Jvp, class Save, class View, class Pure>
output_list tie(output_list (*wrap)(Inputs, Constant, Dirty, Raw, Node, Jvp, Save, View, Pure), const Common&... common) {
  return wrap(common..., {}, as_view, false);
}

output_list wrap_outputs(const variable_list& inputs, const std::unordered_set<at::TensorImpl*>& constant, const std::unordered_set<at::TensorImpl*>& dirty,
                         const variable_list& outputs, const std::shared_ptr<ManagedNode>& node) {
  const output_list raw(outputs.begin(), outputs.end());
  const torch::autograd::_jvp_fn_t no_forward_mode = [](variable_list, variable_list) -> variable_list {
    throw std::runtime_error("A managed autograd function has no forward-mode derivative.");
  };
  const std::shared_ptr<torch::autograd::Node> shared = node;
  return tie(&torch::autograd::_wrap_outputs, inputs, constant, dirty, at::ArrayRef<mi::optional<at::Tensor>>(raw), shared, no_forward_mode);
}

std::unordered_set<at::TensorImpl*> impls(at::Tensor* const* handles, int32_t count) {
  std::unordered_set<at::TensorImpl*> found;
  for (int32_t k = 0; k < count; k++)
    if (handles[k] != nullptr) found.insert(handles[k]->unsafeGetTensorImpl());
  return found;
}

}  // namespace

// Everything that a managed function hands over after its forward pass.
struct mi_function {
  void* context;
  managed_backward run;
  managed_release release;
  const char* name;
  at::Tensor* const* inputs;
  at::Tensor* const* outputs;
  at::Tensor* const* saved;
  at::Tensor* const* dirty;
  at::Tensor* const* constant;
  int32_t input_count;
  int32_t output_count;
  int32_t saved_count;
  int32_t dirty_count;
  int32_t constant_count;
  int32_t materialize;
};

// Ties the outputs of a managed forward pass into the graph. The context is released exactly once: with the node, or
// before this returns when nothing requires a gradient.
MI_EXPORT const char* mi_function_record(const mi_function* function, at::Tensor** results) {
  bool owned = false;
  const char* error = mi::guarded([&] {
    const variable_list inputs = mi::borrow(function->inputs, function->input_count);
    const bool executable = at::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);
    std::shared_ptr<ManagedNode> node;
    if (executable) {
      node = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
      node->context = function->context;
      node->run = function->run;
      node->release = function->release;
      owned = true;
      node->title = function->name;
      node->materialize = function->materialize != 0;
      node->set_next_edges(torch::autograd::collect_next_edges(inputs));
      node->clear_input_metadata();
    }
    const auto wrapped = wrap_outputs(inputs, impls(function->constant, function->constant_count), impls(function->dirty, function->dirty_count),
                                      mi::borrow(function->outputs, function->output_count), node);
    for (size_t k = 0; k < wrapped.size(); k++) {
      if (node && wrapped[k]) node->outputs.emplace_back(*wrapped[k]);
      results[k] = wrapped[k] ? mi::give(*wrapped[k]) : nullptr;
    }
    if (!node) return;
    for (int32_t k = 0; k < function->saved_count; k++) {
      const at::Tensor tensor = mi::borrow(function->saved[k]);
      const bool is_output = tensor.defined() && tensor.grad_fn().get() == node.get();
      node->saved.emplace_back(tensor, is_output);
    }
  });
  if (!owned) function->release(function->context);
  return error;
}

MI_EXPORT int32_t mi_function_saved_count(void* node) { return static_cast<int32_t>(static_cast<ManagedNode*>(node)->saved.size()); }

// The saved tensors, with their place in the graph.
MI_EXPORT const char* mi_function_saved(void* node, at::Tensor** results) {
  return mi::guarded([&] {
    auto* own = static_cast<ManagedNode*>(node);
    const auto shared = own->shared_from_this();
    for (size_t k = 0; k < own->saved.size(); k++) results[k] = mi::give(own->saved[k].unpack(shared));
  });
}

MI_EXPORT const char* mi_tensor_set_requires_grad(const at::Tensor* tensor, bool on) {
  return mi::guarded([&] {
    if (!on && !tensor->is_leaf())
      throw std::invalid_argument("Only a leaf can stop requiring a gradient; call detach() on a result of a computation instead.");
    tensor->set_requires_grad(on);
  });
}

MI_EXPORT const char* mi_tensor_retain_grad(const at::Tensor* tensor) {
  return mi::guarded([&] { tensor->retain_grad(); });
}

MI_EXPORT at::Tensor* mi_tensor_grad(const at::Tensor* tensor) {
  // Reading the field itself does not warn when the tensor is no leaf.
  auto* meta = torch::autograd::impl::get_autograd_meta(*tensor);
  return meta == nullptr ? nullptr : mi::give(meta->grad_);
}

MI_EXPORT const char* mi_tensor_set_grad(at::Tensor* tensor, const at::Tensor* grad) {
  return mi::guarded([&] {
    if (grad != nullptr && grad->sizes() != tensor->sizes()) {
      std::ostringstream text;
      text << "A gradient of shape " << grad->sizes() << " cannot be set on a tensor of shape " << tensor->sizes() << ".";
      throw std::invalid_argument(text.str());
    }
    if (grad != nullptr && grad->scalar_type() != tensor->scalar_type())
      throw std::invalid_argument(std::string("A gradient of ") + c10::toString(grad->scalar_type()) + " cannot be set on a tensor of " +
                                  c10::toString(tensor->scalar_type()) + ".");
    tensor->mutable_grad() = mi::borrow(grad);
  });
}

MI_EXPORT const char* mi_autograd_backward(at::Tensor* const* tensors, int32_t count, at::Tensor* const* grads, int32_t grad_count, int32_t retain_graph,
                                           bool create_graph, at::Tensor* const* inputs, int32_t input_count) {
  return mi::guarded([&] {
    const auto retain = retain_graph < 0 ? mi::optional<bool>() : mi::optional<bool>(retain_graph != 0);
    torch::autograd::backward(mi::borrow(tensors, count), mi::borrow(grads, grad_count), retain, create_graph, mi::borrow(inputs, input_count));
  });
}

MI_EXPORT const char* mi_autograd_grad(at::Tensor* const* outputs, int32_t count, at::Tensor* const* inputs, int32_t input_count, at::Tensor* const* grads,
                                       int32_t grad_count, bool retain_graph, bool create_graph, bool allow_unused, at::Tensor** results) {
  return mi::guarded([&] {
    give_all(torch::autograd::grad(mi::borrow(outputs, count), mi::borrow(inputs, input_count), mi::borrow(grads, grad_count), retain_graph, create_graph,
                                   allow_unused),
             results);
  });
}

MI_EXPORT bool mi_grad_mode_get() { return at::GradMode::is_enabled(); }

MI_EXPORT void mi_grad_mode_set(bool on) { at::GradMode::set_enabled(on); }

MI_EXPORT bool mi_inference_mode_get() { return c10::InferenceMode::is_enabled(); }

// The guard must be left on the thread that entered it.
MI_EXPORT void* mi_inference_mode_enter(bool on) { return new c10::InferenceMode(on); }

MI_EXPORT void mi_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

MI_EXPORT void mi_anomaly_mode_set(bool on, bool check_nan) { torch::autograd::AnomalyMode::set_enabled(on, check_nan); }

MI_EXPORT bool mi_anomaly_mode_get() { return torch::autograd::AnomalyMode::is_enabled(); }
