// Modules from TorchScript source, and libtorch's own executor: what our reading and running of such files is measured against.
#include "script.h"

#include <torch/csrc/jit/serialization/import.h>

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

// ---- and run, as a whole, by libtorch itself ----

MI_EXPORT const char* mi_script_open(const char* path, Module** module) {
  return mi::guarded([&] {
    auto opened = torch::jit::load(path, c10::Device(c10::kCPU));
    opened.eval();
    *module = new Module(std::move(opened));
  });
}

MI_EXPORT const char* mi_script_forward(Module* module, const at::Tensor* input, at::Tensor** output) {
  return mi::guarded([&] { *output = mi::give(module->forward({*input}).toTensor()); });
}

MI_EXPORT void mi_script_module_free(Module* module) { delete module; }
