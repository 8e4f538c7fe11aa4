#include "controller/rehab/refusal.hpp"

#include <array>
#include <cstddef>

namespace plinth::rehab {
namespace {

using enum RefusalCode;

// In the order of the enumeration, which the assertion below checks.
constexpr std::array Catalogue{
    RefusalText{RangeInverted, "range_inverted", "The lower end of the range lies above its upper end.",
                "Swap the two angles: hanging legs are negative, 0° is in line with the trunk."},
    RefusalText{RangeOutsidePhase, "range_outside_phase", "The range goes beyond what this phase allows.",
                "Narrow the range, or move the person to a later phase if they are ready for it."},
    RefusalText{RangeOutsideMachine, "range_outside_machine", "The range goes beyond the travel of the arm.",
                "Narrow the range to what the arm can do."},
    RefusalText{RangeTooNarrow, "range_too_narrow",
                "The range is too narrow to lift, turn and lower in it with control.",
                "Widen the range, or train a hold on the bench instead."},
    RefusalText{LoadNegative, "load_negative", "The load is negative; the machine never pulls the legs up.",
                "Enter 0 or more; to carry part of the legs' weight use leg support."},
    RefusalText{LoadAbovePhase, "load_above_phase",
                "The load is more than this phase allows for this body mass.",
                "Lower the load, or move the person to a later phase if they are ready for it."},
    RefusalText{LoadAboveMachine, "load_above_machine",
                "The load is more than this station gives with legs of this length.", "Lower the load."},
    RefusalText{LoadAboveStrength, "load_above_strength",
                "The load is more than four fifths of what the person showed in the strength test.",
                "Lower the load, or repeat the strength test if it is out of date."},
    RefusalText{EccentricRatioOutside, "eccentric_ratio_outside",
                "The load for lowering is too far from the load for lifting in this phase.",
                "Choose a ratio inside the window; 1 means the same load both ways."},
    RefusalText{TempoLiftOutside, "tempo_lift_outside", "The lift is too quick or too slow.",
                "Choose a time inside the window, in seconds."},
    RefusalText{TempoHoldOutside, "tempo_hold_outside", "The hold at the top is negative or too long.",
                "Choose a time inside the window, in seconds."},
    RefusalText{TempoLowerOutside, "tempo_lower_outside", "The lowering is too quick or too slow.",
                "Choose a time inside the window, in seconds."},
    RefusalText{TempoRestOutside, "tempo_rest_outside", "The rest at the bottom is negative or too long.",
                "Choose a time inside the window, in seconds."},
    RefusalText{TempoTooFastForRange, "tempo_too_fast_for_range",
                "At this tempo the legs would come too close to the stop speed in the middle of the range.",
                "Give the movement more time, or narrow the range."},
    RefusalText{HoldToleranceOutside, "hold_tolerance_outside",
                "The tolerance of the hold is too fine to be measured or too coarse to prove control.",
                "Choose a tolerance inside the window."},
    RefusalText{SpeedLimitOutside, "speed_limit_outside", "The stop speed is not one that this phase allows.",
                "Choose a speed inside the window; slower is always the safer side."},
    RefusalText{SetsOutside, "sets_outside", "That is not a number of sets for this phase.",
                "Choose a number inside the window."},
    RefusalText{RepsOutside, "reps_outside", "That is not a number of reps for this phase.",
                "Choose a number inside the window."},
    RefusalText{RestOutside, "rest_outside", "The rest between sets is too short or too long.",
                "Choose a time inside the window, in seconds."},
    RefusalText{SessionTooLong, "session_too_long",
                "Sets, reps, tempo and rests add up to more than a session.",
                "Take away a set or some reps, or shorten the rests."},
    RefusalText{LegSupportOutside, "leg_support_outside",
                "The machine can carry a share of the legs' weight, but never all of it.",
                "Choose a share inside the window; 0 means the person carries the legs alone."},
    RefusalText{NotANumber, "not_a_number", "The value is not a number that can be measured.",
                "Enter the number again, with a point as the decimal sign."},
    RefusalText{FieldMissing, "field_missing", "A value that must be given is missing.",
                "Fill in the field; an empty field is never taken for 0."},
    RefusalText{UnknownName, "unknown_name", "The station does not know this name.",
                "Choose one of the names allowed."},
    RefusalText{PersonOutside, "person_outside",
                "The person's measure lies outside what the station is built for.",
                "Check the number and its unit; if it is right, this person cannot train on this station."},
    RefusalText{NoPrescription, "no_prescription", "No prescription is loaded.",
                "Load the person's prescription first."},
    RefusalText{Latched, "latched", "The station was stopped and the stop has not been cleared.",
                "Read why it stopped, see to the person, then clear the stop."},
    RefusalText{CauseStillPresent, "cause_still_present", "What stopped the station is still there.",
                "Remove the cause that is shown, then clear the stop again."},
    RefusalText{AlreadyRunning, "already_running", "A session is running.",
                "End the session first, or wait for its end."},
    RefusalText{NotRunning, "not_running", "No session is running.", "Start a set first."},
    RefusalText{NothingToReset, "nothing_to_reset", "No stop is waiting to be cleared.",
                "Nothing needs doing; go on."},
    RefusalText{ResetNotAllowed, "reset_not_allowed", "This stop is not yours to clear.",
                "Call the person who may clear it: the physio, or service where that is shown."},
    RefusalText{LegsAboveRest, "legs_above_rest", "The arm is not down at the legs' rest.",
                "Let the legs hang until the arm stands still, then try again."},
    RefusalText{GripsHeld, "grips_held", "The hand grips are already being squeezed.",
                "Let both grips go, then press Start and squeeze them."},
    RefusalText{PatientAbsent, "patient_absent", "Nobody lies on the bench.",
                "Help the person onto the bench with the trunk on all pads."},
    RefusalText{StrapsNotSlack, "straps_not_slack", "A strap carries load before anything was asked of it.",
                "Let the legs hang free and nobody pull; if it stays so, zero the strap cells."},
    RefusalText{
        WeightMismatch, "weight_mismatch",
        "The weight on the bench is not that of the person whom the prescription names.",
        "Check who lies there, that nobody leans on the bench, and the body mass in the prescription."},
    RefusalText{DriveNotReady, "drive_not_ready", "The resistance unit is not ready.",
                "Look at its fault and at the emergency stop, then try again."},
    RefusalText{DriveHot, "drive_hot", "Motor or drive is too hot to begin another set.",
                "Let it cool for ten minutes, then start again."},
    RefusalText{LimitsNotConfirmed, "limits_not_confirmed",
                "The resistance unit has not confirmed the limits it was given.",
                "Wait a few seconds; if it stays so, load the prescription again or call service."},
    RefusalText{
        WatchdogNotProven, "watchdog_not_proven",
        "The resistance unit has not yet shown that it stops by itself when the controller falls silent.",
        "Wait for the self-test; if it fails, call service and do not train."},
    RefusalText{
        BrakeNotProven, "brake_not_proven", "The brake has not yet shown that it holds the arm.",
        "Let the arm hang and wait for the brake's test; if it fails, call service and do not train."},
    RefusalText{Busy, "busy", "Too many requests are waiting.", "Wait a second, then try again."},
    RefusalText{NotLooserInSession, "not_looser_in_session",
                "During a session the prescription can only be made tighter, for the same person.",
                "End the session to change it, then load the new prescription."},
    RefusalText{Malformed, "malformed", "The request cannot be read.",
                "Reload the page; if it comes back, page and station are of different versions."},
    RefusalText{UnknownRequest, "unknown_request", "The station does not know this request.",
                "Bring page and station to the same version."},
    RefusalText{TooLarge, "too_large", "The request is larger than any the station accepts.",
                "Send a smaller request."},
    RefusalText{StorageFailed, "storage_failed", "The change could not be kept, so it was not made.",
                "Check that the station's disk is not full, then try again."},
    RefusalText{NotKept, "not_kept",
                "The prescription is in force, but could not be kept: a restart brings back the earlier one.",
                "Call service to look at the station's disk, then set the prescription again."},
    RefusalText{ControlSilent, "control_silent", "The control of the machine gives no answer.",
                "Press the emergency stop, help the person off the bench, and call service."},
    RefusalText{NotAllowedForRole, "not_allowed_for_role", "This screen may not ask for that.",
                "Do it at the physio's console."},
    RefusalText{WrongVersion, "wrong_version", "Client and station speak different versions of the language.",
                "Bring both to the same version."},
    RefusalText{Ending, "ending", "The station's program is ending.", "Connect again once it has restarted."},
    RefusalText{ReviewNeeded, "review_needed",
                "After what the person told, nothing more is trained in this session.",
                "See to the person, then end the session at the physio's console."},
    RefusalText{NoStopToExplain, "no_stop_to_explain", "No set was stopped, so there is nothing to tell.",
                "Stop the set first if something is not right."},
};

constexpr bool is_in_order_of_enumeration() {
  if (Catalogue.size() != static_cast<std::size_t>(LastRefusalCode) + 1) return false;
  for (std::size_t i = 0; i < Catalogue.size(); ++i) {
    if (Catalogue.at(i).code != static_cast<RefusalCode>(i)) return false;
  }
  return true;
}
static_assert(is_in_order_of_enumeration(), "every refusal has its text, in the order of the enumeration");

}  // namespace

std::span<const RefusalText> refusal_catalogue() {
  return Catalogue;
}

const RefusalText& text_of(RefusalCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < Catalogue.size() ? Catalogue[index] : Catalogue[static_cast<std::size_t>(Malformed)];
}

std::string in_words(const Refusal& refusal) {
  const RefusalText& text = text_of(refusal.code);
  std::string words;
  if (!refusal.field.empty() && !refusal.found.empty()) {
    words.append(refusal.field).append(" is ").append(refusal.found).append(". ");
  } else if (!refusal.field.empty()) {
    words.append(refusal.field).append(": ");
  } else if (!refusal.found.empty()) {
    words.append(refusal.found).append(": ");
  }
  words.append(text.what);
  if (!refusal.allowed.empty()) words.append(" Allowed: ").append(refusal.allowed).append(".");
  return words.append(" ").append(text.next_step);
}

}  // namespace plinth::rehab
