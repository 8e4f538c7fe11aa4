// What a profile file says about itself, the link and the identity.
#include <algorithm>

#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {
namespace {

constexpr std::string_view PlainText = "1 to 120 bytes of text on one line";
bool is_plain_text(const std::string& text) {
  return !text.empty() && text.size() <= 120 && std::ranges::none_of(text, config::is_control);
}
bool is_identifier(const std::string& text) {
  std::string as_name = text;
  std::ranges::replace(as_name, '-', '_');
  return is_name(as_name) && text.find('_') == std::string::npos;
}

std::vector<std::string> plain_texts(Table& table, std::string_view key, Need need) {
  return table.texts(key, need, "a list of texts, each on one line", is_plain_text)
      .value_or(std::vector<std::string>{});
}

IdentityCheck identity_check(Table& table, std::optional<WordOrder> usual) {
  IdentityCheck check;
  take(table.whole("address", Need::Must, Addresses), check.address);
  check.type = type_in(table, true);
  check.word_order = word_order_in(table, check.type, usual);
  take(table.whole("mask", Need::May, Words32), check.mask);
  if (const auto expected = table.wholes("expect_any", Need::May, Words32)) {
    for (const std::int64_t value : *expected) check.expect_any.push_back(static_cast<std::uint32_t>(value));
  }
  constexpr std::array<std::string_view, 2> Outcomes{"show", "refuse"};
  check.refuse_on_mismatch = table.choice("on_mismatch", Need::May, Outcomes).value_or(1) == 1;
  return check;
}

}  // namespace

void read_about(Reading& reading) {
  reading.file.whole("schema", Need::Must, {1, 1});
  Table& table = reading.file.inner("profile", Need::Must, "id, kind, vendor, models, trust, sources");
  reading.about = &table;
  Profile& profile = reading.profile;
  constexpr std::array<std::string_view, 4> Kinds{"load_cell", "load_cell_hub", "drive", "io"};
  constexpr std::array<std::string_view, 5> Trusts{"draft", "documented", "interop", "bench", "hardware"};

  profile.id = table
                   .text("id", Need::Must, "small letters, digits and -, at most 40", is_identifier,
                         "Begin it with a letter; it is the file's name without .toml.")
                   .value_or("");
  profile.kind = choice_in<Kind>(table, "kind", Need::Must, Kinds).value_or(Kind::LoadCell);
  profile.vendor =
      table.text("vendor", Need::Must, PlainText, is_plain_text, "Name who makes it.").value_or("");
  profile.models = plain_texts(table, "models", Need::Must);
  profile.trust = choice_in<Trust>(table, "trust", Need::Must, Trusts).value_or(Trust::Draft);
  profile.documented_as =
      table.text("documented_as", Need::May, PlainText, is_plain_text, "Say how its manual counts addresses.")
          .value_or("");
  profile.sources = plain_texts(table, "sources", Need::Must);
  profile.unverified = plain_texts(table, "unverified", Need::May);
}

void read_link(Reading& reading) {
  Table& table = reading.file.inner("link", Need::Must, "transports");
  Link& link = reading.profile.link;
  constexpr std::array<std::string_view, 2> Transports{"rtu", "tcp"};
  const auto transports = table.texts(
      "transports", Need::Must, "a list of: \"rtu\", \"tcp\"",
      [&](const std::string& text) { return std::ranges::find(Transports, text) != Transports.end(); });
  for (const std::string& name : transports.value_or(std::vector<std::string>{}))
    link.transports.push_back(name == "rtu" ? Transport::Rtu : Transport::Tcp);
  for (const std::int64_t baud :
       table.wholes("baud", Need::May, {1200, 10'000'000}).value_or(std::vector<std::int64_t>{}))
    link.baud.push_back(static_cast<std::uint32_t>(baud));
  constexpr std::array<std::string_view, 5> Framings{"8N1", "8N2", "8E1", "8O1", "8E2"};
  link.framing =
      table
          .texts("framing", Need::May, "a list of: 8N1, 8N2, 8E1, 8O1, 8E2",
                 [&](const std::string& text) { return std::ranges::find(Framings, text) != Framings.end(); })
          .value_or(std::vector<std::string>{});
  take(table.whole("response_timeout_ms", Need::May, {1, 5000}, " ms"), link.response_timeout_ms);
  take(table.whole("inter_frame_min_ms", Need::May, {0, 100}, " ms"), link.inter_frame_min_ms);
  take(table.whole("max_read_registers", Need::May, {1, 125}), link.max_read_registers);
  take(table.whole("max_write_registers", Need::May, {1, 123}), link.max_write_registers);
  take(table.whole("read_function", Need::May, {3, 4}), link.read_function);
  constexpr std::array<std::string_view, 2> Echoes{"strict", "address_only"};
  take(table.whole("write_function", Need::May, {6, 16}), link.write_function);
  if (link.write_function != 6 && link.write_function != 16) {
    table.conflict("write_function", "6 or 16", "Take 16 unless the device knows only 6.");
    link.write_function = 16;
  }
  link.echo_check = choice_in<EchoCheck>(table, "echo_check", Need::May, Echoes).value_or(EchoCheck::Strict);
  link.allow_gap_reads = table.flag("allow_gap_reads", Need::May).value_or(false);

  Table& defaults = reading.file.inner("defaults", Need::May);
  // Within a register Modbus itself says that the high byte comes first; no device here differs.
  constexpr std::array<std::string_view, 1> ByteOrders{"big"};
  defaults.choice("byte_order", Need::May, ByteOrders);
  constexpr std::array<std::string_view, 2> Orders{"big", "little"};
  reading.usual_order = choice_in<WordOrder>(defaults, "word_order", Need::May, Orders);

  for (Table* const check : reading.file.each("identity"))
    reading.profile.identity.push_back(identity_check(*check, reading.usual_order));
}

}  // namespace plinth::drivers::profiles
