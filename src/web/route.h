#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

// What the HTTP server hands to the rest of the program and takes back, and the table by which it
// finds whom to ask. Values.
namespace cosell::web {

// What a caller may do. Each role may do what the ones before it may.
enum class Role { none, viewer, operator_ };
std::string_view ToString(Role role);

// One request, complete: its body has been read.
struct InboundHttp {
  std::string method;  // a HEAD arrives as GET; the body of its answer is dropped
  std::string path;    // as sent, without the query
  std::string query;   // behind '?', as sent; may hold a key: never log it
  std::map<std::string, std::string> parameters;  // what stood at the {names} of the pattern
  net::Headers headers;
  std::string body;            // the bytes exactly as received
  std::string remote_address;  // without the port; a reverse proxy's own address behind one
  Role role = Role::none;      // what the caller has shown itself to be
};

struct OutboundHttp {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  net::Headers headers;  // besides content type and length, date and connection
};

// Runs on a thread of the server, several at a time; may block (its time is not limited by the
// server). An exception becomes a 500 with a line in the log.
using Handler = std::function<OutboundHttp(const InboundHttp&)>;

struct Route {
  std::string method;   // "GET" also takes HEAD
  std::string pattern;  // "/webhooks/{connection}/partner-center": whole segments between slashes
  Role role = Role::none;
  std::size_t body_bytes_max = 64 * 1024;  // a longer body is answered 413 and not read
  Handler handler;
};

OutboundHttp JsonAnswer(int status, std::string json);

// {"error":{"kind":"not_found","message":"..."}}, the shape of every failure the server itself or
// the API reports.
OutboundHttp ErrorAnswer(int status, ErrorKind kind, const std::string& message);
// The same, with the status that fits the kind.
OutboundHttp ErrorAnswer(const Error& error);

// Finds the route of a request. A parameter matches letters, digits, '-', '_' and '.' only, so that
// nothing else from a path reaches a handler.
class RouteTable {
 public:
  explicit RouteTable(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;  // null: no such path (404), or another method (405)
    std::map<std::string, std::string> parameters;
    std::vector<std::string> methods;  // the ones this path knows; empty: no such path
  };
  Match Find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace cosell::web
