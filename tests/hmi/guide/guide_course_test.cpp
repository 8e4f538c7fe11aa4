// The page draws the guide ahead by a formula of its own. Both are held to one file: here it must be what the
// station scores, in hmi/web/tests/guide.test.ts what the page draws.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "controller/session/tempo_guide.hpp"

namespace plinth::session {
namespace {

using units::degrees;
using units::milliseconds;

constexpr auto Step = milliseconds(125);

// Two reps, one after the other, from `start_deg`.
void write_course(std::ostream& out, double start_deg) {
  const units::Interval<units::Angle> working{degrees(-60), degrees(-5)};
  const rehab::Tempo tempo{milliseconds(2000), milliseconds(1000), milliseconds(4000), milliseconds(500)};
  const RepPath first = rep_path(tempo, working, degrees(start_deg));
  const RepPath second = rep_path(tempo, working, rehab::guide_range(working).low());
  const auto length = [](const RepPath& path) {
    return path.lift.length + path.hold + path.lower.length + path.rest;
  };
  for (units::Duration at{}; at < length(first) + length(second); at += Step) {
    const GuidePoint point = at < length(first) ? point_at(first, at) : point_at(second, at - length(first));
    std::array<char, 80> line{};
    (void)std::snprintf(line.data(), line.size(), "%g,%g,%.3f,%.3f\n", start_deg, units::in_seconds(at),
                        units::in_degrees(point.reference.angle), units::in_degrees(point.tolerance));
    out << line.data();
  }
}

TEST(TheGuidesCourse, IsTheOneThatThePageIsTestedAgainst) {
  std::ostringstream course;
  course << "from_deg,in_s,target_deg,half_width_deg\n";
  // Where legs hang; from turn to turn; so near the top that the shortest stroke counts.
  for (const double start_deg : {-66.0, -56.0, -11.0}) write_course(course, start_deg);

  const std::ifstream file{PLINTH_COURSE};
  std::ostringstream kept;
  kept << file.rdbuf();
  if (kept.str() == course.str()) return;
  const std::string fresh = testing::TempDir() + "plinth_course.csv";
  std::ofstream{fresh} << course.str();
  FAIL() << "the guide has changed: cp " << fresh << " " << PLINTH_COURSE
         << ", then make the page draw it (hmi/web/src/guide/guide.ts)";
}

}  // namespace
}  // namespace plinth::session
