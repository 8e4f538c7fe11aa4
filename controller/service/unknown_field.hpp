// A newer client may mean something by a field that this program has never heard of. Left out silently, a
// prescription would be another than the one that was written.
#pragma once

#include <optional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace plinth::service {

// The first field, at any depth, that the schema does not know, in words: "field 99 of Prescription". Nothing
// when it knows them all.
std::optional<std::string> unknown_field_in(const google::protobuf::Message& message);

}  // namespace plinth::service
