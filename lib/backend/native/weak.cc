// Weak references that minor garbage collections clear too, so that a synchronous loop can free what it no longer reaches:
// WeakRef and FinalizationRegistry keep their targets until the running job ends. lib/backend/collector.ts uses it.
//
//   createTracker(): Tracker      a tracker of its own, for each copy of the library in this thread (as Jest makes them)
//   track(object, tag: int32)     remembers the object without keeping it alive
//   sweep(out: Int32Array, full)  writes the tags of collected objects to `out` and returns how many; if that is
//                                 out.length, call again for the rest
//   size()                        how many objects are tracked
//   guardSignals(), holdSignals(hold)   see signals.cc, whose work begins when this addon is loaded
//
// The module itself is a tracker as well. All state hangs off the functions, so each thread (worker) has its own.
#include <node_api.h>

#include <cstdint>
#include <vector>

// See signals.cc.
void UseSignalStack(napi_env env);
void GuardSignals();
void HoldSignals(bool hold);

namespace {

struct Entry {
  napi_ref ref;
  int32_t tag;
};

// Handles that a sweep opens are closed in chunks: cheaper than one scope for each, and the handle stack stays small.
constexpr size_t kChunk = 512;

// A minor collection promotes what survived two, and cannot free it later. So an entry that outlived two sweeps moves to
// `old`, which only a full sweep visits.
class Tracker {
 public:
  explicit Tracker(int owners) : owners_(owners) {}

  napi_status Track(napi_env env, napi_value object, int32_t tag) {
    napi_ref ref;
    napi_status status = napi_create_reference(env, object, 0, &ref);
    if (status == napi_ok) fresh_.push_back({ref, tag});
    return status;
  }

  size_t Sweep(napi_env env, int32_t* out, size_t capacity, bool full) {
    // After a full `out` this call only hands over the rest: a second pass would age entries without a collection between.
    if (!more_) {
      if (full) Visit(env, &old_, &old_);
      Visit(env, &survivors_, &old_);
      Visit(env, &fresh_, &survivors_);
    }
    size_t count = dead_.size() < capacity ? dead_.size() : capacity;
    for (size_t i = 0; i < count; i++) out[i] = dead_[dead_.size() - 1 - i];
    dead_.resize(dead_.size() - count);
    more_ = count == capacity;
    return count;
  }

  size_t size() const { return fresh_.size() + survivors_.size() + old_.size(); }

  // Called as each function that uses this tracker goes, in a running thread or at its end.
  void Release(napi_env env) {
    if (--owners_ > 0) return;
    for (auto* list : {&fresh_, &survivors_, &old_}) {
      for (Entry& entry : *list) napi_delete_reference(env, entry.ref);
    }
    delete this;
  }

 private:
  // Moves what lives from one list to the end of another (or keeps it, if they are the same), and the dead's tags to dead_.
  void Visit(napi_env env, std::vector<Entry>* from, std::vector<Entry>* to) {
    size_t kept = 0;
    for (size_t start = 0; start < from->size(); start += kChunk) {
      size_t end = start + kChunk < from->size() ? start + kChunk : from->size();
      napi_handle_scope scope;
      napi_open_handle_scope(env, &scope);
      for (size_t i = start; i < end; i++) {
        Entry entry = (*from)[i];
        napi_value value = nullptr;
        napi_get_reference_value(env, entry.ref, &value);
        if (value == nullptr) {
          napi_delete_reference(env, entry.ref);
          dead_.push_back(entry.tag);
        } else if (from == to) {
          (*from)[kept++] = entry;
        } else {
          to->push_back(entry);
        }
      }
      napi_close_handle_scope(env, scope);
    }
    from->resize(kept);  // the memory stays, for the next entries
  }

  std::vector<Entry> fresh_, survivors_, old_;
  std::vector<int32_t> dead_;  // found dead, not yet handed over
  bool more_ = false;
  int owners_;
};

napi_value Throw(napi_env env, const char* message) {
  napi_throw_type_error(env, nullptr, message);
  return nullptr;
}

napi_value Track(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value args[2];
  void* data;
  napi_get_cb_info(env, info, &count, args, nullptr, &data);
  int32_t tag;
  if (napi_get_value_int32(env, args[1], &tag) != napi_ok) return Throw(env, "track: the tag must be a number");
  if (static_cast<Tracker*>(data)->Track(env, args[0], tag) != napi_ok) return Throw(env, "track: expected an object");
  return nullptr;
}

napi_value Sweep(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value args[2];
  void* data;
  napi_get_cb_info(env, info, &count, args, nullptr, &data);
  napi_typedarray_type type = napi_uint8_array;
  size_t capacity = 0;
  void* out = nullptr;
  bool full = false;
  napi_status status = napi_get_typedarray_info(env, args[0], &type, &capacity, &out, nullptr, nullptr);
  if (status != napi_ok || type != napi_int32_array || capacity == 0) {
    return Throw(env, "sweep: expected an Int32Array with room for one tag or more");
  }
  if (napi_get_value_bool(env, args[1], &full) != napi_ok) return Throw(env, "sweep: full must be true or false");
  size_t found = static_cast<Tracker*>(data)->Sweep(env, static_cast<int32_t*>(out), capacity, full);
  napi_value result;
  napi_create_uint32(env, static_cast<uint32_t>(found), &result);
  return result;
}

napi_value Size(napi_env env, napi_callback_info info) {
  void* data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  napi_value result;
  napi_create_uint32(env, static_cast<uint32_t>(static_cast<Tracker*>(data)->size()), &result);
  return result;
}

napi_value Guard(napi_env, napi_callback_info) {
  GuardSignals();
  return nullptr;
}

napi_value Hold(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arg;
  bool hold = false;
  napi_get_cb_info(env, info, &count, &arg, nullptr, nullptr);
  if (napi_get_value_bool(env, arg, &hold) != napi_ok) return Throw(env, "holdSignals: expected true or false");
  HoldSignals(hold);
  return nullptr;
}

void Add(napi_env env, napi_value object, const char* name, napi_callback callback, void* data) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function);
  napi_set_named_property(env, object, name, function);
  if (data == nullptr) return;
  auto release = [](napi_env env, void* data, void*) { static_cast<Tracker*>(data)->Release(env); };
  napi_add_finalizer(env, function, data, release, nullptr, nullptr);
}

napi_value MakeTracker(napi_env env, napi_value object) {
  auto* tracker = new Tracker(3);  // the three functions own it together
  Add(env, object, "track", Track, tracker);
  Add(env, object, "sweep", Sweep, tracker);
  Add(env, object, "size", Size, tracker);
  return object;
}

napi_value CreateTracker(napi_env env, napi_callback_info) {
  napi_value object;
  napi_create_object(env, &object);
  return MakeTracker(env, object);
}

}  // namespace

NAPI_MODULE_INIT() {
  UseSignalStack(env);
  GuardSignals();
  Add(env, exports, "guardSignals", Guard, nullptr);
  Add(env, exports, "holdSignals", Hold, nullptr);
  Add(env, exports, "createTracker", CreateTracker, nullptr);
  return MakeTracker(env, exports);
}
