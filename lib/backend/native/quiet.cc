// Compiled into tfjs-node's binding, which the linker marks as initialised first (-z initfirst), before libtensorflow.
//
// TF_CPP_MIN_LOG_LEVEL alone cannot silence libtensorflow 2.21: it logs "oneDNN custom operations are on" (port.cc) from one
// static initialiser, and reads that variable in a later one. So we set the level that it will read, a moment earlier.
// In a worker thread process.env is a copy, so that setting the variable from JavaScript would not reach the library either.
#include <cstdlib>

// absl::SetMinLogLevel(absl::LogSeverityAtLeast) as the pinned libtensorflow exports it; null, and skipped, in another one.
extern "C" void SetMinLogLevel(int level) __asm__("_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE")
    __attribute__((weak));

__attribute__((constructor)) static void Quiet() {
  setenv("TF_CPP_MIN_LOG_LEVEL", "3", /* overwrite */ 0);
  if (SetMinLogLevel != nullptr) SetMinLogLevel(std::atoi(std::getenv("TF_CPP_MIN_LOG_LEVEL")));
}
