#include "controller/rehab/refusal.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

namespace plinth::rehab {
namespace {

constexpr auto Last = static_cast<std::size_t>(LastRefusalCode);

TEST(RefusalCatalogue, HasARowForEveryCode) {
  ASSERT_EQ(refusal_catalogue().size(), Last + 1);
  for (std::size_t i = 0; i <= Last; ++i) {
    EXPECT_EQ(text_of(static_cast<RefusalCode>(i)).code, static_cast<RefusalCode>(i));
  }
}

TEST(RefusalCatalogue, NamesAreUniqueAndFitForPrograms) {
  std::set<std::string_view> names;
  for (const RefusalText& row : refusal_catalogue()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (const char c : row.name) {
      EXPECT_TRUE(c == '_' || std::islower(static_cast<unsigned char>(c)) != 0) << row.name;
    }
  }
}

TEST(RefusalCatalogue, SaysInOneSentenceEachWhatIsWrongAndWhatToDo) {
  for (const RefusalText& row : refusal_catalogue()) {
    for (const std::string_view sentence : {row.what, row.next_step}) {
      ASSERT_GT(sentence.size(), 10U) << row.name;
      EXPECT_NE(std::isupper(static_cast<unsigned char>(sentence.front())), 0) << sentence;
      EXPECT_EQ(sentence.back(), '.') << sentence;
      EXPECT_EQ(sentence.find(". "), std::string_view::npos) << "more than one sentence: " << sentence;
      EXPECT_LT(sentence.size(), 120U) << "too long for a screen: " << sentence;
    }
  }
}

TEST(RefusalCatalogue, AnswersAnUnknownCodeWithoutReachingBeyondItsEnd) {
  EXPECT_EQ(text_of(static_cast<RefusalCode>(255)).code, RefusalCode::Malformed);
}

TEST(RefusalInWords, TellsFieldValueReasonAllowedAndNextStep) {
  const Refusal refusal{RefusalCode::LoadAbovePhase, "load_n", "400 N (40.8 kg)", "0 to 229.4 N"};
  EXPECT_EQ(in_words(refusal),
            "load_n is 400 N (40.8 kg). The load is more than this phase allows for this body mass. Allowed: "
            "0 to 229.4 N. Lower the load, or move the person to a later phase if they are ready for it.");
}

TEST(RefusalInWords, LeavesOutWhatTheCaseDoesNotHave) {
  EXPECT_EQ(in_words({RefusalCode::NotRunning, "", "", ""}), "No session is running. Start a set first.");
  EXPECT_EQ(in_words({RefusalCode::FieldMissing, "phase", "", ""}),
            "phase: A value that must be given is missing. Fill in the field; an empty field is never taken "
            "for 0.");
}

}  // namespace
}  // namespace plinth::rehab
