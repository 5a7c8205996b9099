// TorchScript files: loads one, hands its modules and graphs over as JSON, and runs single nodes.
// Inlining, folding and naming are done on the managed side; nothing here knows about layers.
#include "bridge.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/frontend/schema_matching.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/script.h>

#include <caffe2/serialize/file_adapter.h>
#include <caffe2/serialize/read_adapter_interface.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace {

using c10::IValue;
using c10::TypeKind;
using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Operation;
using torch::jit::Stack;

// Values cross flat, in pre-order: a list or tuple is followed by its `count` members, a dict by keys and values in turn
// (`count` both together). Which of the three is meant follows from the type that is wanted.
enum script_tag : int32_t { script_list = 32, script_other = 33 };

struct mi_script_value {
  int32_t tag;  // mi_tag, or one of the above
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

struct Step {
  Node* node;
  Operation operation;  // empty where the managed side does the work
};

struct Script {
  explicit Script(torch::jit::Module m) : module(std::move(m)) {}

  torch::jit::Module module;
  std::vector<std::shared_ptr<Graph>> graphs;  // keep the nodes alive
  std::vector<Step> steps;
  std::vector<IValue> values;
  std::string json;
};

// ---- values ----

class Writer {
 public:
  void write(const IValue& value) {
    if (value.isNone()) return put(mi_none, 0, 0);
    if (value.isTensor()) return write_tensor(value.toTensor());
    if (value.isInt()) return put(mi_int, 0, value.toInt());
    if (value.isBool()) return put(mi_bool, 0, value.toBool());
    if (value.isDouble()) return write_double(value.toDouble());
    if (value.isString()) return write_text(mi_string, value.toStringRef());
    if (value.isDevice()) return put(mi_device, 0, mi::pack(value.toDevice()));
    if (value.isTuple()) return write_all(value.toTupleRef().elements());
    if (value.isList()) return write_all(value.toListRef());
    if (value.isGenericDict()) return write_dict(value.toGenericDict());
    write_text(script_other, value.tagKind());
  }

  const mi_script_value* data() const { return values_.data(); }
  int64_t size() const { return static_cast<int64_t>(values_.size()); }

  void clear() {
    values_.clear();
    texts_.clear();
  }

 private:
  void put(int32_t tag, int64_t count, int64_t i) {
    mi_script_value value;
    value.tag = tag;
    value.count = static_cast<int32_t>(count);
    value.i = i;
    values_.push_back(value);
  }

  void write_tensor(const at::Tensor& tensor) {
    put(tensor.defined() ? mi_tensor : mi_none, 0, 0);
    values_.back().p = mi::give(tensor);
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
    for (const IValue& item : items) write(item);
  }

  void write_dict(const c10::impl::GenericDict& dict) {
    put(script_list, 2 * static_cast<int64_t>(dict.size()), 0);
    for (const auto& entry : dict) {
      write(entry.key());
      write(entry.value());
    }
  }

  std::vector<mi_script_value> values_;
  std::deque<std::string> texts_;
};

class Reader {
 public:
  Reader(const mi_script_value* values, int64_t count) : next_(values), end_(values + count) {}

  IValue read(const c10::TypePtr& wanted) {
    if (next_ == end_) throw std::invalid_argument("Too few values were given to a script operator.");
    const c10::TypePtr type = unwrap(wanted);
    const mi_script_value& value = *next_++;
    switch (value.tag) {
      case mi_none: return IValue();
      case mi_tensor: return *static_cast<at::Tensor*>(value.p);
      case mi_int: return type->kind() == TypeKind::FloatType ? IValue(static_cast<double>(value.i)) : IValue(value.i);
      case mi_double: return value.d;
      case mi_bool: return value.i != 0;
      case mi_string: return std::string(static_cast<const char*>(value.p), value.count);
      case mi_device: return mi::unpack_device(value.i);
      case script_list: return read_members(type, value.count);
      default: throw std::invalid_argument("A script operator was given a value of an unknown kind.");
    }
  }

 private:
  static c10::TypePtr unwrap(const c10::TypePtr& type) {
    const auto optional = type->cast<c10::OptionalType>();
    return optional ? unwrap(optional->getElementType()) : type;
  }

  IValue read_members(const c10::TypePtr& type, int32_t count) {
    if (type->kind() == TypeKind::TupleType) return read_tuple(type, count);
    return type->kind() == TypeKind::DictType ? read_dict(type, count / 2) : read_list(type, count);
  }

  IValue read_tuple(const c10::TypePtr& type, int32_t count) {
    if (type->containedTypes().size() != static_cast<size_t>(count)) throw std::invalid_argument("A tuple was given another number of members than its type has.");
    std::vector<IValue> items;
    for (int32_t k = 0; k < count; k++) items.push_back(read(type->containedTypes()[k]));
    return c10::ivalue::Tuple::create(std::move(items));
  }

  IValue read_list(const c10::TypePtr& type, int32_t count) {
    const c10::TypePtr element = type->kind() == TypeKind::ListType ? type->containedTypes()[0] : c10::TypePtr(c10::AnyType::get());
    c10::impl::GenericList list(element);
    for (int32_t k = 0; k < count; k++) list.push_back(read(element));
    return list;
  }

  IValue read_dict(const c10::TypePtr& type, int32_t count) {
    const auto dict_type = type->expect<c10::DictType>();
    c10::impl::GenericDict dict(dict_type->getKeyType(), dict_type->getValueType());
    for (int32_t k = 0; k < count; k++) {
      const IValue key = read(dict_type->getKeyType());
      dict.insert(key, read(dict_type->getValueType()));
    }
    return dict;
  }

  const mi_script_value* next_;
  const mi_script_value* end_;
};

// ---- the file ----

// The file, if asked without its records of original line numbers: libtorch looks them up without checking what they say.
class ScriptReader : public caffe2::serialize::ReadAdapterInterface {
 public:
  ScriptReader(const std::string& path, bool with_lines) : file_(path), with_lines_(with_lines) {}

  size_t size() const override { return file_.size(); }

  size_t read(uint64_t position, void* buffer, size_t count, const char* what) const override {
    const size_t got = file_.read(position, buffer, count, what);
    char* bytes = static_cast<char*>(buffer);
    static const std::string directory("PK\1\2", 4), name(".debug_pkl");
    if (!with_lines_ && got > directory.size() && std::equal(directory.begin(), directory.end(), bytes))
      for (char* at = bytes; (at = std::search(at, bytes + got, name.begin(), name.end())) != bytes + got;) *++at = '-';
    return got;
  }

 private:
  caffe2::serialize::FileAdapter file_;
  bool with_lines_;
};

// ---- weights ----

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

// Everything is computed in float32; numbers without dimensions take part in type promotion as they are.
bool is_other_float(const at::Tensor& tensor) { return tensor.is_floating_point() && tensor.scalar_type() != at::kFloat && tensor.dim() > 0; }

// Every tensor in a value. A damaged file can hold a list that contains itself.
void check_all(const IValue& value) {
  std::set<const void*> seen;
  value.visit([&](const IValue& part) {
    if (part.isTensor() && part.toTensor().defined()) check_bounds(part.toTensor());
    if (part.isObject()) return !seen.insert(&part.toObjectRef()).second;
    return part.isList() && !part.toListRef().empty() && !seen.insert(part.toListRef().data()).second;
  });
}

// ---- the plan as JSON ----

class Plan {
 public:
  explicit Plan(Script& script) : script_(script) {}

  std::string write() {
    const size_t root = module_index(script_.module._ivalue());
    const std::string main = require(script_.module.get_method("forward").function());
    std::ostringstream graphs;
    for (size_t k = 0; k < functions_.size(); k++) {  // grows while it is written
      graphs << (k == 0 ? "" : ",");
      text(graphs, functions_[k]->qualname().qualifiedName());
      graphs << ":";
      function(graphs, *functions_[k]);
    }
    std::ostringstream all;
    all << "{\"root\":" << root << ",\"converted\":" << converted_ << ",\"main\":";
    text(all, main);
    all << ",\"graphs\":{" << graphs.str() << "},\"modules\":[";
    for (size_t k = 0; k < modules_.size(); k++) all << (k == 0 ? "" : ",") << modules_[k];
    all << "]}";
    return all.str();
  }

 private:
  static void text(std::ostream& out, const std::string& value) {
    static const char hex[] = "0123456789abcdef";
    out << '"';
    for (const unsigned char c : value) {
      if (c == '"' || c == '\\') out << '\\' << c;
      else if (c < 0x20 || c == 0x7f) out << "\\u00" << hex[c >> 4] << hex[c & 15];
      else out << c;
    }
    out << '"';
  }

  size_t module_index(const c10::intrusive_ptr<c10::ivalue::Object>& object) {
    const auto known = module_of_.find(object.get());
    if (known != module_of_.end()) return known->second;
    const size_t index = modules_.size();
    module_of_[object.get()] = index;
    modules_.emplace_back();
    modules_[index] = module(object);
    return index;
  }

  std::string module(const c10::intrusive_ptr<c10::ivalue::Object>& object) {
    std::ostringstream out;
    const auto type = object->type();
    out << "{\"type\":";
    text(out, type->name() ? type->name()->qualifiedName() : "");
    out << ",\"attributes\":{";
    for (size_t k = 0; k < type->numAttributes(); k++) {
      out << (k == 0 ? "" : ",");
      text(out, type->getAttributeName(k));
      out << ":{";
      const IValue& value = object->getSlot(k);
      if (value.isModule()) out << "\"m\":" << module_index(value.toObject());
      else out << "\"v\":" << keep(value) << ",\"p\":" << (type->is_parameter(k) ? "true" : "false");
      out << "}";
    }
    out << "}}";
    return out.str();
  }

  // A tensor that two modules share is kept once.
  size_t keep(const IValue& value) {
    if (!value.isTensor() || !value.toTensor().defined()) {
      script_.values.push_back(value);
      return script_.values.size() - 1;
    }
    const auto added = value_of_.emplace(value.toTensor().unsafeGetTensorImpl(), script_.values.size());
    if (!added.second) return added.first->second;
    const bool other = is_other_float(value.toTensor());
    script_.values.emplace_back((other ? value.toTensor().to(at::kFloat) : value.toTensor()).detach());
    converted_ += other;
    return script_.values.size() - 1;
  }

  std::string require(torch::jit::Function& callee) {
    const std::string name = callee.qualname().qualifiedName();
    if (!seen_[name]) {
      seen_[name] = true;
      functions_.push_back(&callee);
    }
    return name;
  }

  void function(std::ostream& out, torch::jit::Function& callee) {
    const auto graph = torch::jit::toGraphFunction(callee).graph();
    script_.graphs.push_back(graph);
    block(out, *graph->block());
  }

  void block(std::ostream& out, const Block& body) {
    out << "{\"i\":";
    values(out, body.inputs());
    out << ",\"n\":[";
    bool first = true;
    for (Node* node : const_cast<Block&>(body).nodes()) {
      out << (first ? "" : ",");
      first = false;
      write_node(out, node);
    }
    out << "],\"r\":";
    uses(out, body.outputs());
    out << "}";
  }

  // [id, type, name] of each.
  template <class Values>
  static void values(std::ostream& out, const Values& all) {
    out << "[";
    for (size_t k = 0; k < all.size(); k++) {
      out << (k == 0 ? "[" : ",[") << all[k]->unique() << ",";
      text(out, all[k]->type()->str());
      out << ",";
      text(out, all[k]->debugName());
      out << "]";
    }
    out << "]";
  }

  template <class Values>
  static void uses(std::ostream& out, const Values& all) {
    out << "[";
    for (size_t k = 0; k < all.size(); k++) out << (k == 0 ? "" : ",") << all[k]->unique();
    out << "]";
  }

  void write_node(std::ostream& out, Node* node) {
    out << "{\"k\":";
    text(out, node->kind().toQualString());
    out << ",\"l\":";
    text(out, line(node));
    out << ",\"i\":";
    uses(out, node->inputs());
    out << ",\"o\":";
    values(out, node->outputs());
    details(out, node);
    if (!node->blocks().empty()) {
      out << ",\"b\":[";
      for (size_t k = 0; k < node->blocks().size(); k++) {
        out << (k == 0 ? "" : ",");
        block(out, *node->blocks()[k]);
      }
      out << "]";
    }
    out << "}";
  }

  void details(std::ostream& out, Node* node) {
    const auto kind = node->kind();
    if (kind == c10::prim::Constant) constant(out, node);
    else if (kind == c10::prim::GetAttr || kind == c10::prim::SetAttr) attribute_name(out, node);
    else if (kind == c10::prim::CallMethod) call(out, node);
    else if (const auto* schema = node->maybeSchema()) operation(out, node, *schema);
  }

  void attribute_name(std::ostream& out, Node* node) {
    out << ",\"a\":";
    text(out, node->s(c10::attr::name));
  }

  void constant(std::ostream& out, Node* node) {
    if (const auto type = node->output()->type()->cast<c10::FunctionType>()) {
      out << ",\"f\":";
      text(out, require(*type->function()));
    } else if (const auto value = torch::jit::toIValue(node->output())) {
      check_all(*value);
      out << ",\"c\":" << keep(*value);
    }
  }

  void call(std::ostream& out, Node* node) {
    attribute_name(out, node);
    const auto type = node->inputs()[0]->type()->cast<c10::ClassType>();
    if (!type) return;
    auto* method = type->findMethod(node->s(c10::attr::name));
    if (method == nullptr) return;
    out << ",\"f\":";
    text(out, require(*method));
  }

  // "s" the schema; "w" the tensors and "wl" the lists it writes to; "v" for each output the argument it is a view of;
  // "p" the operator that gives the same without writing, which then is the one that runs.
  void operation(std::ostream& out, Node* node, const c10::FunctionSchema& schema) {
    const auto pure = out_of_place(schema);
    const c10::FunctionSchema& run = pure ? pure->schema() : schema;
    script_.steps.push_back({node, pure ? pure->getOperation() : node->getOperation()});
    out << ",\"x\":" << script_.steps.size() - 1 << ",\"s\":";
    std::ostringstream spelled;
    spelled << schema;
    text(out, spelled.str());
    if (pure) {
      out << ",\"p\":";
      text(out, run.name());
    }
    written(out, schema, "w", true);
    written(out, schema, "wl", false);
    out << ",\"d\":" << (node->isNondeterministic() || node->kind() == c10::aten::dropout ? "false" : "true");
    out << ",\"v\":[";
    for (size_t k = 0; k < run.returns().size(); k++) out << (k == 0 ? "" : ",") << viewed(run, run.returns()[k]);
    out << "]";
  }

  static void written(std::ostream& out, const c10::FunctionSchema& schema, const char* key, bool tensors) {
    out << ",\"" << key << "\":[";
    bool first = true;
    for (size_t k = 0; k < schema.arguments().size(); k++) {
      const auto* alias = schema.arguments()[k].alias_info();
      if (alias == nullptr || !alias->isWrite() || tensors != (schema.arguments()[k].type()->kind() == TypeKind::TensorType)) continue;
      out << (first ? "" : ",") << k;
      first = false;
    }
    out << "]";
  }

  static int64_t viewed(const c10::FunctionSchema& schema, const c10::Argument& result) {
    const auto* alias = result.alias_info();
    if (alias == nullptr) return -1;
    const auto& sets = alias->beforeSets().empty() && !alias->containedTypes().empty() ? alias->containedTypes()[0].beforeSets() : alias->beforeSets();
    for (size_t k = 0; k < schema.arguments().size(); k++) {
      const auto* from = schema.arguments()[k].alias_info();
      if (from == nullptr) continue;
      for (const auto& set : from->beforeSets())
        if (sets.count(set) != 0) return static_cast<int64_t>(k);
    }
    return alias->isWildcardAfter() || alias->isWildcardBefore() ? 0 : -1;
  }

  static std::shared_ptr<torch::jit::Operator> out_of_place(const c10::FunctionSchema& schema) {
    const std::string& name = schema.name();
    if (name.back() != '_' || name.size() < 2 || name[name.size() - 2] == '_') return nullptr;
    const c10::OperatorName wanted(name.substr(0, name.size() - 1), schema.overload_name());
    auto found = torch::jit::findOperatorFor(wanted);
    return found && found->schema().arguments().size() == schema.arguments().size() ? found : nullptr;
  }

  static std::string line(Node* node) {
    try {
      auto range = node->sourceRange();
      if (const auto original = range.findSourceRangeThatGenerated()) range = *original;
      if (const auto place = range.file_line_col()) {
        std::ostringstream out;
        out << std::get<0>(*place) << ":" << std::get<1>(*place);
        return out.str();
      }
    } catch (const std::exception&) {
      // Debug records are optional, and worth nothing when damaged.
    }
    return "";
  }

  Script& script_;
  std::vector<std::string> modules_;
  std::map<const c10::ivalue::Object*, size_t> module_of_;
  std::map<const at::TensorImpl*, size_t> value_of_;
  std::vector<torch::jit::Function*> functions_;
  std::map<std::string, bool> seen_;
  int64_t converted_ = 0;
};

Writer& results() {
  static thread_local Writer writer;
  return writer;
}

void run(Script& script, int64_t index, const mi_script_value* inputs, int64_t count) {
  Step& step = script.steps.at(static_cast<size_t>(index));
  Reader reader(inputs, count);
  Stack stack;
  for (const auto* input : step.node->inputs()) stack.push_back(reader.read(input->type()));
  const Stack given = stack;
  step.operation(stack);
  Writer& writer = results();
  writer.clear();
  for (const IValue& output : stack) writer.write(output);
  // A list that was written to is handed back after the outputs.
  const auto& arguments = step.node->schema().arguments();
  for (size_t k = 0; k < arguments.size() && k < given.size(); k++)
    if (arguments[k].alias_info() != nullptr && arguments[k].alias_info()->isWrite() && !given[k].isTensor()) writer.write(given[k]);
}

}  // namespace

// ---- reading ----

MI_EXPORT const char* mi_script_load(const char* path, int64_t device, bool with_lines, Script** script) {
  return mi::guarded([&] {
    // On the CPU first: nothing is computed on a tensor before its bounds are known to be right.
    auto module = torch::jit::load(std::make_shared<ScriptReader>(path, with_lines), c10::Device(c10::kCPU));
    check_all(module._ivalue());
    module.eval();
    if (!mi::unpack_device(device).is_cpu()) module.to(mi::unpack_device(device));
    auto loaded = std::make_unique<Script>(std::move(module));
    loaded->json = Plan(*loaded).write();
    *script = loaded.release();
  });
}

MI_EXPORT const char* mi_script_json(const Script* script) { return script->json.c_str(); }

// What is written stays valid until the next call on this thread; the tensors in it belong to the caller.
MI_EXPORT const char* mi_script_constant(const Script* script, int64_t index, const mi_script_value** value, int64_t* count) {
  return mi::guarded([&] {
    Writer& writer = results();
    writer.clear();
    writer.write(script->values.at(static_cast<size_t>(index)));
    *value = writer.data();
    *count = writer.size();
  });
}

// Runs one node on values given in the order of its inputs.
MI_EXPORT const char* mi_script_run(Script* script, int64_t step, const mi_script_value* inputs, int64_t count,
                                    const mi_script_value** outputs, int64_t* written) {
  return mi::guarded([&] {
    run(*script, step, inputs, count);
    *outputs = results().data();
    *written = results().size();
  });
}

MI_EXPORT void mi_script_free(Script* script) { delete script; }

// ---- writing: modules from source ----

using torch::jit::Module;

MI_EXPORT const char* mi_script_module(const char* type, Module** module) {
  return mi::guarded([&] { *module = new Module(type); });
}

MI_EXPORT const char* mi_script_parameter(Module* module, const char* name, const at::Tensor* value, bool buffer) {
  return mi::guarded([&] { module->register_parameter(name, *value, buffer); });
}

MI_EXPORT const char* mi_script_child(Module* module, const char* name, const Module* child) {
  return mi::guarded([&] { module->register_module(name, *child); });
}

MI_EXPORT const char* mi_script_define(Module* module, const char* source) {
  return mi::guarded([&] { module->define(source); });
}

MI_EXPORT const char* mi_script_save(const Module* module, const char* path) {
  return mi::guarded([&] { module->save(path); });
}

MI_EXPORT void mi_script_module_free(Module* module) { delete module; }
