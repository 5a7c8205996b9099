// A loop whose rounds are only known when it runs, as one step.
#include "script.h"
#include "script_schema.h"

#include <torch/csrc/jit/runtime/interpreter.h>

#include <algorithm>
#include <map>
#include <set>

namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

// Values that a body uses without making them, and the lists that it writes to.
void from_outside(Block* body, std::set<const Value*>& inside, std::vector<Value*>& outside, size_t own, std::set<const Value*>& changed) {
  const auto use = [&](Value* value) {
    if (inside.count(value) == 0 && std::find(outside.begin() + own, outside.end(), value) == outside.end()) outside.push_back(value);
  };
  for (Value* input : body->inputs()) inside.insert(input);
  for (Node* node : body->nodes()) {
    for (Value* input : node->inputs()) use(input);
    if (const auto* schema = node->maybeSchema())
      for (const size_t list : mi::written(*schema, false)) changed.insert(node->inputs()[list]);
    for (Block* inner : node->blocks()) from_outside(inner, inside, outside, own, changed);
    for (Value* output : node->outputs()) inside.insert(output);
  }
  for (Value* output : body->outputs()) use(output);
}

// The loop as a graph of its own, whose inputs are these.
std::shared_ptr<Graph> alone(Node* node, const std::vector<Value*>& inputs) {
  auto graph = std::make_shared<Graph>();
  std::map<const Value*, Value*> within;
  for (Value* input : inputs) within[input] = graph->addInput()->setType(input->type());
  Node* copy = graph->insertNode(graph->createClone(node, [&](Value* value) { return within.at(value); }));
  for (Value* output : copy->outputs()) graph->registerOutput(output);
  return graph;
}

bool is_code(const Value* value) {
  const auto kind = value->type()->kind();
  return kind == c10::TypeKind::ClassType || kind == c10::TypeKind::FunctionType;
}

}  // namespace

bool mi::as_step(Node* loop, std::vector<Value*>& inputs, ScriptStep& step) {
  std::set<const Value*> inside, changed;
  inputs.assign(loop->inputs().begin(), loop->inputs().end());
  const size_t own = inputs.size();
  for (Block* body : loop->blocks()) from_outside(body, inside, inputs, own, changed);
  if (std::any_of(inputs.begin(), inputs.end(), is_code)) return false;
  for (size_t k = own; k < inputs.size(); k++)
    if (changed.count(inputs[k]) != 0 && inputs[k]->type()->kind() != c10::TypeKind::TensorType) step.changed.push_back(k);
  for (const Value* input : inputs) step.inputs.push_back(input->type());
  const torch::jit::Code code(alone(loop, inputs), "loop");
  step.operation = [code](torch::jit::Stack& stack) { torch::jit::InterpreterState(code).run(stack); };
  return true;
}
