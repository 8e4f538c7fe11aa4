#include "hmi/gateway/http.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "hmi/gateway/bridge.hpp"

namespace plinth::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using namespace std::chrono_literals;

using Request = http::request<http::empty_body>;
using Response = http::response<http::span_body<const char>>;

constexpr auto Awaitable = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t HeaderLimit = std::size_t{8} * 1024;
constexpr auto FirstRequestTime = 3s;
constexpr auto NextRequestTime = 15s;
constexpr auto WriteTime = 15s;

// Everything comes from the gateway itself: no inline script, no other host, no frame around it.
void add_security_headers(http::fields& fields) {
  fields.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
      "connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
      "require-trusted-types-for 'script'");
  fields.set("X-Content-Type-Options", "nosniff");
  fields.set("Referrer-Policy", "no-referrer");
  fields.set("Cross-Origin-Opener-Policy", "same-origin");
  fields.set("Cross-Origin-Resource-Policy", "same-origin");
  fields.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

// An answer in plain words. `words` must outlive the response.
Response plain(http::status status, std::string_view words, const Request& request) {
  Response response{status, request.version()};
  add_security_headers(response);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.set(http::field::cache_control, "no-store");
  response.body() = {words.data(), words.size()};
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

Response answer(const Request& request, const Site& site) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    Response response =
        plain(http::status::method_not_allowed, "Only GET and HEAD are served here.\n", request);
    response.set(http::field::allow, "GET, HEAD");
    return response;
  }
  const auto target = request.target();
  const Page* const page = site.find({target.data(), target.size()});
  if (page == nullptr) {
    return plain(http::status::not_found, "There is no such page. Try /patient or /console.\n", request);
  }
  Response response{http::status::ok, request.version()};
  add_security_headers(response);
  response.set(http::field::etag, page->etag);
  response.set(http::field::cache_control, page->cache_control);
  response.keep_alive(request.keep_alive());
  if (request[http::field::if_none_match] == page->etag) {
    response.result(http::status::not_modified);
    return response;
  }
  response.set(http::field::content_type, page->content_type);
  response.body() = {page->body.data(), page->body.size()};
  response.prepare_payload();
  return response;
}

bool offers_subprotocol(const Request& request) {
  for (const auto& name : http::token_list{request[http::field::sec_websocket_protocol]}) {
    if (name == Subprotocol) return true;
  }
  return false;
}

// Why this upgrade is refused, or an empty text. The origin is looked at first: a foreign page learns
// nothing.
std::pair<http::status, std::string_view> refusal_of(const Request& request, const Context& context) {
  const auto origin = request[http::field::origin];
  if (request.count(http::field::origin) != 1 || !context.origins.allows({origin.data(), origin.size()})) {
    return {http::status::forbidden,
            "This origin may not open a connection. See hmi.origins in the station file.\n"};
  }
  if (request.target() != "/ws") return {http::status::not_found, "The WebSocket is at /ws.\n"};
  if (!offers_subprotocol(request)) return {http::status::bad_request, "Subprotocol plinth.v1 is needed.\n"};
  if (context.viewers.size() >= MostViewers) {
    return {http::status::service_unavailable, "All places for viewers are taken. Close another page.\n"};
  }
  return {http::status::ok, {}};
}

// What is answered to a request that could not be read.
std::pair<http::status, std::string_view> refusal_of(const beast::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return {
        http::status::request_header_fields_too_large,
        "This request's header is longer than the 8 KiB that are taken here. Clear the browser's cookies.\n"};
  }
  if (error == http::error::body_limit || error == http::error::unexpected_body) {
    return {http::status::payload_too_large, "No request here has a body. Ask with GET.\n"};
  }
  return {http::status::bad_request, "This request was not understood. Ask with GET, as a browser does.\n"};
}

asio::awaitable<bool> send(beast::tcp_stream& stream, Response response, bool with_body) {
  stream.expires_after(WriteTime);
  http::response_serializer<http::span_body<const char>> serializer{response};
  beast::error_code error;
  if (with_body) {
    std::tie(error, std::ignore) = co_await http::async_write(stream, serializer, Awaitable);
  } else {
    std::tie(error, std::ignore) = co_await http::async_write_header(stream, serializer, Awaitable);
  }
  co_return !error && response.keep_alive();
}

}  // namespace

asio::awaitable<void> serve_http(asio::ip::tcp::socket socket, Context& context) {
  beast::tcp_stream stream{std::move(socket)};
  beast::flat_buffer buffer{HeaderLimit};
  for (auto time = FirstRequestTime;; time = NextRequestTime) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(HeaderLimit);
    stream.expires_after(time);
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, Awaitable);
    if (error == http::error::end_of_stream || error == beast::error::timeout) break;
    if (error.category() == http::make_error_code(http::error::bad_method).category() ||
        error == http::error::buffer_overflow) {
      const auto [status, words] = refusal_of(error);
      co_await send(stream, plain(status, words, Request{}), true);
      break;
    }
    if (error) break;

    Request request = parser.release();
    if (beast::websocket::is_upgrade(request)) {
      const auto [status, words] = refusal_of(request, context);
      if (words.empty()) {
        co_await bridge(std::move(stream), std::move(request), context);
        co_return;
      }
      if (!co_await send(stream, plain(status, words, request), true)) break;
      continue;
    }
    const bool with_body = request.method() != http::verb::head;
    if (!co_await send(stream, answer(request, context.site), with_body)) break;
  }
  beast::error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace plinth::gateway
