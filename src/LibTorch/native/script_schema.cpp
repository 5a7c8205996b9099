#include "script_schema.h"

std::vector<size_t> mi::written(const c10::FunctionSchema& schema, bool tensors) {
  std::vector<size_t> found;
  for (size_t k = 0; k < schema.arguments().size(); k++) {
    const auto& argument = schema.arguments()[k];
    if (argument.alias_info() == nullptr || !argument.alias_info()->isWrite()) continue;
    if (tensors == (argument.type()->kind() == c10::TypeKind::TensorType)) found.push_back(k);
  }
  return found;
}

int64_t mi::viewed(const c10::FunctionSchema& schema, const c10::Argument& result) {
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

std::shared_ptr<torch::jit::Operator> mi::out_of_place(const c10::FunctionSchema& schema) {
  const std::string& name = schema.name();
  if (name.back() != '_' || name.size() < 2 || name[name.size() - 2] == '_') return nullptr;
  const c10::OperatorName wanted(name.substr(0, name.size() - 1), schema.overload_name());
  auto found = torch::jit::findOperatorFor(wanted);
  return found && found->schema().arguments().size() == schema.arguments().size() ? found : nullptr;
}
