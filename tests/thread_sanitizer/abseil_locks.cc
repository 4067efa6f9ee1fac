// Tells ThreadSanitizer of Debian's libraries, which are not compiled for it.
//
// Abseil's locks first: what one thread did under an absl::Mutex and another one after it would look like a race, in
// Kindred and in what gRPC calls. The functions below take the place of Abseil's in every library of the process: each
// says what happens, and calls Abseil's. They are those that Kindred, gRPC and Abseil's own Notification and
// BlockingCounter call: another one needs its own. Between a pre_ and a post_ call ThreadSanitizer does not check what
// is read and written, conditions included, which Abseil evaluates for other threads too: the lock is held then. Of a
// mutex's end it is not told, since gRPC's come to theirs by a count of references that it does not see.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>

#include "absl/base/config.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" const char* __tsan_default_suppressions() {
  return R"(
# Debian's libraries hand calls from thread to thread (gRPC), or a status (Abseil), by atomic operations that
# ThreadSanitizer does not see. What their own code does with what they handed over is no race.
called_from_lib:libgrpc.so
called_from_lib:libgrpc++.so
called_from_lib:libgpr.so
called_from_lib:libupb.so
called_from_lib:libssl.so
called_from_lib:libcrypto.so
called_from_lib:libabsl_status.so
called_from_lib:libabsl_strings.so
called_from_lib:libabsl_cord.so
called_from_lib:libabsl_cord_internal.so
called_from_lib:libabsl_graphcycles_internal.so
called_from_lib:libabsl_time_zone.so
# ICU makes its tables at the first use of any thread, and hands them over by an atomic operation of its own.
called_from_lib:libicuuc.so
called_from_lib:libicui18n.so
race_top:^icu_*::
# As with gRPC's libraries where its headers are compiled into Kindred. Of Kindred's own code these hide what its
# callbacks of calls (CheckHealth, and tests) race with, no handler of the server's.
race:^grpc::internal::CallOp
race:^grpc::internal::InterceptorBatchMethodsImpl
race:^grpc::internal::CallbackWithSuccessTag::
race:^grpc::internal::CallbackWithStatusTag::
race_top:^grpc::
race_top:^std::_Function_handler<*grpc::internal::
)";
}

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

#define KINDRED_TEXT(token) #token
#define KINDRED_TEXT_OF(macro) KINDRED_TEXT(macro)
#define KINDRED_NAMESPACE KINDRED_TEXT_OF(ABSL_OPTION_INLINE_NAMESPACE_NAME)
static_assert(absl::string_view(KINDRED_NAMESPACE).size() == 7);
// Abseil's own function, by its encoded name behind the namespace, called with `this` and the arguments.
#define KINDRED_REAL(Result, prefix, name, ...)                                                              \
  ([](auto... args) {                                                                                        \
    static const auto real =                                                                                 \
        reinterpret_cast<Result (*)(__VA_ARGS__)>(dlsym(RTLD_NEXT, prefix "4absl7" KINDRED_NAMESPACE name)); \
    return real(args...);                                                                                    \
  })

// Tells that a mutex is being taken, from construction to destruction.
class Taking {
 public:
  explicit Taking(void* mutex, unsigned flags = 0) : mutex_(mutex), flags_(flags) {
    __tsan_mutex_pre_lock(mutex_, flags_);
  }
  ~Taking() { __tsan_mutex_post_lock(mutex_, flags_, 0); }
  bool Took(bool took) {
    if (!took) flags_ |= __tsan_mutex_try_lock_failed;
    return took;
  }

 private:
  void* const mutex_;
  unsigned flags_;
};

// Tells that a mutex is being given back, from construction to destruction.
class Giving {
 public:
  explicit Giving(void* mutex, unsigned flags = 0) : mutex_(mutex), flags_(flags) {
    __tsan_mutex_pre_unlock(mutex_, flags_);
  }
  ~Giving() { __tsan_mutex_post_unlock(mutex_, flags_); }

 private:
  void* const mutex_;
  const unsigned flags_;
};

// Tells of a wait, which gives a mutex back and takes it again. REQUIRES: it is held for writing.
class Waiting {
 public:
  explicit Waiting(void* mutex) : taking_{mutex}, giving_(mutex) {}

 private:
  struct TakingAgain {
    void* mutex;
    ~TakingAgain() { const Taking taking(mutex); }
  } taking_;  // After giving_ is gone.
  const Giving giving_;
};

}  // namespace

void Mutex::Lock() {
  const Taking taking(this);
  KINDRED_REAL(void, "_ZN", "5Mutex4LockEv", Mutex*)(this);
}

void Mutex::Unlock() {
  const Giving giving(this);
  KINDRED_REAL(void, "_ZN", "5Mutex6UnlockEv", Mutex*)(this);
}

bool Mutex::TryLock() {
  Taking taking(this, __tsan_mutex_try_lock);
  return taking.Took(KINDRED_REAL(bool, "_ZN", "5Mutex7TryLockEv", Mutex*)(this));
}

void Mutex::ReaderLock() {
  const Taking taking(this, __tsan_mutex_read_lock);
  KINDRED_REAL(void, "_ZN", "5Mutex10ReaderLockEv", Mutex*)(this);
}

void Mutex::ReaderUnlock() {
  const Giving giving(this, __tsan_mutex_read_lock);
  KINDRED_REAL(void, "_ZN", "5Mutex12ReaderUnlockEv", Mutex*)(this);
}

void Mutex::LockWhen(const Condition& condition) {
  const Taking taking(this);
  KINDRED_REAL(void, "_ZN", "5Mutex8LockWhenERKNS0_9ConditionE", Mutex*, const Condition*)(this, &condition);
}

void Mutex::Await(const Condition& condition) {
  const Waiting waiting(this);
  KINDRED_REAL(void, "_ZN", "5Mutex5AwaitERKNS0_9ConditionE", Mutex*, const Condition*)(this, &condition);
}

// AwaitWithTimeout() calls it.
bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  const Waiting waiting(this);
  return KINDRED_REAL(bool, "_ZN", "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE", Mutex*, const Condition*,
                      Time)(this, &condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  const Waiting waiting(mutex);
  KINDRED_REAL(void, "_ZN", "7CondVar4WaitEPNS0_5MutexE", CondVar*, Mutex*)(this, mutex);
}

// WaitWithTimeout() calls it.
bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  const Waiting waiting(mutex);
  return KINDRED_REAL(bool, "_ZN", "7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE", CondVar*, Mutex*, Time)(
      this, mutex, deadline);
}

// By the address that HasBeenNotified() looks at.
void Notification::Notify() {
  __tsan_release(&notified_yet_);
  KINDRED_REAL(void, "_ZN", "12Notification6NotifyEv", Notification*)(this);
}

void Notification::WaitForNotification() const {
  KINDRED_REAL(void, "_ZNK", "12Notification19WaitForNotificationEv", const Notification*)(this);
  __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
}

bool BlockingCounter::DecrementCount() {
  __tsan_release(this);
  return KINDRED_REAL(bool, "_ZN", "15BlockingCounter14DecrementCountEv", BlockingCounter*)(this);
}

void BlockingCounter::Wait() {
  KINDRED_REAL(void, "_ZN", "15BlockingCounter4WaitEv", BlockingCounter*)(this);
  __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
