// One viewer: a WebSocket on one side, a connection of its own to plinthd on the other. Only the two sources
// with Beast include this.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "hmi/gateway/context.hpp"

namespace plinth::gateway {

inline constexpr const char* Subprotocol = "plinth.v1";

// Accepts the upgrade, then carries messages both ways until one side ends. Each viewer has its own
// connection to plinthd, so that what plinthd knows of a connection (its role, its answers, that it
// vanished) is true of the viewer.
boost::asio::awaitable<void> bridge(boost::beast::tcp_stream stream,
                                    boost::beast::http::request<boost::beast::http::empty_body> request,
                                    Context& context);

}  // namespace plinth::gateway
