// TorchScript files: loads one, hands its plan and values over, and runs its steps one by one.
#include "script.h"
#include "script_values.h"

#include <caffe2/serialize/file_adapter.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>

namespace {

using c10::IValue;
using torch::jit::Stack;

// The file, if asked without its records of original line numbers: libtorch looks them up without checking what they say.
class ScriptArchive : public caffe2::serialize::ReadAdapterInterface {
 public:
  ScriptArchive(const std::string& path, bool with_lines) : file_(path), with_lines_(with_lines) {}

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

mi::ScriptWriter& results() {
  static thread_local mi::ScriptWriter writer;
  return writer;
}

void run(mi::Script& script, int64_t index, const mi::script_value* inputs, int64_t count) {
  mi::ScriptStep& step = script.steps.at(static_cast<size_t>(index));
  mi::ScriptReader reader(inputs, count);
  Stack stack;
  for (const auto& type : step.inputs) stack.push_back(reader.read(type));
  const Stack given = stack;
  step.operation(stack);
  mi::ScriptWriter& writer = results();
  writer.clear();
  for (const IValue& output : stack) writer.write(output);
  for (const size_t list : step.changed) writer.write(given[list]);
}

}  // namespace

MI_EXPORT const char* mi_script_load(const char* path, int64_t device, bool with_lines, mi::Script** script) {
  return mi::guarded([&] {
    // On the CPU first: nothing is computed on a tensor before its bounds are known to be right.
    auto module = torch::jit::load(std::make_shared<ScriptArchive>(path, with_lines), c10::Device(c10::kCPU));
    mi::check_tensors(module._ivalue());
    module.eval();
    if (!mi::unpack_device(device).is_cpu()) module.to(mi::unpack_device(device));
    auto loaded = std::make_unique<mi::Script>(std::move(module), mi::unpack_device(device));
    loaded->json = mi::write_plan(*loaded);
    *script = loaded.release();
  });
}

MI_EXPORT const char* mi_script_json(const mi::Script* script) { return script->json.c_str(); }

// What is written stays valid until the next call on this thread; the tensors in it belong to the caller.
MI_EXPORT const char* mi_script_constant(const mi::Script* script, int64_t index, const mi::script_value** value, int64_t* count) {
  return mi::guarded([&] {
    mi::ScriptWriter& writer = results();
    writer.clear();
    writer.write(script->values.at(static_cast<size_t>(index)));
    *value = writer.data();
    *count = writer.size();
  });
}

// Runs one node on values given in the order of its inputs.
MI_EXPORT const char* mi_script_run(mi::Script* script, int64_t step, const mi::script_value* inputs, int64_t count,
                                    const mi::script_value** outputs, int64_t* written) {
  return mi::guarded([&] {
    run(*script, step, inputs, count);
    *outputs = results().data();
    *written = results().size();
  });
}

MI_EXPORT void mi_script_free(mi::Script* script) { delete script; }
