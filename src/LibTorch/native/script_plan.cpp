// A TorchScript file's modules and graphs as JSON. Inlining, folding and naming are done on the managed side; nothing here knows
// about layers.
#include "script.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace {

using c10::IValue;
using c10::TypeKind;
using mi::Script;
using mi::ScriptStep;
using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Stack;
using torch::jit::Value;

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

class Plan {
 public:
  explicit Plan(Script& script) : script_(script) {}

  std::string write() {
    const size_t root = module_index(script_.module._ivalue());
    auto& forward = script_.module.get_method("forward").function();
    const std::string main = require(forward);
    const std::string otherwise = defaults(forward.getSchema());
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
    all << ",\"defaults\":[" << otherwise << "],\"graphs\":{" << graphs.str() << "},\"modules\":[";
    for (size_t k = 0; k < modules_.size(); k++) all << (k == 0 ? "" : ",") << modules_[k];
    all << "]}";
    return all.str();
  }

 private:
  std::string defaults(const c10::FunctionSchema& schema) {
    std::ostringstream out;
    for (size_t k = 0; k < schema.arguments().size(); k++) {
      out << (k == 0 ? "" : ",");
      const auto& value = schema.arguments()[k].default_value();
      if (value) out << keep(*value);
      else out << "null";
    }
    return out.str();
  }

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
    if (value.isDevice()) {  // a trace records where it was made; the network runs where it was asked to
      script_.values.emplace_back(script_.device);
      return script_.values.size() - 1;
    }
    if (!value.isTensor() || !value.toTensor().defined()) {
      script_.values.push_back(value);
      return script_.values.size() - 1;
    }
    const auto added = value_of_.emplace(value.toTensor().unsafeGetTensorImpl(), script_.values.size());
    if (!added.second) return added.first->second;
    const bool other = is_other_float(value.toTensor());
    const at::Tensor here = value.toTensor().dim() > 0 ? value.toTensor().to(script_.device) : value.toTensor();
    script_.values.emplace_back((other ? here.to(at::kFloat) : here).detach());
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
    else if (kind == c10::prim::Loop) loop(out, node);
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
      mi::check_tensors(*value);
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
    script_.steps.push_back({types(node->inputs()), written_lists(schema), pure ? pure->getOperation() : node->getOperation()});
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

  template <class Values>
  static std::vector<c10::TypePtr> types(const Values& all) {
    std::vector<c10::TypePtr> found;
    for (const auto* value : all) found.push_back(value->type());
    return found;
  }

  static std::vector<size_t> written_lists(const c10::FunctionSchema& schema) {
    std::vector<size_t> found;
    for (size_t k = 0; k < schema.arguments().size(); k++) {
      const auto& argument = schema.arguments()[k];
      if (argument.alias_info() != nullptr && argument.alias_info()->isWrite() && argument.type()->kind() != TypeKind::TensorType) found.push_back(k);
    }
    return found;
  }

  // A loop as one step, which takes the values from around it ("e") after its own inputs.
  void loop(std::ostream& out, Node* node) {
    std::set<const Value*> inside;
    std::vector<Value*> all(node->inputs().begin(), node->inputs().end());
    const size_t own = all.size();
    std::set<const Value*> changed;
    for (Block* body : node->blocks()) from_outside(body, inside, all, own, changed);
    for (const Value* value : all)
      if (value->type()->kind() == TypeKind::ClassType || value->type()->kind() == TypeKind::FunctionType) return;
    ScriptStep step{types(all), {}, nullptr};
    for (size_t k = own; k < all.size(); k++)
      if (changed.count(all[k]) != 0 && all[k]->type()->kind() != TypeKind::TensorType) step.changed.push_back(k);
    const torch::jit::Code code(alone(node, all), "loop");
    step.operation = [code](Stack& stack) { torch::jit::InterpreterState(code).run(stack); };
    script_.steps.push_back(std::move(step));
    out << ",\"x\":" << script_.steps.size() - 1 << ",\"e\":";
    values(out, at::ArrayRef<Value*>(all).slice(own));
    out << ",\"wl\":[";
    const auto& lists = script_.steps.back().changed;
    for (size_t k = 0; k < lists.size(); k++) out << (k == 0 ? "" : ",") << lists[k];
    out << "]";
  }

  static void from_outside(Block* body, std::set<const Value*>& inside, std::vector<Value*>& outside, size_t own, std::set<const Value*>& changed) {
    const auto use = [&](Value* value) {
      if (inside.count(value) == 0 && std::find(outside.begin() + own, outside.end(), value) == outside.end()) outside.push_back(value);
    };
    for (Value* input : body->inputs()) inside.insert(input);
    for (Node* node : body->nodes()) {
      for (Value* input : node->inputs()) use(input);
      if (const auto* schema = node->maybeSchema())
        for (const size_t list : written_lists(*schema)) changed.insert(node->inputs()[list]);
      for (Block* inner : node->blocks()) from_outside(inner, inside, outside, own, changed);
      for (Value* output : node->outputs()) inside.insert(output);
    }
    for (Value* output : body->outputs()) use(output);
  }

  static std::shared_ptr<Graph> alone(Node* node, const std::vector<Value*>& inputs) {
    auto graph = std::make_shared<Graph>();
    std::map<const Value*, Value*> within;
    for (Value* input : inputs) within[input] = graph->addInput()->setType(input->type());
    Node* copy = graph->insertNode(graph->createClone(node, [&](Value* value) { return within.at(value); }));
    for (Value* output : copy->outputs()) graph->registerOutput(output);
    return graph;
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

}  // namespace

// Every tensor in a value. A damaged file can hold a list that contains itself.
void mi::check_tensors(const IValue& value) {
  std::set<const void*> seen;
  value.visit([&](const IValue& part) {
    if (part.isTensor() && part.toTensor().defined()) check_bounds(part.toTensor());
    if (part.isObject()) return !seen.insert(&part.toObjectRef()).second;
    return part.isList() && !part.toListRef().empty() && !seen.insert(part.toListRef().data()).second;
  });
}

std::string mi::write_plan(Script& script) { return Plan(script).write(); }
