// The gateway on loopback, with a stand-in for plinthd behind it.
#include "tests/hmi/gateway/gateway_fixture.hpp"
#include "tests/inputs/doors.hpp"

namespace plinth::inputs {
namespace {

class Gateway final : public gateway::GatewayTest {
 public:
  void TestBody() override {}

  Reply ask(const std::string& request) {
    const auto answer = browser().request(request);
    Reply reply{.told = {telling(std::to_string(answer.status), answer.body)},
                .accepted = answer.status == 200 || answer.status == 101};
    if (browser().get("/").status != 200) reply.changed = "the page is not served any more; ";
    return reply;
  }

  Reply send(const Input& input) {
    auto [page, daemon] = viewer();
    std::string payload;
    for (int i = 0; i < input.times; ++i) payload += input.text;
    for (int i = 0; i < input.messages; ++i) {
      page.send(payload, static_cast<std::uint8_t>(input.opcode), input.masked);
    }
    Reply reply;
    const auto answer = page.receive();
    if (answer && answer->opcode == 8) {
      reply.told.push_back(telling(std::to_string(answer->close_code()), answer->close_reason()));
      reply.hung_up = input.hangs_up;
    }
    {
      const gateway::Browser leaving = std::move(page);
    }
    if (input.messages == 1 && daemon->receive_frame()) reply.changed = "it went to plinthd; ";
    return reply;
  }

 private:
  static Telling telling(const std::string& code, const std::string& words) {
    return {.code = code, .field = {}, .why = words, .allowed = words, .next_step = words};
  }
};

std::string written_out(std::string text) {
  constexpr std::string_view Long = "@9000@";
  if (const auto at = text.find(Long); at != std::string::npos)
    text.replace(at, Long.size(), std::string(9000, 'x'));
  return text;
}

}  // namespace

Reply through_http(const Input& input) {
  Gateway gateway;
  return gateway.ask(written_out(input.text));
}

Reply through_websocket(const Input& input) {
  Gateway gateway;
  return gateway.send(input);
}

}  // namespace plinth::inputs
