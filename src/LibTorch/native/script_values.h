// TorchScript values on their way over the C ABI.
#pragma once

#include "bridge.h"

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <deque>
#include <stdexcept>

namespace mi {

// Values cross flat, in pre-order: a list or tuple is followed by its `count` members, a dict by keys and values in turn
// (`count` both together). Which of the three is meant follows from the type that is wanted.
enum script_tag : int32_t { script_list = 32, script_other = 33 };

struct script_value {
  int32_t tag;  // mi_tag, or one of the above
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

class ScriptWriter {
 public:
  void write(const c10::IValue& value) {
    if (value.isNone()) return put(mi_none, 0, 0);
    if (value.isTensor()) return write_tensor(value.toTensor());
    if (value.isInt()) return put(mi_int, 0, value.toInt());
    if (value.isBool()) return put(mi_bool, 0, value.toBool());
    if (value.isDouble()) return write_double(value.toDouble());
    if (value.isString()) return write_text(mi_string, value.toStringRef());
    if (value.isDevice()) return put(mi_device, 0, pack(value.toDevice()));
    if (value.isTuple()) return write_all(value.toTupleRef().elements());
    if (value.isList()) return write_all(value.toListRef());
    if (value.isGenericDict()) return write_dict(value.toGenericDict());
    write_text(script_other, value.tagKind());
  }

  const script_value* data() const { return values_.data(); }
  int64_t size() const { return static_cast<int64_t>(values_.size()); }

  void clear() {
    values_.clear();
    texts_.clear();
  }

 private:
  void put(int32_t tag, int64_t count, int64_t i) {
    script_value value;
    value.tag = tag;
    value.count = static_cast<int32_t>(count);
    value.i = i;
    values_.push_back(value);
  }

  void write_tensor(const at::Tensor& tensor) {
    put(tensor.defined() ? mi_tensor : mi_none, 0, 0);
    values_.back().p = give(tensor);
  }

  void write_double(double number) {
    put(mi_double, 0, 0);
    values_.back().d = number;
  }

  void write_text(int32_t tag, const std::string& text) {
    texts_.push_back(text);
    put(tag, static_cast<int64_t>(text.size()), 0);
    values_.back().p = const_cast<char*>(texts_.back().data());
  }

  template <class Items>
  void write_all(const Items& items) {
    put(script_list, static_cast<int64_t>(items.size()), 0);
    for (const c10::IValue& item : items) write(item);
  }

  void write_dict(const c10::impl::GenericDict& dict) {
    put(script_list, 2 * static_cast<int64_t>(dict.size()), 0);
    for (const auto& entry : dict) {
      write(entry.key());
      write(entry.value());
    }
  }

  std::vector<script_value> values_;
  std::deque<std::string> texts_;
};

class ScriptReader {
 public:
  ScriptReader(const script_value* values, int64_t count) : next_(values), end_(values + count) {}

  c10::IValue read(const c10::TypePtr& wanted) {
    if (next_ == end_) throw std::invalid_argument("Too few values were given to a script operator.");
    const c10::TypePtr type = unwrap(wanted);
    const script_value& value = *next_++;
    switch (value.tag) {
      case mi_none: return c10::IValue();
      case mi_tensor: return *static_cast<at::Tensor*>(value.p);
      case mi_int: return type->kind() == c10::TypeKind::FloatType ? c10::IValue(static_cast<double>(value.i)) : c10::IValue(value.i);
      case mi_double: return value.d;
      case mi_bool: return value.i != 0;
      case mi_string: return std::string(static_cast<const char*>(value.p), value.count);
      case mi_device: return unpack_device(value.i);
      case script_list: return read_members(type, value.count);
      default: throw std::invalid_argument("A script operator was given a value of an unknown kind.");
    }
  }

 private:
  static c10::TypePtr unwrap(const c10::TypePtr& type) {
    const auto optional = type->cast<c10::OptionalType>();
    return optional ? unwrap(optional->getElementType()) : type;
  }

  c10::IValue read_members(const c10::TypePtr& type, int32_t count) {
    if (type->kind() == c10::TypeKind::TupleType) return read_tuple(type, count);
    return type->kind() == c10::TypeKind::DictType ? read_dict(type, count / 2) : read_list(type, count);
  }

  c10::IValue read_tuple(const c10::TypePtr& type, int32_t count) {
    if (type->containedTypes().size() != static_cast<size_t>(count)) throw std::invalid_argument("A tuple was given another number of members than its type has.");
    std::vector<c10::IValue> items;
    for (int32_t k = 0; k < count; k++) items.push_back(read(type->containedTypes()[k]));
    return c10::ivalue::Tuple::create(std::move(items));
  }

  c10::IValue read_list(const c10::TypePtr& type, int32_t count) {
    const c10::TypePtr element = type->kind() == c10::TypeKind::ListType ? type->containedTypes()[0] : c10::TypePtr(c10::AnyType::get());
    c10::impl::GenericList list(element);
    for (int32_t k = 0; k < count; k++) list.push_back(read(element));
    return list;
  }

  c10::IValue read_dict(const c10::TypePtr& type, int32_t count) {
    const auto dict_type = type->expect<c10::DictType>();
    c10::impl::GenericDict dict(dict_type->getKeyType(), dict_type->getValueType());
    for (int32_t k = 0; k < count; k++) {
      const c10::IValue key = read(dict_type->getKeyType());
      dict.insert(key, read(dict_type->getValueType()));
    }
    return dict;
  }

  const script_value* next_;
  const script_value* end_;
};

}  // namespace mi
