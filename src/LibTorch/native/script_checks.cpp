// What libtorch believes of a TorchScript file without looking: that its tensors lie inside their data.
#include "script.h"

#include <set>
#include <stdexcept>

namespace {

// A file can declare a tensor larger than its storage; libtorch believes it and would read past the end.
void check_bounds(const at::Tensor& tensor) {
if (tensor.layout() != c10::kStrided || tensor.is_quantized())
  throw std::invalid_argument("The file holds a sparse or quantised tensor; only dense floating, integer and bool tensors are supported.");
if (tensor.numel() == 0) return;
int64_t last = tensor.storage_offset();
bool inside = last >= 0;
for (int64_t d = 0; d < tensor.dim() && inside; d++) {
  int64_t reach = 0;
  inside = tensor.size(d) >= 0 && tensor.stride(d) >= 0 && !__builtin_mul_overflow(tensor.size(d) - 1, tensor.stride(d), &reach) &&
           !__builtin_add_overflow(last, reach, &last);
}
const int64_t held = static_cast<int64_t>(tensor.storage().nbytes() / tensor.itemsize());
if (!inside || last >= held)
  throw std::invalid_argument("The file declares a tensor that is larger than the data stored for it: it is damaged.");
}

}  // namespace

// Every tensor in a value. A damaged file can hold a list that contains itself.
void mi::check_tensors(const c10::IValue& value) {
std::set<const void*> seen;
value.visit([&](const c10::IValue& part) {
  if (part.isTensor() && part.toTensor().defined()) check_bounds(part.toTensor());
  if (part.isObject()) return !seen.insert(&part.toObjectRef()).second;
  return part.isList() && !part.toListRef().empty() && !seen.insert(part.toListRef().data()).second;
});
}
