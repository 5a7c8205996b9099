// Every ATen operator through one entry: arguments are converted as the operator's schema asks, the boxed kernel runs,
// and the results come back as tagged values.
#include "bridge.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <c10/core/ScalarType.h>

#include <sstream>

namespace {

using c10::IValue;
using c10::TypeKind;

[[noreturn]] void mismatch(const c10::Argument& argument, const char* given) {
  std::ostringstream text;
  text << "Argument '" << argument.name() << "' expects " << argument.type()->repr_str() << " and was given " << given << ".";
  throw std::invalid_argument(text.str());
}

const char* kind(const mi_value& value) {
  static const char* const names[] = {"None", "the default", "a tensor", "an int", "a float", "a bool", "a complex number",
                                      "a list of ints", "a list of floats", "a list of bools", "a list of tensors",
                                      "a string", "a device", "a generator"};
  return value.tag >= 0 && value.tag <= mi_generator ? names[value.tag] : "an unknown value";
}

bool is_number(const mi_value& value) { return value.tag == mi_int || value.tag == mi_double || value.tag == mi_bool || value.tag == mi_complex; }

at::Scalar to_scalar(const mi_value& value) {
  switch (value.tag) {
    case mi_int: return at::Scalar(value.i);
    case mi_double: return at::Scalar(value.d);
    case mi_bool: return at::Scalar(value.i != 0);
    default: return at::Scalar(c10::complex<double>(value.d, value.imaginary));
  }
}

// A number where a tensor is wanted takes part in type promotion as a number, not as a tensor.
at::Tensor wrap_number(const mi_value& value) {
  at::Tensor tensor = at::scalar_tensor(to_scalar(value), at::TensorOptions().dtype(
      value.tag == mi_int ? at::kLong : value.tag == mi_bool ? at::kBool : value.tag == mi_double ? at::kDouble : at::kComplexDouble));
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

IValue to_tensor(const c10::Argument& argument, const mi_value& value) {
  if (value.tag == mi_tensor) return mi::borrow(static_cast<at::Tensor*>(value.p));
  if (is_number(value)) return wrap_number(value);
  if (value.tag == mi_none) return at::Tensor();
  mismatch(argument, kind(value));
}

IValue to_int(const c10::Argument& argument, const mi_value& value) {
  if (value.tag == mi_int || value.tag == mi_bool) return value.i;
  mismatch(argument, kind(value));
}

IValue to_double(const c10::Argument& argument, const mi_value& value) {
  if (value.tag == mi_double) return value.d;
  if (value.tag == mi_int || value.tag == mi_bool) return static_cast<double>(value.i);
  mismatch(argument, kind(value));
}

IValue to_int_list(const c10::Argument& argument, const mi_value& value) {
  c10::List<int64_t> list;
  if (value.tag == mi_int_list) {
    list.reserve(value.count);
    for (int32_t k = 0; k < value.count; k++) list.push_back(static_cast<int64_t*>(value.p)[k]);
  } else if (value.tag == mi_int) {
    const int32_t repeats = argument.N() ? *argument.N() : 1;
    for (int32_t k = 0; k < repeats; k++) list.push_back(value.i);
  } else {
    mismatch(argument, kind(value));
  }
  return list;
}

IValue to_double_list(const c10::Argument& argument, const mi_value& value) {
  c10::List<double> list;
  if (value.tag == mi_double_list) {
    for (int32_t k = 0; k < value.count; k++) list.push_back(static_cast<double*>(value.p)[k]);
  } else if (value.tag == mi_int_list) {
    for (int32_t k = 0; k < value.count; k++) list.push_back(static_cast<double>(static_cast<int64_t*>(value.p)[k]));
  } else if (value.tag == mi_double || value.tag == mi_int) {
    const int32_t repeats = argument.N() ? *argument.N() : 1;
    for (int32_t k = 0; k < repeats; k++) list.push_back(value.tag == mi_double ? value.d : static_cast<double>(value.i));
  } else {
    mismatch(argument, kind(value));
  }
  return list;
}

IValue to_bool_list(const c10::Argument& argument, const mi_value& value) {
  if (value.tag != mi_bool_list && value.tag != mi_int_list) mismatch(argument, kind(value));
  c10::List<bool> list;
  for (int32_t k = 0; k < value.count; k++) list.push_back(static_cast<int64_t*>(value.p)[k] != 0);
  return list;
}

IValue to_tensor_list(const c10::Argument& argument, const mi_value& value) {
  c10::List<at::Tensor> list;
  if (value.tag == mi_tensor) {
    list.push_back(mi::borrow(static_cast<at::Tensor*>(value.p)));
  } else if (value.tag == mi_tensor_list) {
    list.reserve(value.count);
    for (int32_t k = 0; k < value.count; k++) list.push_back(mi::borrow(static_cast<at::Tensor**>(value.p)[k]));
  } else if (!(value.tag == mi_int_list && value.count == 0)) {
    mismatch(argument, kind(value));
  }
  return list;
}

IValue to_optional_tensor_list(const c10::Argument& argument, const mi_value& value) {
  c10::List<mi::optional<at::Tensor>> list;
  if (value.tag != mi_tensor_list && value.count != 0) mismatch(argument, kind(value));
  for (int32_t k = 0; k < value.count; k++) {
    at::Tensor* handle = static_cast<at::Tensor**>(value.p)[k];
    list.push_back(handle == nullptr ? mi::optional<at::Tensor>() : mi::optional<at::Tensor>(*handle));
  }
  return list;
}

IValue to_scalar_list(const c10::Argument& argument, const mi_value& value) {
  if (value.tag != mi_int_list && value.tag != mi_double_list) mismatch(argument, kind(value));
  auto list = c10::impl::GenericList(c10::NumberType::get());
  for (int32_t k = 0; k < value.count; k++) {
    if (value.tag == mi_int_list) list.push_back(static_cast<int64_t*>(value.p)[k]);
    else list.push_back(static_cast<double*>(value.p)[k]);
  }
  return list;
}

IValue to_list(const c10::Argument& argument, const c10::TypePtr& type, const mi_value& value) {
  const c10::TypePtr element = type->containedType(0);
  switch (element->kind()) {
    case TypeKind::IntType:
    case TypeKind::SymIntType: return to_int_list(argument, value);
    case TypeKind::FloatType: return to_double_list(argument, value);
    case TypeKind::BoolType: return to_bool_list(argument, value);
    case TypeKind::TensorType: return to_tensor_list(argument, value);
    case TypeKind::OptionalType: return to_optional_tensor_list(argument, value);
    case TypeKind::NumberType: return to_scalar_list(argument, value);
    default: mismatch(argument, kind(value));
  }
}

IValue to_device(const c10::Argument& argument, const mi_value& value) {
  if (value.tag == mi_device || value.tag == mi_int) return mi::unpack_device(value.i);
  if (value.tag == mi_string) return c10::Device(std::string(static_cast<char*>(value.p), value.count));
  mismatch(argument, kind(value));
}

IValue convert(const c10::Argument& argument, const c10::TypePtr& type, const mi_value& value) {
  switch (type->kind()) {
    case TypeKind::OptionalType:
      return value.tag == mi_none ? IValue() : convert(argument, type->containedType(0), value);
    case TypeKind::TensorType: return to_tensor(argument, value);
    case TypeKind::IntType:
    case TypeKind::SymIntType:
    case TypeKind::ScalarTypeType:
    case TypeKind::LayoutType:
    case TypeKind::MemoryFormatType: return to_int(argument, value);
    case TypeKind::FloatType: return to_double(argument, value);
    case TypeKind::BoolType:
      if (value.tag == mi_bool || value.tag == mi_int) return value.i != 0;
      mismatch(argument, kind(value));
    case TypeKind::NumberType:
      if (is_number(value)) return to_scalar(value);
      if (value.tag == mi_tensor) return mi::borrow(static_cast<at::Tensor*>(value.p)).item();
      mismatch(argument, kind(value));
    case TypeKind::StringType:
      if (value.tag == mi_string) return std::string(static_cast<char*>(value.p), value.count);
      mismatch(argument, kind(value));
    case TypeKind::ListType: return to_list(argument, type, value);
    case TypeKind::DeviceObjType: return to_device(argument, value);
    case TypeKind::GeneratorType:
      if (value.tag == mi_generator) return *static_cast<at::Generator*>(value.p);
      mismatch(argument, kind(value));
    default: mismatch(argument, kind(value));
  }
}

IValue take_default(const c10::FunctionSchema& schema, const c10::Argument& argument) {
  if (argument.default_value()) return *argument.default_value();
  throw std::invalid_argument(schema.name() + " needs its argument '" + argument.name() + "'.");
}

void fill(torch::jit::Stack& stack, const c10::FunctionSchema& schema, const mi_value* values, int32_t count) {
  const auto& arguments = schema.arguments();
  if (count > static_cast<int32_t>(arguments.size()))
    throw std::invalid_argument(schema.name() + " takes " + std::to_string(arguments.size()) + " arguments and was given " + std::to_string(count) + ".");
  stack.reserve(arguments.size());
  for (size_t k = 0; k < arguments.size(); k++) {
    const bool given = static_cast<int32_t>(k) < count && values[k].tag != mi_default;
    stack.push_back(given ? convert(arguments[k], arguments[k].type(), values[k]) : take_default(schema, arguments[k]));
  }
}

mi_value list_of(mi_tag tag, size_t count, size_t width) {
  mi_value value{};
  value.tag = tag;
  value.count = static_cast<int32_t>(count);
  value.p = mi::allocate(count * width);
  return value;
}

template <class Tensors>
mi_value tensors_to_value(const Tensors& tensors) {
  mi_value value = list_of(mi_tensor_list, tensors.size(), sizeof(at::Tensor*));
  for (size_t k = 0; k < tensors.size(); k++) static_cast<at::Tensor**>(value.p)[k] = mi::give(tensors[k]);
  return value;
}

mi_value string_to_value(const std::string& text) {
  mi_value value = list_of(mi_string, text.size(), 1);
  std::copy(text.begin(), text.end(), static_cast<char*>(value.p));
  return value;
}

mi_value scalar_to_value(const at::Scalar& scalar) {
  mi_value value{};
  if (scalar.isBoolean()) {
    value.tag = mi_bool;
    value.i = scalar.toBool();
  } else if (scalar.isIntegral(false)) {
    value.tag = mi_int;
    value.i = scalar.toLong();
  } else if (scalar.isComplex()) {
    const auto number = scalar.toComplexDouble();
    value.tag = mi_complex;
    value.d = number.real();
    value.imaginary = number.imag();
  } else {
    value.tag = mi_double;
    value.d = scalar.toDouble();
  }
  return value;
}

mi_value generic_list_to_value(const IValue& list) {
  std::vector<at::Tensor> tensors;
  for (const IValue& item : list.toListRef()) {
    if (!item.isTensor() && !item.isNone()) throw std::invalid_argument("A list of " + item.tagKind() + " cannot be returned.");
    tensors.push_back(item.isTensor() ? item.toTensor() : at::Tensor());
  }
  return tensors_to_value(tensors);
}

}  // namespace

namespace mi {

mi_value to_value(const IValue& value) {
  mi_value result{};
  if (value.isTensor()) {
    result.tag = mi_tensor;
    result.p = give(value.toTensor());
    return result;
  }
  if (value.isNone()) return result;
  if (value.isScalar()) return scalar_to_value(value.toScalar());
  if (value.isTensorList()) return tensors_to_value(value.toTensorVector());
  if (value.isIntList()) {
    const auto items = value.toIntVector();
    result = list_of(mi_int_list, items.size(), sizeof(int64_t));
    std::copy(items.begin(), items.end(), static_cast<int64_t*>(result.p));
    return result;
  }
  if (value.isDoubleList()) {
    const auto items = value.toDoubleVector();
    result = list_of(mi_double_list, items.size(), sizeof(double));
    std::copy(items.begin(), items.end(), static_cast<double*>(result.p));
    return result;
  }
  if (value.isBoolList()) {
    const auto items = value.toBoolList();
    result = list_of(mi_bool_list, items.size(), sizeof(int64_t));
    for (size_t k = 0; k < items.size(); k++) static_cast<int64_t*>(result.p)[k] = items.get(k) ? 1 : 0;
    return result;
  }
  if (value.isString()) return string_to_value(value.toStringRef());
  if (value.isDevice()) {
    result.tag = mi_device;
    result.i = pack(value.toDevice());
    return result;
  }
  if (value.isList()) return generic_list_to_value(value);
  throw std::invalid_argument("A value of kind " + value.tagKind() + " cannot be returned.");
}

void discard(mi_value& value) noexcept {
  if (value.tag == mi_tensor) delete static_cast<at::Tensor*>(value.p);
  if (value.tag == mi_tensor_list)
    for (int32_t k = 0; k < value.count; k++) delete static_cast<at::Tensor**>(value.p)[k];
  if ((value.tag >= mi_int_list && value.tag <= mi_string)) std::free(value.p);
  value = mi_value{};
}

}  // namespace mi

// Finds an operator such as ("aten::add", "Tensor"). The handle lives as long as the process.
MI_EXPORT const char* mi_op_find(const char* name, const char* overload, void** op) {
  return mi::guarded([&] {
    const auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found) {
      const std::string suffix = *overload == 0 ? std::string() : std::string(".") + overload;
      throw std::invalid_argument("This libtorch has no operator " + std::string(name) + suffix + ".");
    }
    *op = new c10::OperatorHandle(*found);
  });
}

// One line an argument: name, type, "=" when it has a default; then "->" and one line a return.
MI_EXPORT const char* mi_op_schema(void* op, mi_value* text) {
  return mi::guarded([&] {
    const auto& schema = static_cast<c10::OperatorHandle*>(op)->schema();
    std::ostringstream lines;
    for (const auto& argument : schema.arguments())
      lines << argument.name() << '\t' << argument.type()->repr_str() << '\t' << (argument.default_value() ? "=" : "") << '\n';
    lines << "->\n";
    for (const auto& result : schema.returns()) lines << result.name() << '\t' << result.type()->repr_str() << "\t\n";
    *text = string_to_value(lines.str());
  });
}

// Runs an operator. Missing trailing arguments take the schema's defaults. The results are the caller's.
MI_EXPORT const char* mi_call(void* op, const mi_value* arguments, int32_t count, mi_value* results, int32_t capacity, int32_t* produced) {
  return mi::guarded([&] {
    const auto& handle = *static_cast<c10::OperatorHandle*>(op);
    torch::jit::Stack stack;
    fill(stack, handle.schema(), arguments, count);
    handle.callBoxed(stack);
    if (static_cast<int32_t>(stack.size()) > capacity) throw std::length_error("The operator returns more values than expected.");
    int32_t done = 0;
    try {
      for (; done < static_cast<int32_t>(stack.size()); done++) results[done] = mi::to_value(stack[done]);
    } catch (...) {
      while (done > 0) mi::discard(results[--done]);
      throw;
    }
    *produced = done;
  });
}
