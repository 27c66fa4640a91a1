// Keeps signals off the stack that libtensorflow computes on.
//
// While oneDNN's generated matrix kernels run, the stack pointer does not point to a stack: a signal that is handled on that
// thread then writes its frame over whatever is there, and the heap is corrupt ("corrupted size vs. prev_size"). `node
// --cpu-prof` sends a thousand signals a second and dies within one; of the signals that Node itself handles (SIGTERM,
// SIGCHLD, SIGWINCH) one in some thousands hits. A handler on an alternate stack writes nothing there.
#include <node_api.h>

#ifndef _WIN32
#include <signal.h>
#include <sys/mman.h>
#endif

#ifdef _WIN32

void UseSignalStack(napi_env) {}
void GuardSignals() {}
void HoldSignals(bool) {}

#else

namespace {

constexpr size_t kSize = 256 * 1024;  // V8's profiler walks the stack in its handler; AVX-512 frames are large

void Drop(void* memory) {
  stack_t none = {};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory, kSize);
}

}  // namespace

/** Gives this thread an alternate stack for signals, until its environment ends; one that is there is left. */
void UseSignalStack(napi_env env) {
  stack_t present;
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t own = {};
  own.ss_sp = memory;
  own.ss_size = kSize;
  if (sigaltstack(&own, nullptr) == 0) napi_add_env_cleanup_hook(env, Drop, memory);
}

/** V8's handlers use the alternate stack; Node's do so from here on. To be called again, for handlers come late. */
void GuardSignals() {
  for (int signal = 1; signal < NSIG; signal++) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) != 0 || (action.sa_flags & SA_ONSTACK) != 0) continue;
    if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) continue;
    action.sa_flags |= SA_ONSTACK;
    sigaction(signal, &action, nullptr);
  }
}

/**
 * Blocks this thread's signals, or puts back what was blocked before. Threads that start meanwhile, libtensorflow's, begin
 * with all blocked and so never handle one; faults are always their own.
 */
void HoldSignals(bool hold) {
  static thread_local sigset_t before;
  if (!hold) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return;
  }
  sigset_t all;
  sigfillset(&all);
  const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
  for (int fault : faults) sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, &before);
}

#endif
