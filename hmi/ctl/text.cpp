#include "hmi/ctl/text.hpp"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace plinth::ctl {
namespace {

// STAGE_COUNT_IN becomes "count in".
std::string plain(std::string_view enumerator, std::string_view prefix) {
  if (enumerator.starts_with(prefix)) enumerator.remove_prefix(prefix.size());
  std::string out{enumerator};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return c == '_' ? ' ' : static_cast<char>(std::tolower(c)); });
  return out;
}
std::string name_of(v1::Stage stage) {
  return plain(v1::Stage_Name(stage), "STAGE_");
}
std::string name_of(v1::Moment moment) {
  return plain(v1::Moment_Name(moment), "MOMENT_");
}

std::string number_or_dash(bool there, double value, std::string_view unit) {
  return there ? fmt::format("{:.1f}{}", value, unit) : fmt::format("–{}", unit);
}

std::string arm_text(const v1::Telemetry& t) {
  std::string out = number_or_dash(t.arm().has_angle_deg(), t.arm().angle_deg(), "°");
  if (t.session().has_target_deg()) {
    out += fmt::format(" (target {:.1f}° ± {:.1f}°)", t.session().target_deg(), t.session().tolerance_deg());
  }
  return out;
}

std::string load_text(const v1::Load& load) {
  return fmt::format("set {:.0f} N, applied {:.0f} N, measured {}", load.set_n(), load.applied_n(),
                     load.has_measured_n() ? fmt::format("{:.0f} N", load.measured_n()) : "–");
}

std::string rep_text(const v1::SessionState& s) {
  if (s.sets() == 0) return "";
  return fmt::format("set {}/{}, rep {}/{} ({} counted)", s.set(), s.sets(), s.rep(), s.reps(),
                     s.reps_counted());
}

std::string unit_text(std::string_view name, const v1::Unit& unit) {
  if (!unit.connected()) return fmt::format("{} away", name);
  std::string out = fmt::format("{} {:.0f} ms old", name, unit.age_ms());
  if (unit.fault_code() != 0) out += fmt::format(" (fault {})", unit.fault_code());
  return out;
}

std::string safety_text(const v1::Safety& safety) {
  std::string out =
      fmt::format("{}, {}", plain(v1::Permission_Name(safety.permission()), "PERMISSION_"), safety.action());
  if (!safety.cause().empty()) {
    out += fmt::format("\n           {}: {} {}", safety.cause(), safety.physio_words(), safety.next_step());
  }
  return out;
}

std::string seconds(double value) {
  return fmt::format("{:g}", value);
}

std::string rep_line(const v1::SessionState& was, const v1::SessionState& is) {
  const v1::RepScore& rep = is.last_rep();
  if (rep.number() == 0 || rep.number() == was.last_rep().number()) return "";
  return fmt::format(
      "Rep {}: {}, {:.0f}° to {:.0f}°, in the tube {:.0f} % lifting, {:.0f} % holding, {:.0f} % lowering.",
      rep.number(), rep.counted() ? "counted" : "not counted", rep.bottom_deg(), rep.top_deg(),
      100 * rep.in_tube_lift(), 100 * rep.in_tube_hold(), 100 * rep.in_tube_lower());
}

std::string stage_line(const v1::SessionState& was, const v1::Telemetry& now) {
  const v1::SessionState& is = now.session();
  if (is.stage() == was.stage()) return "";
  switch (is.stage()) {
    case v1::STAGE_ARMED:
      return "Armed for ten seconds: squeeze both grips to start.";
    case v1::STAGE_COUNT_IN:
      return fmt::format("Set {} of {}: get ready.", is.set(), is.sets());
    case v1::STAGE_UNLOADING:
      return fmt::format("Set {} ended: {}; {} of {} reps counted. Lowering the legs.", is.set(),
                         is.last_set_end(), is.reps_counted(), is.reps());
    case v1::STAGE_RESTING:
      return fmt::format("Resting for {:.0f} s.", is.moment_left_s());
    case v1::STAGE_STOPPED:
      return fmt::format("Stopped. {} {}", now.safety().physio_words(), now.safety().next_step());
    default:
      return "";
  }
}

// A JSON writer for one flat object: all that the summary needs.
class JsonObject {
 public:
  void raw(std::string_view key, std::string_view value) {
    out_ += fmt::format("{}\"{}\":{}", out_.size() > 1 ? "," : "", key, value);
  }
  void number(std::string_view key, const std::optional<double>& value) {
    raw(key, value ? fmt::format("{:.6g}", *value) : "null");
  }
  void text(std::string_view key, const std::string& value) { raw(key, quoted(value)); }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ",") + quoted(value);
    raw(key, "[" + list + "]");
  }
  [[nodiscard]] std::string str() const { return out_ + "}"; }

 private:
  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out += fmt::format("\\{}", c);
      } else if (static_cast<unsigned char>(c) < ' ') {
        out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
    return out + "\"";
  }

  std::string out_ = "{";
};

}  // namespace

std::string status_text(const v1::Welcome& welcome) {
  const v1::Telemetry& t = welcome.telemetry();
  const v1::SessionState& s = t.session();
  std::string out = fmt::format("{}{}\n", welcome.server(), welcome.simulation() ? "  SIMULATION" : "");
  out += fmt::format("stage      {}, {}  {}\n", name_of(s.stage()), name_of(s.moment()), rep_text(s));
  out += fmt::format("arm        {}\n", arm_text(t));
  out += fmt::format("load       {}\n", load_text(t.load()));
  out += fmt::format("person     {}, grips {} {}\n", t.body().present() ? "on the bench" : "absent",
                     t.body().left_grip() ? "left" : "–", t.body().right_grip() ? "right" : "–");
  out += fmt::format("safety     {}\n", safety_text(t.safety()));
  out += fmt::format("units      {}; {}; limits {}, watchdog {}, brake {}, emergency stop {}\n",
                     unit_text("drive", t.units().drive()), unit_text("hub", t.units().hub()),
                     t.units().limits_confirmed() ? "confirmed" : "not confirmed",
                     t.units().watchdog_proven() ? "proven" : "not proven",
                     t.units().brake_released() ? "open" : "closed",
                     t.units().estop_closed() ? "not pressed" : "open");
  out +=
      fmt::format("loop       {:.1f} ms, {}, {} of {} cycles late, worst {:.2f} ms, {} answers missed\n",
                  t.loop().period_ms(), t.loop().real_time() ? "real time" : "NOT real time",
                  t.loop().late_cycles(), t.cycle(), t.loop().worst_lateness_ms(), t.loop().answers_missed());
  return out;
}

std::string watch_line(const v1::Telemetry& t) {
  const v1::SessionState& s = t.session();
  std::string out =
      fmt::format("{:>9.2f} s  {:<10} {:<9} {:<34} {:<28} {}", static_cast<double>(t.at_ms()) / 1000.0,
                  name_of(s.stage()), name_of(s.moment()), arm_text(t), rep_text(s), load_text(t.load()));
  if (!t.safety().cause().empty()) out += "  " + t.safety().cause();
  return out;
}

std::string progress_text(const v1::Telemetry& before, const v1::Telemetry& now) {
  std::string text = rep_line(before.session(), now.session());
  const std::string stage = stage_line(before.session(), now);
  if (!text.empty() && !stage.empty()) text += "\n";
  return text + stage;
}

std::string prescription_text(const v1::Prescription& p) {
  std::string out =
      fmt::format("exercise   {}, phase {}\n", plain(v1::Exercise_Name(p.exercise()), "EXERCISE_"),
                  plain(v1::Phase_Name(p.phase()), "PHASE_"));
  out += fmt::format(
      "person     {:.1f} kg, {:.2f} m{}\n", p.person().mass_kg(), p.person().height_m(),
      p.person().has_strength_nm() ? fmt::format(", {:.0f} N·m tested", p.person().strength_nm()) : "");
  out += fmt::format("range      {:g}° to {:g}°\n", p.range_low_deg(), p.range_high_deg());
  out +=
      fmt::format("load       {:g} N, {:g} times as much while lowering\n", p.load_n(), p.eccentric_ratio());
  out += fmt::format("tempo      {}-{}-{}-{} s (lift, hold, lower, rest)\n", seconds(p.lift_s()),
                     seconds(p.hold_s()), seconds(p.lower_s()), seconds(p.rest_s()));
  out += fmt::format("hold       ± {:g}°\n", p.hold_tolerance_deg());
  out += fmt::format("stops at   {:g} °/s lifting, {:g} °/s lowering\n", p.lifting_stop_speed_deg_s(),
                     p.lowering_stop_speed_deg_s());
  out += fmt::format("sets       {} of {} reps, {:g} s rest between\n", p.sets(), p.reps(),
                     p.rest_between_sets_s());
  if (p.leg_support() > 0.0)
    out += fmt::format("support    {:.0f} % of the legs' weight\n", 100 * p.leg_support());
  return out;
}

std::string summary_text(const Summary& s) {
  std::string ends;
  for (const std::string& end : s.set_ends) ends += (ends.empty() ? "" : ", ") + end;
  std::string out = fmt::format("{} of {} prescribed reps counted in {:.0f} s; sets: {}\n", s.reps_counted,
                                s.reps_prescribed, s.seconds, ends.empty() ? "none" : ends);
  if (s.max_force_n) {
    out += fmt::format("largest force {:.0f} N{}\n", *s.max_force_n,
                       s.force_limit_n ? fmt::format(" of {:.0f} N allowed", *s.force_limit_n) : "");
  }
  if (!s.why.empty()) out += s.why + "\n";
  return out;
}

std::string json_of(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string out;
  // Cannot fail: every field of ours has a JSON form.
  (void)google::protobuf::util::MessageToJsonString(message, &out, options);
  return out;
}

std::string json_of(const Summary& s) {
  JsonObject out;
  out.raw("complete", s.complete ? "true" : "false");
  out.raw("reps_prescribed", fmt::format("{}", s.reps_prescribed));
  out.raw("reps_counted", fmt::format("{}", s.reps_counted));
  out.raw("sets", fmt::format("{}", s.sets));
  out.texts("set_ends", s.set_ends);
  out.number("max_force_n", s.max_force_n);
  out.number("force_limit_n", s.force_limit_n);
  out.number("min_angle_deg", s.min_angle_deg);
  out.number("max_angle_deg", s.max_angle_deg);
  out.raw("range_deg", s.range_low_deg && s.range_high_deg
                           ? fmt::format("[{:.6g},{:.6g}]", *s.range_low_deg, *s.range_high_deg)
                           : "null");
  out.number("in_tube", s.in_tube);
  out.number("seconds", s.seconds);
  out.texts("causes", s.causes);
  out.text("why", s.why);
  return out.str();
}

}  // namespace plinth::ctl
