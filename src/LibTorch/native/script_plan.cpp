// A TorchScript file's modules and graphs as JSON. Inlining, folding and naming are done on the managed side; nothing here knows
// about layers.
#include "script.h"
#include "script_schema.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>

#include <map>
#include <sstream>

namespace {

using c10::IValue;
using mi::Script;
using mi::ScriptStep;
using torch::jit::Block;
using torch::jit::Node;
using torch::jit::Value;

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
    const auto pure = mi::out_of_place(schema);
    const c10::FunctionSchema& run = pure ? pure->schema() : schema;
    script_.steps.push_back({types(node->inputs()), mi::written(schema, false), pure ? pure->getOperation() : node->getOperation()});
    out << ",\"x\":" << script_.steps.size() - 1 << ",\"s\":";
    std::ostringstream spelled;
    spelled << schema;
    text(out, spelled.str());
    if (pure) {
      out << ",\"p\":";
      text(out, run.name());
    }
    places(out, "w", mi::written(schema, true));
    places(out, "wl", mi::written(schema, false));
    out << ",\"d\":" << (node->isNondeterministic() || node->kind() == c10::aten::dropout ? "false" : "true");
    out << ",\"v\":[";
    for (size_t k = 0; k < run.returns().size(); k++) out << (k == 0 ? "" : ",") << mi::viewed(run, run.returns()[k]);
    out << "]";
  }

  // "e" the values from around it, "wl" the lists it writes to.
  void loop(std::ostream& out, Node* node) {
    std::vector<Value*> inputs;
    ScriptStep step{{}, {}, nullptr};
    if (!mi::as_step(node, inputs, step)) return;
    script_.steps.push_back(std::move(step));
    out << ",\"x\":" << script_.steps.size() - 1 << ",\"e\":";
    values(out, at::ArrayRef<Value*>(inputs).slice(node->inputs().size()));
    places(out, "wl", script_.steps.back().changed);
  }

  static void places(std::ostream& out, const char* key, const std::vector<size_t>& all) {
    out << ",\"" << key << "\":[";
    for (size_t k = 0; k < all.size(); k++) out << (k == 0 ? "" : ",") << all[k];
    out << "]";
  }

  template <class Values>
  static std::vector<c10::TypePtr> types(const Values& all) {
    std::vector<c10::TypePtr> found;
    for (const auto* value : all) found.push_back(value->type());
    return found;
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

std::string mi::write_plan(Script& script) { return Plan(script).write(); }
