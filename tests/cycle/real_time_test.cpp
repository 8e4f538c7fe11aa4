#include "controller/cycle/real_time.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>

#include <array>

namespace plinth::cycle {
namespace {

void* touched(void* /*unused*/) {
  touch_stack();
  return nullptr;
}

TEST(TouchedStack, IsInMemoryOnTheThreadThatTouchedIt) {
  constexpr std::size_t Size = 8 * TouchedStack;
  constexpr std::size_t Page = 4096;
  void* memory =
      mmap(nullptr, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  madvise(memory, Size, MADV_NOHUGEPAGE);  // or the first touch would bring all of it in
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstack(&attributes, memory, Size), 0);
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, &attributes, touched, nullptr), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);

  std::array<unsigned char, Size / Page> pages{};
  ASSERT_EQ(mincore(memory, Size, pages.data()), 0);
  std::size_t resident = 0;
  for (const unsigned char page : pages) resident += page & 1U;
  EXPECT_GE(resident * Page, TouchedStack);
  munmap(memory, Size);
}

}  // namespace
}  // namespace plinth::cycle
