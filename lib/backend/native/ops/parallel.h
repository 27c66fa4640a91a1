// Threads for our ops: as many as libtensorflow has, which start with the first big job and sleep between jobs.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#ifndef _WIN32
#include <signal.h>
#endif

/** A number of chunks that several threads take one after the other. */
class Job {
 public:
  using Chunk = void (*)(const void* fn, int64_t chunk);
  Job(int64_t chunks, Chunk run, const void* fn) : chunks_(chunks), run_(run), fn_(fn) {}

  int64_t chunks() const { return chunks_; }

  void Work() {
    for (int64_t i; (i = next_.fetch_add(1)) < chunks_;) {
      try {
        run_(fn_, i);
      } catch (...) {
        std::lock_guard<std::mutex> lock(mutex_);
        if (failed_ < 0 || i < failed_) error_ = std::current_exception(), failed_ = i;
      }
    }
  }

  /** Throws what the first of the chunks that failed threw: the same one whoever ran it. */
  void Finish() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const int64_t chunks_;
  const Chunk run_;
  const void* const fn_;
  std::atomic<int64_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
  int64_t failed_ = -1;
};

/** The threads. They help whoever comes first; another caller meanwhile (a Worker, or a chunk) does its job alone. */
class Pool {
 public:
  /** Never destroyed: its threads sleep in it until the process is gone. */
  static Pool& Get() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  void Run(Job* job) {
    if (job->chunks() <= 1 || busy_.exchange(true)) return job->Work();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Start();
      job_ = job;
      turn_++;
    }
    for (int64_t i = 0; i < helpers_ && i < job->chunks() - 1; i++) wake_.notify_one();
    job->Work();
    std::unique_lock<std::mutex> lock(mutex_);
    job_ = nullptr;  // who wakes up only now has missed it
    done_.wait(lock, [this] { return working_ == 0; });
    lock.unlock();
    busy_ = false;
  }

 private:
  Pool() = default;

  static int Wanted() {
    const char* asked = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int number = asked ? std::atoi(asked) : 0;
    return number > 0 ? number : static_cast<int>(std::thread::hardware_concurrency());
  }

  /** Starts the threads, with all signals blocked as libtensorflow's are: see native/signals.cc. */
  void Start() {
    if (started_) return;
    started_ = true;
#ifndef _WIN32
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
#endif
    try {
      for (const int helpers = Wanted() - 1; helpers_ < helpers; helpers_++) std::thread([this] { Help(); }).detach();
    } catch (const std::system_error&) {
      // The system gives no more threads: those that there are will do.
    }
#ifndef _WIN32
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
#endif
  }

  void Help() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (uint64_t seen = 0;;) {
      wake_.wait(lock, [&] { return job_ != nullptr && turn_ != seen; });
      seen = turn_;
      Job* job = job_;
      working_++;
      lock.unlock();
      job->Work();
      lock.lock();
      if (--working_ == 0) done_.notify_one();
    }
  }

  std::atomic<bool> busy_{false};
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  Job* job_ = nullptr;
  uint64_t turn_ = 0;
  int working_ = 0;
  int helpers_ = 0;
  bool started_ = false;
};

/**
 * Calls fn(begin, end) for the ranges of `grain` that [0, total) is made of, the last one shorter, on several threads if there
 * is more than one. The ranges do not depend on the threads: what is put together range by range is the same on any machine.
 */
template <typename Fn>
void ParallelFor(int64_t total, int64_t grain, const Fn& fn) {
  auto range = [&](int64_t i) { fn(i * grain, total - i * grain < grain ? total : (i + 1) * grain); };
  using Range = decltype(range);
  Job job(total <= 0 ? 0 : (total - 1) / grain + 1, [](const void* f, int64_t i) { (*static_cast<const Range*>(f))(i); },
          &range);
  Pool::Get().Run(&job);
  job.Finish();
}
