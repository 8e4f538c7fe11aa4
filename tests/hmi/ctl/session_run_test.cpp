#include "hmi/ctl/session_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace plinth::ctl {
namespace {

using Wish = SessionRun::Wish;
using std::chrono::milliseconds;
using std::chrono::seconds;

v1::Prescription two_sets_of_three() {
  v1::Prescription prescription;
  prescription.set_sets(2);
  prescription.set_reps(3);
  return prescription;
}

v1::Outcome applied() {
  v1::Outcome outcome;
  outcome.mutable_applied();
  return outcome;
}
v1::Outcome refused(const std::string& why) {
  v1::Outcome outcome;
  outcome.mutable_refused()->set_why(why);
  return outcome;
}

// A station that goes where it is told, and a run that looks at it twice a second.
class ARun : public testing::Test {
 protected:
  ARun() { latched_by("boot"); }

  void latched_by(const std::string& cause) {
    state_.mutable_session()->set_stage(v1::STAGE_STOPPED);
    state_.mutable_safety()->set_permission(v1::PERMISSION_LATCHED);
    state_.mutable_safety()->set_cause(cause);
    state_.mutable_safety()->set_physio_words("It was stopped by " + cause + ".");
    state_.mutable_safety()->set_released(true);
  }
  void ready(v1::Stage stage = v1::STAGE_READY) {
    state_.mutable_session()->set_stage(stage);
    state_.mutable_safety()->set_permission(v1::PERMISSION_READY);
    state_.mutable_safety()->clear_cause();
  }
  void train_set(std::uint32_t number) {
    v1::SessionState& session = *state_.mutable_session();
    session.set_set(number);
    session.set_sets(2);
    session.set_reps(3);
    session.set_stage(v1::STAGE_COUNT_IN);
    session.set_reps_counted(0);
    EXPECT_EQ(look(), Wish::None);
    session.set_stage(v1::STAGE_TRAINING);
    session.set_range_low_deg(-60);
    session.set_range_high_deg(-5);
    state_.mutable_load()->set_limit_n(170);
    state_.mutable_load()->set_measured_n(121);
    at_angle(-68);  // where the legs hang, below the range
    at_angle(-9);
    at_angle(-56);
  }
  void at_angle(double angle_deg) {
    state_.mutable_arm()->set_angle_deg(angle_deg);
    EXPECT_EQ(look(), Wish::None);
  }
  void count_reps(std::uint32_t in_set, std::uint32_t total) {
    state_.mutable_session()->set_reps_counted(in_set);
    state_.mutable_session()->set_reps_counted_total(total);
    EXPECT_EQ(look(), Wish::None);
  }
  void end_set(const std::string& how) {
    state_.mutable_session()->set_stage(v1::STAGE_UNLOADING);
    state_.mutable_session()->set_last_set_end(how);
    EXPECT_EQ(look(), Wish::None);
  }
  Wish look() {
    now_ += milliseconds{500};
    return run_.look(state_, now_);
  }
  // From the boot to the first set being trained.
  void begin() {
    EXPECT_EQ(look(), Wish::Reset);
    run_.answered(applied(), now_);
    ready();
    EXPECT_EQ(look(), Wish::None);
    EXPECT_EQ(look(), Wish::Start);
    run_.answered(applied(), now_);
    ready(v1::STAGE_ARMED);
    EXPECT_EQ(look(), Wish::None);
    train_set(1);
  }

  SessionRun::Instant now_{seconds{1000}};
  v1::Telemetry state_;
  SessionRun run_{two_sets_of_three(), {}, now_};
};

TEST_F(ARun, IsCompleteWhenEveryRepOfEverySetWasCounted) {
  begin();
  count_reps(3, 3);
  end_set("completed");
  ready(v1::STAGE_RESTING);
  EXPECT_EQ(look(), Wish::None) << "the rest between sets is not cut short";
  ready();
  EXPECT_EQ(look(), Wish::Start);
  run_.answered(applied(), now_);
  train_set(2);
  count_reps(3, 6);
  end_set("completed");
  ready(v1::STAGE_DONE);
  EXPECT_EQ(look(), Wish::None);
  ASSERT_TRUE(run_.is_over());
  EXPECT_TRUE(run_.summary().complete) << run_.summary().why;
  EXPECT_EQ(run_.summary().reps_prescribed, 6U);
  EXPECT_EQ(run_.summary().reps_counted, 6U);
  EXPECT_THAT(run_.summary().set_ends, testing::ElementsAre("completed", "completed"));
}

TEST_F(ARun, IsNotCompleteWhenOneRepDidNotCount) {
  begin();
  count_reps(2, 2);
  end_set("completed");
  ready(v1::STAGE_DONE);
  EXPECT_EQ(look(), Wish::None);
  EXPECT_TRUE(run_.is_over());
  EXPECT_FALSE(run_.summary().complete);
  EXPECT_FALSE(run_.summary().why.empty());
}

TEST_F(ARun, EndsWithTheReasonWhenASetIsStopped) {
  begin();
  count_reps(1, 1);
  end_set("comfort_stop");
  latched_by("comfort_stop");
  state_.mutable_safety()->set_released(false);
  EXPECT_EQ(look(), Wish::None);
  EXPECT_FALSE(run_.is_over()) << "not before the load is measured to be off";
  state_.mutable_safety()->set_released(true);
  EXPECT_EQ(look(), Wish::None);
  ASSERT_TRUE(run_.is_over());
  EXPECT_FALSE(run_.summary().complete);
  EXPECT_THAT(run_.summary().set_ends, testing::ElementsAre("comfort_stop"));
  EXPECT_THAT(run_.summary().causes, testing::ElementsAre("comfort_stop"));
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("comfort_stop"));
}

// Two sets, all of it counted and completed; `amiss` happens in the second.
class AFullRun : public ARun {
 protected:
  void train(const std::function<void()>& amiss) {
    begin();
    count_reps(3, 3);
    end_set("completed");
    ready();
    EXPECT_EQ(look(), Wish::Start);
    run_.answered(applied(), now_);
    train_set(2);
    amiss();
    count_reps(3, 6);
    end_set("completed");
    ready(v1::STAGE_DONE);
    EXPECT_EQ(look(), Wish::None);
    ASSERT_TRUE(run_.is_over());
  }
};

TEST_F(AFullRun, IsNotCompleteWhenTheForceWasBeyondItsLimit) {
  train([this] { state_.mutable_load()->set_measured_n(171); });
  EXPECT_FALSE(run_.summary().complete);
  EXPECT_EQ(run_.summary().max_force_n, 171.0);
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("force"));
}

TEST_F(AFullRun, IsNotCompleteWhenTheArmWentBeyondTheRange) {
  train([this] { at_angle(-2.9); });
  EXPECT_FALSE(run_.summary().complete);
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("range"));
}

TEST_F(AFullRun, IsNotCompleteWhenTheArmSankBelowTheRange) {
  train([this] { at_angle(-62.1); });
  EXPECT_FALSE(run_.summary().complete);
}

TEST_F(AFullRun, IsCompleteWhenTheArmOnlySwungALittle) {
  train([this] {
    at_angle(-3.1);
    at_angle(-61.9);
  });
  EXPECT_TRUE(run_.summary().complete) << run_.summary().why;
  EXPECT_EQ(run_.summary().min_angle_deg, -61.9) << "not where the legs hung before the first lift";
}

TEST_F(ARun, IsNotCompleteWithoutAMeasuredForceOrAngle) {
  for (const bool without_force : {true, false}) {
    SessionRun run{two_sets_of_three(), {.one_set = true}, now_};
    v1::Telemetry state;
    v1::SessionState& session = *state.mutable_session();
    session.set_reps(3);
    session.set_stage(v1::STAGE_TRAINING);
    session.set_reps_counted(3);
    session.set_reps_counted_total(3);
    session.set_range_low_deg(-60);
    session.set_range_high_deg(-5);
    state.mutable_load()->set_limit_n(170);
    if (without_force) {
      state.mutable_arm()->set_angle_deg(-30);
    } else {
      state.mutable_load()->set_measured_n(120);
    }
    EXPECT_EQ(run.look(state, now_), Wish::None);
    session.set_stage(v1::STAGE_DONE);
    session.set_last_set_end("completed");
    EXPECT_EQ(run.look(state, now_), Wish::None);
    ASSERT_TRUE(run.is_over());
    EXPECT_FALSE(run.summary().complete);
    EXPECT_THAT(run.summary().why, testing::HasSubstr("not measured"));
  }
}

TEST_F(ARun, IsNotCompleteWhenASetWasLeftOut) {
  begin();
  count_reps(3, 6);  // as if both sets were done in one
  end_set("completed");
  ready(v1::STAGE_DONE);
  EXPECT_EQ(look(), Wish::None);
  EXPECT_FALSE(run_.summary().complete);
}

TEST_F(ARun, DoesNotClearAStopThatSomebodyHasToLookAt) {
  latched_by("over_force");
  for (int i = 0; i < 59; ++i) EXPECT_EQ(look(), Wish::None);
  EXPECT_FALSE(run_.is_over());
  EXPECT_EQ(look(), Wish::None);
  ASSERT_TRUE(run_.is_over()) << "30 s of patience";
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("over_force"));
}

TEST_F(ARun, AsksAgainASecondAfterARefusalAndTellsTheLastOneWhenItGivesUp) {
  EXPECT_EQ(look(), Wish::Reset);
  run_.answered(refused("The cause is still there."), now_);
  EXPECT_EQ(look(), Wish::None);
  EXPECT_EQ(look(), Wish::Reset);
  run_.answered(refused("The cause is still there."), now_);
  now_ += seconds{30};
  EXPECT_EQ(look(), Wish::None);
  EXPECT_TRUE(run_.is_over());
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("The cause is still there."));
}

TEST_F(ARun, ArmsAgainWhenNobodySqueezedTheGrips) {
  EXPECT_EQ(look(), Wish::Reset);
  run_.answered(applied(), now_);
  ready();
  now_ += seconds{1};
  EXPECT_EQ(look(), Wish::Start);
  run_.answered(applied(), now_);
  ready(v1::STAGE_ARMED);
  now_ += seconds{10};
  EXPECT_EQ(look(), Wish::None);
  ready();
  EXPECT_EQ(look(), Wish::Start);
}

TEST_F(ARun, EndsAtOnceWithoutAPrescription) {
  ready(v1::STAGE_NO_PRESCRIPTION);
  EXPECT_EQ(look(), Wish::None);
  EXPECT_TRUE(run_.is_over());
  EXPECT_THAT(run_.summary().why, testing::HasSubstr("prescription set"));
}

}  // namespace
}  // namespace plinth::ctl
