#include "proto/framing.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace plinth::proto {
namespace {

std::vector<std::string> all_of(FrameReader& reader) {
  std::vector<std::string> frames;
  for (auto frame = reader.next(); frame && *frame; frame = reader.next()) frames.emplace_back(**frame);
  return frames;
}

TEST(Framing, GivesBackEveryFrameHoweverTheStreamIsCut) {
  const std::vector<std::string> bodies{
      "", "a", std::string(127, 'b'), std::string(128, 'c'), std::string(20'000, 'd'), "e"};
  std::string stream;
  for (const std::string& body : bodies) append_frame(stream, body);
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, stream.size()}) {
    FrameReader reader{LongestFromClient};
    std::vector<std::string> got;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.feed(std::string_view{stream}.substr(at, piece));
      for (std::string& frame : all_of(reader)) got.push_back(std::move(frame));
    }
    EXPECT_EQ(got, bodies) << "pieces of " << piece;
  }
}

TEST(Framing, TakesAFrameOfTheLargestSizeAndRefusesOneByteMore) {
  std::string largest;
  append_frame(largest, std::string(100, 'x'));
  FrameReader reader{100};
  reader.feed(largest);
  EXPECT_EQ(all_of(reader).size(), 1U);

  std::string larger;
  append_frame(larger, std::string(101, 'x'));
  // The length alone tells: nothing of the body is waited for.
  reader.feed(std::string_view{larger}.substr(0, 1));
  EXPECT_EQ(reader.next().error(), FrameFault::TooLong);
}

TEST(Framing, NeverReadsOnAfterAFault) {
  FrameReader reader{LongestFromClient};
  reader.feed(std::string(5, '\xFF'));
  EXPECT_EQ(reader.next().error(), FrameFault::LengthDamaged);
  std::string good;
  append_frame(good, "good");
  reader.feed(good);
  EXPECT_EQ(reader.next().error(), FrameFault::LengthDamaged);
}

TEST(Framing, SurvivesGarbage) {
  std::mt19937 random{20240601};  // NOLINT(bugprone-random-generator-seed): the same garbage every time
  std::uniform_int_distribution<int> any_byte{0, 255};
  for (int round = 0; round < 500; ++round) {
    FrameReader reader{1000};
    std::size_t given = 0;
    for (int piece = 0; piece < 20; ++piece) {
      std::string garbage(100, '\0');
      for (char& c : garbage) c = static_cast<char>(any_byte(random));
      reader.feed(garbage);
      for (const std::string& frame : all_of(reader)) given += frame.size();
    }
    EXPECT_LE(given, 2000U);
  }
}

}  // namespace
}  // namespace plinth::proto
