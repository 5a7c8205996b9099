// A TorchScript file in memory, and its plan for the managed side.
#pragma once

#include "bridge.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/script.h>

namespace mi {

// Something to run: an operator, or a whole loop whose rounds are only known when it runs.
struct ScriptStep {
  std::vector<c10::TypePtr> inputs;
  std::vector<size_t> changed;  // inputs that are lists it writes to, handed back after the outputs
  torch::jit::Operation operation;
};

struct Script {
  Script(torch::jit::Module m, c10::Device d) : module(std::move(m)), device(d) {}

  torch::jit::Module module;
  c10::Device device;
  std::vector<std::shared_ptr<torch::jit::Graph>> graphs;  // keep the nodes alive
  std::vector<ScriptStep> steps;
  std::vector<c10::IValue> values;
  std::string json;
};

// Throws unless every tensor in a value lies inside its storage.
void check_tensors(const c10::IValue& value);

// A loop as one step, which takes the values from around it after its own inputs; false where it calls modules or functions.
bool as_step(torch::jit::Node* loop, std::vector<torch::jit::Value*>& inputs, ScriptStep& step);

// Fills steps and values, and returns the plan as JSON.
std::string write_plan(Script& script);

}  // namespace mi
