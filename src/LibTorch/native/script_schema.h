// What an operator's schema says about writing and views.
#pragma once

#include <ATen/core/function_schema.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <memory>
#include <vector>

namespace mi {

// Places of the arguments that it writes to: tensors, or else lists.
std::vector<size_t> written(const c10::FunctionSchema& schema, bool tensors);

// Place of the argument that a result is a view of; -1 if of none.
int64_t viewed(const c10::FunctionSchema& schema, const c10::Argument& result);

// The operator that gives the same without writing; null if there is none.
std::shared_ptr<torch::jit::Operator> out_of_place(const c10::FunctionSchema& schema);

}  // namespace mi
