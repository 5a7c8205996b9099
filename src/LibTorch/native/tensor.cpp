// Tensors themselves: their memory, their shape, and the state of the process around them (errors, seeds, threads, devices).
#include "bridge.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/ScalarType.h>
#include <torch/cuda.h>

#include <cstdlib>
#include <mutex>
#include <sstream>

namespace mi {

const char* keep_error(std::string text) noexcept {
  static thread_local std::string kept;
  kept = std::move(text);
  return kept.c_str();
}

const char* describe(const std::exception& error) noexcept {
  try {
    const auto* own = dynamic_cast<const c10::Error*>(&error);
    std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
    const auto end = text.find('\n');
    if (end != std::string::npos && end > 0) text.resize(end);
    return keep_error(std::move(text));
  } catch (...) {
    return "The native side ran out of memory while it described an error.";
  }
}

void* allocate(size_t bytes) {
  void* memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace mi

MI_EXPORT void mi_free(void* memory) { std::free(memory); }

MI_EXPORT void mi_tensor_free(at::Tensor* tensor) { delete tensor; }

// A second handle on the same tensor: no new node in the graph, no new storage.
MI_EXPORT at::Tensor* mi_tensor_share(const at::Tensor* tensor) { return new at::Tensor(*tensor); }

MI_EXPORT int64_t mi_tensor_dim(const at::Tensor* tensor) { return tensor->dim(); }

MI_EXPORT int64_t mi_tensor_numel(const at::Tensor* tensor) { return tensor->numel(); }

MI_EXPORT int64_t mi_tensor_element_size(const at::Tensor* tensor) { return static_cast<int64_t>(tensor->element_size()); }

MI_EXPORT int32_t mi_tensor_dtype(const at::Tensor* tensor) { return static_cast<int32_t>(tensor->scalar_type()); }

MI_EXPORT int64_t mi_tensor_device(const at::Tensor* tensor) { return mi::pack(tensor->device()); }

MI_EXPORT const char* mi_tensor_is_contiguous(const at::Tensor* tensor, bool* contiguous) {
  return mi::guarded([&] { *contiguous = tensor->is_contiguous(); });
}

MI_EXPORT bool mi_tensor_is_sparse(const at::Tensor* tensor) { return tensor->is_sparse(); }

MI_EXPORT bool mi_tensor_is_leaf(const at::Tensor* tensor) { return tensor->is_leaf(); }

MI_EXPORT bool mi_tensor_requires_grad(const at::Tensor* tensor) { return tensor->requires_grad(); }

MI_EXPORT void mi_tensor_sizes(const at::Tensor* tensor, int64_t* sizes) {
  const auto source = tensor->sizes();
  std::copy(source.begin(), source.end(), sizes);
}

MI_EXPORT const char* mi_tensor_strides(const at::Tensor* tensor, int64_t* strides) {
  return mi::guarded([&] {
    const auto source = tensor->strides();
    std::copy(source.begin(), source.end(), strides);
  });
}

MI_EXPORT const char* mi_tensor_storage_offset(const at::Tensor* tensor, int64_t* offset) {
  return mi::guarded([&] { *offset = tensor->storage_offset(); });
}

MI_EXPORT const char* mi_tensor_data(const at::Tensor* tensor, void** data) {
  return mi::guarded([&] { *data = tensor->data_ptr(); });
}

// A tensor over foreign memory; `release(context)` runs when its storage dies. Null strides mean contiguous.
MI_EXPORT const char* mi_tensor_from_memory(void* data, void (*release)(void*), void* context, const int64_t* sizes, const int64_t* strides,
                                            int32_t dimensions, int32_t dtype, int64_t device, at::Tensor** result) {
  return mi::guarded([&] {
    const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).device(mi::unpack_device(device));
    const at::IntArrayRef shape(sizes, dimensions);
    auto deleter = [release, context](void*) {
      if (release != nullptr) release(context);
    };
    *result = mi::give(strides == nullptr ? at::from_blob(data, shape, deleter, options)
                                          : at::from_blob(data, shape, at::IntArrayRef(strides, dimensions), deleter, options));
  });
}

// A tensor with its own copy of `bytes` bytes of memory, contiguous, on the CPU.
MI_EXPORT const char* mi_tensor_copy_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype, at::Tensor** result) {
  return mi::guarded([&] {
    at::Tensor tensor = at::empty(at::IntArrayRef(sizes, dimensions), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    if (static_cast<int64_t>(tensor.numel() * tensor.element_size()) != bytes) {
      std::ostringstream text;
      text << "A tensor of shape " << tensor.sizes() << " needs " << tensor.numel() << " elements and was given "
           << bytes / static_cast<int64_t>(tensor.element_size()) << ".";
      throw std::invalid_argument(text.str());
    }
    if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
    *result = mi::give(tensor);
  });
}

MI_EXPORT const char* mi_manual_seed(uint64_t seed) {
  return mi::guarded([&] { at::manual_seed(seed); });
}

MI_EXPORT const char* mi_generator_new(uint64_t seed, int64_t device, at::Generator** result) {
  return mi::guarded([&] {
    const c10::Device where = mi::unpack_device(device);
    if (where.is_cpu()) {
      *result = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed));
      return;
    }
    at::Generator fresh = at::globalContext().defaultGenerator(where).clone();
    fresh.set_current_seed(seed);
    *result = new at::Generator(fresh);
  });
}

MI_EXPORT const char* mi_generator_default(int64_t device, at::Generator** result) {
  return mi::guarded([&] { *result = new at::Generator(at::globalContext().defaultGenerator(mi::unpack_device(device))); });
}

MI_EXPORT void mi_generator_free(at::Generator* generator) { delete generator; }

MI_EXPORT int64_t mi_generator_device(const at::Generator* generator) { return mi::pack(generator->device()); }

MI_EXPORT const char* mi_generator_set_seed(at::Generator* generator, uint64_t seed) {
  return mi::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
  });
}

MI_EXPORT const char* mi_generator_get_seed(at::Generator* generator, uint64_t* seed) {
  return mi::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *seed = generator->current_seed();
  });
}

// Draws a seed from the system and uses it.
MI_EXPORT const char* mi_generator_reseed(at::Generator* generator, uint64_t* seed) {
  return mi::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *seed = generator->seed();
  });
}

MI_EXPORT const char* mi_generator_get_state(at::Generator* generator, at::Tensor** state) {
  return mi::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *state = mi::give(generator->get_state());
  });
}

MI_EXPORT const char* mi_generator_set_state(at::Generator* generator, const at::Tensor* state) {
  return mi::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(*state);
  });
}

MI_EXPORT const char* mi_set_num_threads(int32_t count) {
  return mi::guarded([&] { at::set_num_threads(count); });
}

MI_EXPORT int32_t mi_get_num_threads() { return at::get_num_threads(); }

MI_EXPORT const char* mi_set_num_interop_threads(int32_t count) {
  return mi::guarded([&] { at::set_num_interop_threads(count); });
}

MI_EXPORT int32_t mi_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }

MI_EXPORT const char* mi_set_default_dtype(int32_t dtype) {
  return mi::guarded([&] { at::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<at::ScalarType>(dtype))); });
}

MI_EXPORT const char* mi_use_deterministic_algorithms(bool on, bool warn_only) {
  return mi::guarded([&] { at::globalContext().setDeterministicAlgorithms(on, warn_only); });
}

MI_EXPORT const char* mi_cuda_device_count(int32_t* count) {
  return mi::guarded([&] { *count = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

MI_EXPORT const char* mi_cudnn_is_available(bool* available) {
  return mi::guarded([&] { *available = torch::cuda::cudnn_is_available(); });
}

MI_EXPORT const char* mi_cuda_manual_seed(uint64_t seed, bool all) {
  return mi::guarded([&] { all ? torch::cuda::manual_seed_all(seed) : torch::cuda::manual_seed(seed); });
}

MI_EXPORT const char* mi_cuda_synchronize(int64_t index) {
  return mi::guarded([&] { torch::cuda::synchronize(index); });
}

MI_EXPORT bool mi_mps_is_available() {
#if TORCH_VERSION_MAJOR >= 2 || (TORCH_VERSION_MAJOR == 1 && TORCH_VERSION_MINOR >= 12)
  return at::hasMPS();
#else
  return false;
#endif
}

// What a bug report needs: 0 libtorch's version, 1 threads and BLAS at run time, 2 how libtorch was built.
MI_EXPORT const char* mi_describe(int32_t what, mi_value* text) {
  return mi::guarded([&] {
    const std::string answer = what == 0 ? TORCH_VERSION : what == 1 ? at::get_parallel_info() : at::show_config();
    *text = mi::to_value(c10::IValue(answer));
  });
}
