#include "index/lookup/scratch_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

struct Counted {
  Counted() { ++made; }
  static inline std::atomic<int> made = 0;
  int users = 0;
};

TEST(ScratchPoolTest, WhatWasReturnedIsBorrowedAgain) {
  Counted::made = 0;
  ScratchPool<Counted> pool;
  const Counted* first = nullptr;
  {
    const auto borrowed = pool.Borrow();
    first = borrowed.get();
  }
  EXPECT_EQ(pool.Borrow().get(), first);
  EXPECT_EQ(Counted::made, 1);
}

TEST(ScratchPoolTest, TwoBorrowersHaveTwoObjects) {
  Counted::made = 0;
  ScratchPool<Counted> pool;
  const auto a = pool.Borrow();
  const auto b = pool.Borrow();
  EXPECT_NE(a.get(), b.get());
  EXPECT_EQ(Counted::made, 2);
}

TEST(ScratchPoolTest, NoObjectHasTwoBorrowersAtOnce) {
  ScratchPool<Counted> pool;
  std::atomic<bool> shared = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5000; ++j) {
        const auto borrowed = pool.Borrow();
        if (++borrowed->users != 1) shared = true;
        --borrowed->users;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(shared);
}

}  // namespace
}  // namespace kindred
