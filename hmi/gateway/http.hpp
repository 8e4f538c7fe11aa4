// One HTTP connection: the files of the page, and the door to the WebSocket.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "hmi/gateway/context.hpp"

namespace plinth::gateway {

// Serves one connection until it ends. Answers GET and HEAD of the page's files, hands a WebSocket request
// with an allowed origin on to bridge(), refuses everything else with words.
boost::asio::awaitable<void> serve_http(boost::asio::ip::tcp::socket socket, Context& context);

}  // namespace plinth::gateway
