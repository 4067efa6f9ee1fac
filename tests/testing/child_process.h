// A program that the test starts, talks to by signals, and reads the output of.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

extern char** environ;

namespace kindred::testing {

class ChildProcess {
 public:
  // `command`: the program's path and its arguments. Standard output and standard error are read as one.
  explicit ChildProcess(std::vector<std::string> command) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ), 0) << command[0];
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_fd_ = ends[0];
  }
  ~ChildProcess() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_fd_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const { ::kill(pid_, signal); }

  // Reads on until the output holds `text`; false where it ended, or a minute passed, without.
  bool ReadUntil(const std::string& text) {
    while (output_.find(text) == std::string::npos) {
      if (!ReadMore()) return false;
    }
    return true;
  }

  // Reads the output to its end and returns the exit status; 128 + signal where a signal ended the program.
  int Wait() {
    while (ReadMore()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  // All that was read so far.
  const std::string& output() const { return output_; }

 private:
  bool ReadMore() {
    pollfd ready{output_fd_, POLLIN, 0};
    if (::poll(&ready, 1, 60'000) <= 0) {
      ADD_FAILURE() << "a minute without output; so far: " << output_;
      ::kill(pid_, SIGKILL);
      return false;
    }
    char buffer[4096];
    const ssize_t bytes = ::read(output_fd_, buffer, sizeof(buffer));
    if (bytes <= 0) return false;
    output_.append(buffer, bytes);
    return true;
  }

  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::string output_;
};

}  // namespace kindred::testing
