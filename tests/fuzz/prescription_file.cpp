// The file of the kept prescription: whatever lies there is refused with the file's name, or is a
// prescription that can be kept and read again.
#include "controller/service/prescription_file.hpp"

#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/crc.hpp>

#include "controller/service/translate.hpp"
#include "plinth/v1/files.pb.h"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/scratch.hpp"

namespace {

using namespace plinth;
using fuzz::require;

// The file of a right checksum over these values: what a slip of the pen in the program would have written.
std::string with_its_checksum(const v1::Prescription& prescription) {
  v1::StoredPrescription stored;
  stored.set_schema(1);
  *stored.mutable_prescription() = prescription;
  const std::string bytes = prescription.SerializeAsString();
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  stored.set_checksum(crc.checksum());
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(stored, &text);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in{data, size};
  std::string text;
  if (in.below(2) == 0) {
    text = fuzz::as_text(in.all());
  } else {
    v1::Prescription message;
    const auto rest = in.all();
    if (!message.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) return -1;
    message.DiscardUnknownFields();
    text = with_its_checksum(message);
  }
  static const fuzz::Scratch scratch;
  const auto path = scratch.path() / "prescription.json";
  std::ofstream{path, std::ios::binary} << text;
  const service::PrescriptionFile file{path};
  const auto loaded = file.load();
  if (!loaded) {
    require(loaded.error().find(path.string()) != std::string::npos, "an error names the file");
    require(loaded.error().find('\n') == std::string::npos, "an error is one line");
    std::ifstream kept{path, std::ios::binary};
    require(std::string{std::istreambuf_iterator<char>{kept}, {}} == text, "a damaged file is left as it is");
    return 0;
  }
  require(loaded->has_value(), "a file that is there is not nothing");
  require(file.stage(**loaded).has_value() && file.commit().has_value(), "what was read can be kept");
  const auto again = file.load();
  require(again && *again &&
              service::message_of(**again).SerializeAsString() ==
                  service::message_of(**loaded).SerializeAsString(),
          "and is read again as it was");
  return 0;
}
