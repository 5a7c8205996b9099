// Memory of large tensors, kept when they are freed and handed out again. The C library gives every large block back to the
// system at once, so that each pass through a network has all its pages made, and zeroed, anew: on MobileNetV2 with eight
// images that was half of the time.
#include "bridge.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <unordered_map>

namespace {

constexpr size_t page = 4096;
constexpr size_t large_page = size_t(2) << 20;
constexpr size_t smallest = size_t(1) << 20;     // bytes from which on a block is ours
constexpr size_t most_idle = size_t(512) << 20;  // bytes that may lie idle

size_t rounded(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

class Blocks {
 public:
  void* take(size_t bytes) {
    if (bytes > SIZE_MAX / 2) return nullptr;
    const size_t wanted = rounded(bytes, page);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (void* found = reuse(wanted)) return found;
    }
    void* fresh = map(wanted);
    std::lock_guard<std::mutex> lock(mutex_);
    if (fresh == nullptr) {
      while (!idle_.empty()) drop_oldest();
      fresh = map(wanted);
    }
    if (fresh != nullptr) sizes_.emplace(fresh, wanted);
    return fresh;
  }

  // False where it is none of ours.
  bool give_back(void* block) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = sizes_.find(block);
    if (found == sizes_.end()) return false;
    const size_t size = found->second;
    if (size > most_idle) {
      unmap(block);
      return true;
    }
    idle_.emplace(size, Idle{block, ++clock_});
    idle_bytes_ += size;
    while (idle_bytes_ > most_idle) drop_oldest();
    return true;
  }

  size_t idle() {
    std::lock_guard<std::mutex> lock(mutex_);
    return idle_bytes_;
  }

 private:
  struct Idle {
    void* block;
    uint64_t since;
  };

  // The smallest that fits, unless a fifth of it would be wasted.
  void* reuse(size_t wanted) {
    const auto found = idle_.lower_bound(wanted);
    if (found == idle_.end() || found->first > wanted + wanted / 4) return nullptr;
    void* block = found->second.block;
    idle_bytes_ -= found->first;
    idle_.erase(found);
    return block;
  }

  void drop_oldest() {
    auto oldest = idle_.begin();
    for (auto at = idle_.begin(); at != idle_.end(); ++at)
      if (at->second.since < oldest->second.since) oldest = at;
    idle_bytes_ -= oldest->first;
    unmap(oldest->second.block);
    idle_.erase(oldest);
  }

  void unmap(void* block) {
    const auto found = sizes_.find(block);
    munmap(block, found->second);
    sizes_.erase(found);
  }

  // Blocks that hold large pages begin at one: they are made 512 times as fast.
  static void* map(size_t bytes) {
    const size_t spare = bytes >= large_page ? large_page - page : 0;
    void* mapped = mmap(nullptr, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    if (spare == 0) return mapped;
    char* first = static_cast<char*>(mapped);
    char* begin = reinterpret_cast<char*>(rounded(reinterpret_cast<size_t>(first), large_page));
    if (begin > first) munmap(first, begin - first);
    if (first + spare > begin) munmap(begin + bytes, first + spare - begin);
    madvise(begin, bytes, MADV_HUGEPAGE);
    return begin;
  }

  std::mutex mutex_;
  std::multimap<size_t, Idle> idle_;
  std::unordered_map<void*, size_t> sizes_;
  size_t idle_bytes_ = 0;
  uint64_t clock_ = 0;
};

std::atomic<bool> keeping{true};

// Never destroyed: tensors may outlive every other static object.
Blocks& blocks() {
  static Blocks* const all = new Blocks();
  return *all;
}

// libtorch wants one function for all: ours alone begin at a page, as a rule.
void give_back(void* block) {
  const bool may_be_ours = reinterpret_cast<size_t>(block) % page == 0;
  if (block != nullptr && !(may_be_ours && blocks().give_back(block))) c10::free_cpu(block);
}

// Whether allocate is const, and whether there is a copy_data to override, depends on libtorch's version: both forms are here.
struct KeepingAllocator final : at::Allocator {
  at::DataPtr allocate(size_t bytes) const {
    void* block = bytes < smallest || !keeping ? c10::alloc_cpu(bytes) : blocks().take(bytes);
    if (block == nullptr && bytes > 0) throw std::runtime_error("There is not enough memory for a tensor of " + std::to_string(bytes) + " bytes.");
    return {block, block, &give_back, at::Device(at::DeviceType::CPU)};
  }

  at::DataPtr allocate(size_t bytes) { return static_cast<const KeepingAllocator*>(this)->allocate(bytes); }

  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
};

// Not beside another: what one has handed out, the other could not take back.
const bool installed = [] {
  const bool alone = c10::GetCPUAllocator() == c10::GetDefaultCPUAllocator();
  if (alone) c10::SetCPUAllocator(new KeepingAllocator(), 1);
  return alone;
}();

}  // namespace

// Bytes that freed tensors have left for others.
MI_EXPORT int64_t mi_memory_idle() { return static_cast<int64_t>(blocks().idle()); }

// Whether large tensors made from now on keep their memory for others; returns what was so before.
MI_EXPORT uint8_t mi_memory_keep(uint8_t on) { return keeping.exchange(on != 0); }
