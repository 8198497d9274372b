#include "webhook/outbound_message.h"

#include <Poco/Exception.h>
#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/record_id.h"
#include "base/text.h"

namespace cosell::webhook {
namespace {

using Poco::XML::XMLChar;
using Poco::XML::XMLString;

constexpr std::size_t kNotificationsMax = 100;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kElementsMax = 65'536;
constexpr std::size_t kTextLengthMax = 64;  // ids and times are shorter
constexpr std::size_t kTypeLengthMax = 128;

constexpr std::string_view kSoap = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kOutbound = "http://soap.sforce.com/2005/09/outbound";
constexpr std::string_view kRecord = "urn:sobject.enterprise.soap.sforce.com";
constexpr const char* kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

// Where in the message the reader is.
enum class Place {
  outside,
  envelope,
  body,
  notifications,
  organization_id,
  notification,
  notification_id,
  record,
  record_id,
  modified_at,
  skipped,  // an element we have no use for, and all that is in it
};

struct Step {
  Place from;
  std::string_view name_space;
  std::string_view name;
  Place to;
};

constexpr Step kSteps[] = {
    {Place::outside, kSoap, "Envelope", Place::envelope},
    {Place::envelope, kSoap, "Body", Place::body},
    {Place::body, kOutbound, "notifications", Place::notifications},
    {Place::notifications, kOutbound, "OrganizationId", Place::organization_id},
    {Place::notifications, kOutbound, "Notification", Place::notification},
    {Place::notification, kOutbound, "Id", Place::notification_id},
    {Place::notification, kOutbound, "sObject", Place::record},
    {Place::record, kRecord, "Id", Place::record_id},
    {Place::record, kRecord, "SystemModstamp", Place::modified_at},
};

Place PlaceOf(Place parent, const XMLString& name_space, const XMLString& name) {
  for (const Step& step : kSteps) {
    if (step.from == parent && step.name_space == name_space && step.name == name) return step.to;
  }
  return Place::skipped;
}

bool HasText(Place place) {
  return place == Place::organization_id || place == Place::notification_id ||
         place == Place::record_id || place == Place::modified_at;
}

// Builds the message while the parser reads. What is wrong is kept and not thrown, since an
// exception would have to pass through the frames of a C library; after it nothing more is taken.
class Reader final : public Poco::XML::DefaultHandler {
 public:
  const std::string& problem() const { return problem_; }
  OutboundMessage& message() { return message_; }

  void startElement(const XMLString& name_space, const XMLString& name, const XMLString&,
                    const Poco::XML::Attributes& attributes) override {
    if (!problem_.empty()) return;
    if (++elements_ > kElementsMax) return Refuse("it has too many elements");
    if (path_.size() >= kDepthMax) return Refuse("its elements are nested too deep");
    const Place parent = path_.empty() ? Place::outside : path_.back();
    const Place place = PlaceOf(parent, name_space, name);
    path_.push_back(place);
    text_.clear();
    Enter(parent, place, attributes);
  }

  void characters(const XMLChar text[], int start, int length) override {
    if (!problem_.empty() || path_.empty() || !HasText(path_.back())) return;
    text_.append(text + start, static_cast<std::size_t>(length));
    if (text_.size() > kTextLengthMax) Refuse("an id or a time in it is too long");
  }

  void endElement(const XMLString&, const XMLString&, const XMLString&) override {
    if (!problem_.empty()) return;
    Leave(path_.back(), Trim(text_));
    path_.pop_back();
    text_.clear();
  }

  void endDocument() override {
    if (!problem_.empty()) return;
    if (message_.organization_id.empty()) return Refuse("it names no organisation");
    if (message_.notifications.empty()) Refuse("it holds no notification");
  }

 private:
  void Refuse(const char* problem) { problem_ = problem; }

  void Enter(Place parent, Place place, const Poco::XML::Attributes& attributes) {
    if (place == Place::skipped && (parent == Place::outside || parent == Place::body)) {
      return Refuse("it is no SOAP envelope with outbound notifications");
    }
    if (HasText(parent)) return Refuse("an id or a time in it holds elements");
    if (place == Place::skipped) return;
    if (place == Place::notification) return BeginNotification();
    if (std::find(entered_.begin(), entered_.end(), place) != entered_.end()) {
      return Refuse("an element in it stands twice");
    }
    entered_.push_back(place);
    if (place == Place::record) TakeType(attributes);
  }

  void BeginNotification() {
    if (message_.notifications.size() == kNotificationsMax) {
      return Refuse("it holds more than 100 notifications");
    }
    message_.notifications.emplace_back();
    std::erase_if(entered_, [](Place place) { return place > Place::notification; });
  }

  // The prefix is the sender's choice; the names of objects are unique without it.
  void TakeType(const Poco::XML::Attributes& attributes) {
    const XMLString& type = attributes.getValue(kSchemaInstance, "type");
    const std::string local = type.substr(type.find(':') + 1);
    if (local.empty() || local.size() > kTypeLengthMax) {
      return Refuse("a record in it has no type");
    }
    message_.notifications.back().object_type = local;
  }

  void Leave(Place place, std::string_view text) {
    if (place == Place::organization_id) {
      message_.organization_id = NormalizeSalesforceId(text).value_or("");
    } else if (place == Place::notification_id) {
      message_.notifications.back().id = NormalizeSalesforceId(text).value_or("");
    } else if (place == Place::record_id) {
      message_.notifications.back().record_id = NormalizeSalesforceId(text).value_or("");
    } else if (place == Place::modified_at) {
      message_.notifications.back().changed_at = ParseInstant(text);
    } else if (place == Place::notification) {
      EndNotification();
    }
  }

  void EndNotification() {
    const OutboundNotification& notification = message_.notifications.back();
    if (notification.id.empty()) return Refuse("a notification in it has no valid Id");
    if (notification.object_type.empty()) Refuse("a notification in it has no sObject");
  }

  OutboundMessage message_;
  std::string problem_;
  std::vector<Place> path_;
  std::vector<Place> entered_;  // places that may be entered once, in this notification or at all
  std::string text_;
  std::size_t elements_ = 0;
};

Error NotAMessage(const std::string& problem) {
  return Error{.kind = ErrorKind::invalid_input,
               .message = "The body is no outbound message: " + problem + "."};
}

}  // namespace

Result<OutboundMessage> ParseOutboundMessage(const std::string& body) {
  // Refused before a parser sees it. expat takes UTF-16 for what it is, whatever it was told, and
  // every "<" in UTF-16 has a zero byte; in UTF-8 a document type cannot be written in another way.
  if (!IsUtf8(body) || body.find('\0') != std::string::npos) {
    return NotAMessage("it is no UTF-8 text");
  }
  if (body.find("<!DOCTYPE") != std::string::npos) return NotAMessage("it has a document type");
  Reader reader;
  try {
    Poco::XML::SAXParser parser("UTF-8");
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, true);
    parser.setContentHandler(&reader);
    parser.parseMemoryNP(body.data(), body.size());
  } catch (const Poco::XML::SAXParseException& broken) {
    return NotAMessage("it is no well-formed XML in line " +
                       std::to_string(broken.getLineNumber()));
  } catch (const Poco::Exception&) {
    return NotAMessage("it is no XML");
  }
  if (!reader.problem().empty()) return NotAMessage(reader.problem());
  return std::move(reader.message());
}

}  // namespace cosell::webhook
