// The C ABI between the managed side and libtorch.
//
// Conventions:
//  * A tensor handle is an `at::Tensor*` on the heap; whoever receives one owns it and frees it with mi_tensor_free.
//    A null handle is an undefined tensor.
//  * Every function that can fail returns null on success and otherwise the error as text, which stays valid until the
//    next failure on the same thread. No C++ exception crosses the ABI.
//  * A dtype is libtorch's ScalarType as a number; a device is (type << 8) | (index & 0xff), with index -1 for "none".
#pragma once

#include <ATen/ATen.h>
#include <torch/version.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#define MI_EXPORT extern "C" __attribute__((visibility("default")))

enum mi_tag : int32_t {
  mi_none = 0,
  mi_default = 1,           // take the schema's default
  mi_tensor = 2,            // p: at::Tensor*
  mi_int = 3,               // i; also bool-like enums such as dtype, layout and memory format
  mi_double = 4,            // d
  mi_bool = 5,              // i
  mi_complex = 6,           // d, imaginary
  mi_int_list = 7,          // p: int64_t[count]
  mi_double_list = 8,       // p: double[count]
  mi_bool_list = 9,         // p: int64_t[count]
  mi_tensor_list = 10,      // p: at::Tensor*[count]; null entries are "none"
  mi_string = 11,           // p: UTF-8, count bytes
  mi_device = 12,           // i: packed as above
  mi_generator = 13,        // p: at::Generator*
};

struct mi_value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
  double imaginary;
};

namespace mi {

// libtorch's own optional became the standard one on its way through 2.x.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
template <class T>
using optional = std::optional<T>;
#else
template <class T>
using optional = c10::optional<T>;
#endif

// Keeps the text alive for the caller and returns it.
const char* keep_error(std::string text) noexcept;
// The first line of what libtorch says, without its backtrace.
const char* describe(const std::exception& error) noexcept;

template <class F>
const char* guarded(F&& body) noexcept {
  try {
    std::forward<F>(body)();
    return nullptr;
  } catch (const std::exception& error) {
    return describe(error);
  } catch (...) {
    return keep_error("An unknown native error occurred.");
  }
}

inline at::Tensor* give(at::Tensor tensor) {
  return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr;
}

inline at::Tensor borrow(const at::Tensor* handle) {
  return handle == nullptr ? at::Tensor() : *handle;
}

inline std::vector<at::Tensor> borrow(at::Tensor* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t k = 0; k < count; k++) tensors.push_back(borrow(handles[k]));
  return tensors;
}

inline int64_t pack(const c10::Device& device) {
  return (static_cast<int64_t>(device.type()) << 8) | (static_cast<int64_t>(device.index()) & 0xff);
}

inline c10::Device unpack_device(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 8), static_cast<int8_t>(packed & 0xff));
}

// Memory that the managed side frees with mi_free.
void* allocate(size_t bytes);

// One value out of libtorch, for the managed side to own.
mi_value to_value(const c10::IValue& value);
// Frees whatever to_value allocated.
void discard(mi_value& value) noexcept;

}  // namespace mi
